/**
 * The tokens that this server signs (RFC 8725, RFC 9068): the access token says who is asking, the lease
 * says that a session still stood a moment ago. The operator's is made by a script that holds the same keys. Each
 * has its own type and audience, so that none is ever taken for another. Rotating keys: add the new one last, deploy, wait 15 minutes; move it to the front,
 * deploy, wait 15 minutes; drop the old one.
 */
import { type CryptoKey, createLocalJWKSet, importJWK, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import * as v from 'valibot'
import {
  ACCESS_TOKEN_MS,
  CLOCK_SKEW_S,
  LEASE_MS,
  OPERATOR_TOKEN_MS,
  Uuid,
  uuidv7,
} from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'
import type { Identity } from './identity.ts'
import { type Secrets, type SigningKey, signingKeys } from './secrets.ts'

const ISSUER = 'edgewise'
const ALGORITHM = 'EdDSA'
const REQUIRED_CLAIMS = ['iss', 'aud', 'jti', 'iat', 'exp']

type Purpose = { typ: string; audience: string; lifetimeMs: number }
const ACCESS: Purpose = { typ: 'at+jwt', audience: 'chat-api', lifetimeMs: ACCESS_TOKEN_MS }
const OPERATOR: Purpose = {
  typ: 'operator+jwt',
  audience: 'chat-operator',
  lifetimeMs: OPERATOR_TOKEN_MS,
}
const LEASE: Purpose = { typ: 'lease+jwt', audience: 'chat-lease', lifetimeMs: LEASE_MS }

export type Session = { userId: string; sessionId: string }
export type Minted = { token: string; expiresAt: number }

/** @param now ms since 1970; tokens count in whole seconds, rounded down */
export function mintAccess(secrets: Secrets, session: Session, now: number): Promise<Minted> {
  return mint(secrets, session, ACCESS, now)
}

export function mintLease(secrets: Secrets, session: Session, now: number): Promise<Minted> {
  return mint(secrets, session, LEASE, now)
}

/** @throws Refusal `unauthorized` for anything but a valid access token; `unavailable` without secrets */
export async function verifyAccess(secrets: Secrets, token: string): Promise<Identity> {
  const { issuedAt, ...session } = await verify(secrets, token, ACCESS)
  return { ...session, leaseExpiresAt: issuedAt + LEASE_MS }
}

/**
 * Reads a lease, for the object that holds the socket which it extends.
 * @throws Refusal `unauthorized` for anything but a valid lease; `unavailable` without secrets
 */
export async function verifyLease(secrets: Secrets, lease: string): Promise<Session & { expiresAt: number }> {
  const { userId, sessionId, expiresAt } = await verify(secrets, lease, LEASE)
  return { userId, sessionId, expiresAt }
}

/**
 * For the operator's door: whoever signed this holds the private keys, and so could sign in as anyone anyway.
 * @throws Refusal `unauthorized` for anything but a fresh operator's token; `unavailable` without secrets
 */
export async function verifyOperator(secrets: Secrets, token: string): Promise<void> {
  await verified(secrets, token, OPERATOR)
}

/** The public part of the keys, for `/.well-known/jwks.json`. */
export function publicKeys(secrets: Secrets) {
  return {
    keys: signingKeys(secrets).map(({ kty, crv, kid, x }) => ({
      kty,
      crv,
      kid,
      x,
      alg: ALGORITHM,
      use: 'sig',
    })),
  }
}

async function mint(secrets: Secrets, session: Session, purpose: Purpose, now: number): Promise<Minted> {
  const { kid, key } = await ring(secrets).signer
  const issuedAtS = Math.floor(now / 1_000)
  const expiresAtS = issuedAtS + purpose.lifetimeMs / 1_000
  const token = await new SignJWT({ sid: session.sessionId })
    .setProtectedHeader({ alg: ALGORITHM, kid, typ: purpose.typ })
    .setIssuer(ISSUER)
    .setAudience(purpose.audience)
    .setSubject(session.userId)
    .setJti(uuidv7(now))
    .setIssuedAt(issuedAtS)
    .setExpirationTime(expiresAtS)
    .sign(key)
  return { token, expiresAt: expiresAtS * 1_000 }
}

async function verify(secrets: Secrets, token: string, purpose: Purpose) {
  const claims = v.safeParse(Claims, await verified(secrets, token, purpose))
  if (!claims.success) throw unauthorized()
  return claims.output
}

async function verified(secrets: Secrets, token: string, purpose: Purpose): Promise<JWTPayload> {
  const { findKey } = ring(secrets)
  try {
    const { payload } = await jwtVerify(token, findKey, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: purpose.audience,
      typ: purpose.typ,
      requiredClaims: REQUIRED_CLAIMS,
      clockTolerance: CLOCK_SKEW_S,
      maxTokenAge: purpose.lifetimeMs / 1_000,
    })
    return payload
  } catch {
    throw unauthorized()
  }
}

/** Why is of no use to an honest client, which gets a new one either way, and of much to a forger. */
function unauthorized(): Refusal {
  return new Refusal('unauthorized', 'sign in again')
}

const Claims = v.pipe(
  v.object({ sub: Uuid, sid: Uuid, iat: v.number(), exp: v.number() }) satisfies v.GenericSchema<JWTPayload>,
  v.transform(({ sub, sid, iat, exp }) => ({
    userId: sub,
    sessionId: sid,
    issuedAt: iat * 1_000,
    expiresAt: exp * 1_000,
  })),
)

type Ring = {
  source: string
  findKey: ReturnType<typeof createLocalJWKSet>
  signer: Promise<{ kid: string; key: CryptoKey | Uint8Array }>
}
let lastRing: Ring | undefined

/** Imported keys, kept while the secret is the same: importing costs as much as verifying. */
function ring(secrets: Secrets): Ring {
  const keys = signingKeys(secrets)
  if (lastRing?.source === secrets.AUTH_KEYS) return lastRing
  const [first] = keys
  if (!first) throw new Refusal('unavailable', 'this server is not set up yet')
  lastRing = {
    source: secrets.AUTH_KEYS,
    findKey: createLocalJWKSet(publicKeys(secrets)),
    signer: importSigner(first),
  }
  return lastRing
}

async function importSigner({ kty, crv, kid, x, d }: SigningKey) {
  return { kid, key: await importJWK({ kty, crv, x, d }, ALGORITHM) }
}
