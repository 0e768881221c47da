/**
 * People for tests in workerd. `person('ada')` is the quick way: the same rows that a sign-up writes, in the
 * same places and by the same functions, with one honest difference, a password hash of small cost (PHC
 * strings carry their cost). `signUp` and `signIn` go through the door, with the full scrypt: about 0.2 s.
 * Names are made unique by a number, because all tests of a file share one D1.
 */

import { runInDurableObject } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { createHmac, randomBytes, scryptSync } from 'node:crypto'
import type { Identity } from '../../../src/auth/identity.ts'
import { formatSession } from '../../../src/auth/session-secret.ts'
import { mintAccess } from '../../../src/auth/token.ts'
import { claimUsername } from '../../../src/directory/directory.ts'
import { LEASE_MS, type Summary, type User, uuidv7 } from '../../../src/protocol/index.ts'
import { durableSql } from '../../../src/sqlite/sql.ts'
import { startSession } from '../../../src/user/sessions.ts'
import { personStore } from '../../../src/user/store.ts'
import type { UserDO } from '../../../src/user/user-do.ts'

declare global {
  namespace Cloudflare {
    /** Tells `exports.default` that it is the Worker. */
    interface GlobalProps {
      mainModule: typeof import('../../../src/worker.ts')
    }
  }
}

/** Where the tests talk to the Worker. Cookies have their secure names here; `localhost` has the others. */
export const ORIGIN = 'https://edgewise.test'
export const PASSWORD = 'correct horse battery'

export type Person = {
  user: User
  password: string
  identity: Identity
  accessToken: string
  /** What the session cookie holds. */
  session: string
  /** `authorization`, as a program sends it. */
  bearer: Record<string, string>
  /** Both cookies and our own Origin, as the page sends them. */
  cookies: Record<string, string>
}

let count = 0

/** Somebody who is signed in and can be found: made in milliseconds. */
export async function person(name: string, displayName = name): Promise<Person> {
  const now = Date.now()
  const user: User = { id: uuidv7(now), username: unique(name), displayName, avatarUrl: null }
  await claimUsername(env.DB, { ...user, createdAt: now, rev: 1 })
  const granted = await runInDurableObject(env.USERS.getByName(user.id), (_, state) => {
    const store = personStore(durableSql(state.storage))
    store.open()
    const { id: userId, ...names } = user
    const account = { ...names, userId, passwordHash: cheapHash(PASSWORD), createdAt: now, rev: 1 }
    store.putAccount({ ...account, state: 'active' })
    return startSession({ store, pepper: env.AUTH_PEPPER, now }, 'a test')
  })
  const { token } = await mintAccess(env, { userId: user.id, sessionId: granted.id }, now)
  const session = formatSession(env.USERS.idFromName(user.id).toString(), granted)
  return {
    user,
    password: PASSWORD,
    identity: { userId: user.id, sessionId: granted.id, leaseExpiresAt: now + LEASE_MS },
    accessToken: token,
    session,
    bearer: { authorization: `Bearer ${token}` },
    cookies: { cookie: cookieHeader({ session, access: token }), origin: ORIGIN },
  }
}

/** Three who do not know each other yet. */
export async function trio(): Promise<[Person, Person, Person]> {
  return [await person('ada'), await person('grace'), await person('alan')]
}

/** The object behind a person. */
export function personOf(who: Person): DurableObjectStub<UserDO> {
  return env.USERS.getByName(who.user.id)
}

/** A username that no other test has. */
export function unique(name: string): string {
  count += 1
  return `${name}_${count}`
}

export function cookieHeader(values: { session?: string; access?: string }): string {
  return Object.entries(values)
    .map(([name, value]) => `__Host-${name}=${value}`)
    .join('; ')
}

/** Signs up through the door. The answer is handed back as it came. */
export function signUp(name: string, more: Record<string, unknown> = {}): Promise<Response> {
  return call('POST', '/api/auth/sign-up', {
    body: { username: unique(name), displayName: name, password: PASSWORD, ...more },
    headers: { 'cf-connecting-ip': `10.${count >> 8}.${count & 255}.1` },
  })
}

export function signIn(username: string, password = PASSWORD, address = '192.0.2.1'): Promise<Response> {
  const headers = { 'cf-connecting-ip': address }
  return call('POST', '/api/auth/sign-in', { body: { username, password }, headers })
}

export type Call = { body?: unknown; headers?: Record<string, string>; origin?: string }

/** One HTTP call to the Worker, with a JSON body where there is one. */
export async function call(
  method: string,
  path: string,
  { body, headers, origin }: Call = {},
): Promise<Response> {
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const init: RequestInit = { method, headers: { ...json, ...headers }, redirect: 'manual' }
  if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body)
  return exports.default.fetch(new Request(`${origin ?? ORIGIN}${path}`, init))
}

export function put(who: Person, path: string, body: unknown): Promise<Response> {
  return call('PUT', path, { body, headers: who.bearer })
}

/** The conversation of these two alone: its id. */
export async function direct(from: Person, to: Person): Promise<string> {
  const body = { kind: 'direct', userId: to.user.id }
  const answer = await call('POST', '/api/conversations', { body, headers: from.bearer })
  return (await answer.json<{ conversation: Summary }>()).conversation.id
}

/** Opens a socket the way a client does. Refusals arrive as `closed`, since they are accepted first. */
export async function open(
  path: string,
  headers: Record<string, string>,
): Promise<{
  socket: WebSocket
  protocol: string | null
  closed: Promise<{ code: number; reason: string }>
}> {
  const answer = await exports.default.fetch(`${ORIGIN}${path}`, {
    headers: { upgrade: 'websocket', 'sec-websocket-protocol': 'chat.v1', ...headers },
  })
  const socket = answer.webSocket
  if (!socket) throw new Error(`no socket: ${answer.status} ${await answer.text()}`)
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.addEventListener('close', ({ code, reason }) => resolve({ code, reason }))
  })
  socket.accept()
  return { socket, protocol: answer.headers.get('sec-websocket-protocol'), closed }
}

/** What an answer sets: cookie name → value and flags. */
export function setCookiesOf(answer: Response): Record<string, { value: string; flags: string[] }> {
  const cookies = answer.headers.getSetCookie().map((line) => {
    const [pair = '', ...flags] = line.split('; ')
    const [name = '', value = ''] = pair.split('=')
    return [name, { value, flags }] as const
  })
  return Object.fromEntries(cookies)
}

/** The error code of an answer. */
export async function codeOf(answer: Response): Promise<string> {
  const { error } = await answer.json<{ error: { code: string } }>()
  return error.code
}

function cheapHash(password: string): string {
  const salt = randomBytes(16)
  const peppered = createHmac('sha256', Buffer.from(env.AUTH_PEPPER, 'hex')).update(password).digest()
  const hash = scryptSync(peppered, salt, 32, { N: 2, r: 1, p: 1 })
  return `$scrypt$ln=1,r=1,p=1$${unpadded(salt)}$${unpadded(hash)}`
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
