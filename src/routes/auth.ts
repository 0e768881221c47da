/** Signing up, in and out, and what a signed-in client may show to others (CONTRACT 3). */
import { type Context, Hono } from 'hono'
import { addressOf, decoyFor, deviceOf } from '../auth/caller.ts'
import { clearCookies } from '../auth/cookies.ts'
import { grantBySession, setCookies, signedIn } from '../auth/middleware.ts'
import { mintLease } from '../auth/token.ts'
import { userIdByUsername } from '../directory/directory.ts'
import { readConfig } from '../env.ts'
import {
  type LeaseAnswer,
  SignInBody,
  SignUpBody,
  type TokenAnswer,
  type UserAnswer,
  uuidv7,
} from '../protocol/index.ts'
import { accept, Refusal } from '../refusal.ts'
import type { AppEnv } from './app-env.ts'
import { readBody } from './read.ts'

export const auth = new Hono<AppEnv>()
  .post('/sign-up', async (c) => {
    const { username, displayName, password } = await readBody(c, SignUpBody)
    const { signUp, signUps1h } = readConfig(c.env)
    if (signUp !== 'open') throw new Refusal('forbidden', 'this server does not take sign-ups')
    const address = addressOf(c.req.raw)
    accept(await c.env.USERS.getByName(`address:${address}`).countSignUp(signUps1h))
    // Taken is the common answer, and much cheaper to find out before the hash than after it.
    if (await userIdByUsername(c.env.DB, username)) throw usernameTaken()
    const user = { id: uuidv7(), username, displayName }
    const person = c.env.USERS.getByName(user.id)
    const grant = accept(await person.signUp({ user, password, device: deviceOf(c.req.raw) }))
    await setCookies(c, grant)
    return c.json<UserAnswer>({ user: grant.user }, 201)
  })
  .post('/sign-in', async (c) => {
    const { username, password } = await readBody(c, SignInBody)
    const address = addressOf(c.req.raw)
    const userId = await userIdByUsername(c.env.DB, username)
    if (userId === null) return refuseUnknown(c, username, password)
    const person = c.env.USERS.getByName(userId)
    const grant = accept(await person.signIn({ password, address, device: deviceOf(c.req.raw) }))
    await setCookies(c, grant)
    return c.json<UserAnswer>({ user: grant.user })
  })
  .post('/sign-out', signedIn, async (c) => {
    const { userId, sessionId } = c.var.identity
    accept(await c.env.USERS.getByName(userId).signOut({ sessionId }))
    clearCookies(c)
    return c.body(null, 204)
  })
  .post('/token', async (c) => {
    const { token, expiresAt } = await setCookies(c, await grantBySession(c))
    return c.json<TokenAnswer>({ accessToken: token, expiresAt })
  })
  .post('/lease', signedIn, async (c) => {
    const { userId, sessionId } = c.var.identity
    accept(await c.env.USERS.getByName(userId).checkSession({ sessionId }))
    const { token, expiresAt } = await mintLease(c.env, { userId, sessionId }, Date.now())
    return c.json<LeaseAnswer>({ lease: token, expiresAt })
  })

/** Takes as long, counts as strictly and answers the same as a wrong password does. */
async function refuseUnknown(c: Context<AppEnv>, username: string, password: string): Promise<never> {
  const { name, nameKey } = decoyFor(c.env.AUTH_PEPPER, username)
  const address = addressOf(c.req.raw)
  return accept(await c.env.USERS.getByName(name).decoy({ nameKey, password, address }))
}

function usernameTaken(): Refusal {
  return new Refusal('username_taken', 'this username is taken', { fields: { username: 'is taken' } })
}
