/** Who is asking: a Bearer token, the access cookie, or the session cookie, which renews the other on the way. */
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { type Env, readConfig } from '../env.ts'
import { LEASE_MS } from '../protocol/index.ts'
import { accept, Refusal } from '../refusal.ts'
import {
  hasSetCookies,
  readAccessCookie,
  readSessionCookie,
  setAccessCookie,
  setSessionCookie,
} from './cookies.ts'
import type { Identity } from './identity.ts'
import { isForeign, isUpgrade } from './origin.ts'
import { signingKeys } from './secrets.ts'
import { formatSession, type Grant, parseSession } from './session-secret.ts'
import { type Minted, mintAccess, verifyAccess, verifyOperator } from './token.ts'

export type AuthEnv = { Bindings: Env; Variables: { identity: Identity } }

/** Refuses everything with `unavailable` until the secrets are good: no half-secure server answers anybody. */
export const withSecrets = createMiddleware<AuthEnv>(async (c, next) => {
  signingKeys(c.env)
  await next()
})

/** Refuses with `forbidden` what a foreign page's script could have sent. */
export const fromOwnOrigin = createMiddleware<AuthEnv>(async (c, next) => {
  const caller = {
    own: new URL(c.req.url).origin,
    allowed: readConfig(c.env).origins,
    method: c.req.method,
    isUpgrade: isUpgrade(c.req.raw),
    headers: c.req.raw.headers,
  }
  if (isForeign(caller)) throw new Refusal('forbidden', 'this origin may not do that')
  await next()
})

/**
 * Puts `identity` into the context, or refuses with `unauthorized`. While an access token is valid no object
 * is asked; after that one question sets both cookies on the same answer, and the page notices nothing.
 */
export const signedIn = createMiddleware<AuthEnv>(async (c, next) => {
  const known = await identityByToken(c)
  if (known) {
    c.set('identity', known)
    return next()
  }
  const grant = await grantBySession(c)
  const session = { userId: grant.user.id, sessionId: grant.session.id }
  c.set('identity', { ...session, leaseExpiresAt: Date.now() + LEASE_MS })
  if (isUpgrade(c.req.raw)) return next()
  await next()
  // A handler that has just ended the session has had the last word.
  if (!hasSetCookies(c)) await setCookies(c, grant)
})

/** Refuses with `unauthorized` everybody but who holds the server's private keys: no person is an operator. */
export const forOperator = createMiddleware<AuthEnv>(async (c, next) => {
  await verifyOperator(c.env, bearerOf(c.req.header('authorization') ?? ''))
  await next()
})

/**
 * Asks the person's object whether the session of the cookie stands.
 * @throws Refusal `unauthorized` when it does not, or there is no such cookie
 */
export async function grantBySession<E extends AuthEnv>(c: Context<E>): Promise<Grant> {
  const claim = parseSession(readSessionCookie(c) ?? '')
  if (!claim) throw notSignedIn()
  const person = c.env.USERS.get(objectId(c.env, claim.userObjectId))
  const { sessionId, generation, secret } = claim
  // No cookie can be set on a 101, and a secret that is offered must be able to arrive.
  const mayRotate = !isUpgrade(c.req.raw)
  return accept(await person.useSession({ sessionId, generation, secret, mayRotate }))
}

/** Sets both cookies on the answer. @returns the access token that one of them holds */
export async function setCookies<E extends AuthEnv>(
  c: Context<E>,
  { user, session }: Grant,
): Promise<Minted> {
  const access = await mintAccess(c.env, { userId: user.id, sessionId: session.id }, Date.now())
  const token = formatSession(c.env.USERS.idFromName(user.id).toString(), session)
  setSessionCookie(c, { token, expiresAt: session.expiresAt })
  setAccessCookie(c, access)
  return access
}

/** A Bearer token that is not valid is refused; a cookie that is not valid may still have a session beside it. */
async function identityByToken(c: Context<AuthEnv>): Promise<Identity | undefined> {
  const authorization = c.req.header('authorization')
  if (authorization !== undefined) return verifyAccess(c.env, bearerOf(authorization))
  const access = readAccessCookie(c)
  if (access === undefined) return undefined
  try {
    return await verifyAccess(c.env, access)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'unauthorized') return undefined
    throw error
  }
}

function bearerOf(authorization: string): string {
  const [scheme = '', token = ''] = authorization.split(' ')
  if (scheme.toLowerCase() !== 'bearer') throw notSignedIn()
  return token
}

/** The runtime knows which ids it minted: a forged one dies here, and wakes nobody. */
function objectId(env: Env, hex: string): DurableObjectId {
  try {
    return env.USERS.idFromString(hex)
  } catch {
    throw notSignedIn()
  }
}

function notSignedIn(): Refusal {
  return new Refusal('unauthorized', 'sign in first')
}
