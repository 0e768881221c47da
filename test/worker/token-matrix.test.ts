/**
 * F12: forged tokens and foreign origins on every route of the app and every upgrade, and while the key that
 * signs is changed: nothing forged passes, and nobody who is signed in notices.
 *
 * Seen to fail where a route stands before `signedIn`, where the type of a token is not looked at, and where only
 * the first key is believed.
 */
import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mintAccess, mintLease } from '../../src/auth/token.ts'
import { CLOSE, uuidv7 } from '../../src/protocol/index.ts'
import { missingId } from '../support/worker/access/room.ts'
import { ROUTES } from '../support/worker/access/routes.ts'
import { FORGERIES } from '../support/worker/forgeries.ts'
import { call, codeOf, cookieHeader, ORIGIN, open, type Person, person } from '../support/worker/people.ts'
import { group, live, objectOf, type TestSocket } from '../support/worker/sockets.ts'

const EVERY = Object.keys(ROUTES).map((route) => route.split(' ') as [string, string])
const isSocket = (path: string) => path.endsWith('/socket')
/** Those that answer somebody who is nobody. */
const GUARDED = EVERY.filter(([method, path]) =>
  (ROUTES[`${method} ${path}`] ?? []).every(({ answers }) => ['unauthorized', '4500'].includes(answers.anon)),
).filter(([, path]) => path !== '/api/auth/token')
const CHANGING = EVERY.filter(([method, path]) => method !== 'GET' || isSocket(path))
const OWN_KEYS = env.AUTH_KEYS

let ada: Person
beforeAll(async () => {
  ada = await person('ada')
})
afterEach(() => {
  env.AUTH_KEYS = OWN_KEYS
})

describe('F12 forged tokens', () => {
  it('the routes are those of the app: most of them ask who it is', () => {
    expect(GUARDED.length).toBeGreaterThan(40)
  })

  it.each(FORGERIES)('%s: refused on every route and every upgrade', async (_, make) => {
    const token = await make(ada)
    for (const [method, path] of GUARDED) {
      const said = { authorization: `Bearer ${token}` }
      expect(`${method} ${path} ${await answered(method, path, said)}`).toBe(
        `${method} ${path} ${isSocket(path) ? CLOSE.notSignedIn : 'unauthorized'}`,
      )
    }
  })
})

describe('F12 origins', () => {
  const foreign: [string, (who: Person) => Record<string, string>][] = [
    ['another site', (who) => ({ ...who.cookies, origin: 'https://evil.test' })],
    ['another port', (who) => ({ ...who.cookies, origin: `${ORIGIN}:8443` })],
    ['another scheme', (who) => ({ ...who.cookies, origin: ORIGIN.replace('https', 'http') })],
    ['null', (who) => ({ ...who.cookies, origin: 'null' })],
    [
      'nothing, in a browser',
      ({ cookies: { cookie = '' } }) => ({ cookie, 'sec-fetch-site': 'same-origin' }),
    ],
    ['ours, as another site’s request', (who) => ({ ...who.cookies, 'sec-fetch-site': 'cross-site' })],
    ['ours, as a sibling’s request', (who) => ({ ...who.cookies, 'sec-fetch-site': 'same-site' })],
    ['another site, with a token', (who) => ({ ...who.bearer, origin: 'https://evil.test' })],
  ]
  it.each(foreign)('%s: refused wherever something is changed or a socket opened', async (_, headersOf) => {
    for (const [method, path] of CHANGING) {
      expect(`${method} ${path} ${await answered(method, path, headersOf(ada))}`).toBe(
        `${method} ${path} ${isSocket(path) ? CLOSE.notSignedIn : 'forbidden'}`,
      )
    }
  })

  it('another site may ask what it can never read', async () => {
    for (const [method, path] of EVERY.filter(([method, path]) => method === 'GET' && !isSocket(path))) {
      const answer = await call(method, filled(path), {
        headers: { ...ada.cookies, origin: 'https://evil.test' },
      })
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      await answer.text()
    }
  })

  const own: [string, (who: Person) => Record<string, string>][] = [
    ['ours', (who) => ({ ...who.cookies, 'sec-fetch-site': 'same-origin' })],
    ['nothing, of a program with a token', (who) => who.bearer],
    ['nothing, of a program with cookies', ({ cookies: { cookie = '' } }) => ({ cookie })],
  ]
  it.each(own)('%s: never refused', async (_, headersOf) => {
    const who = await person('grace')
    expect(await answered('PUT', '/api/me/read', headersOf(who))).toBe('204')
    const { id } = await group(who, ada)
    const { socket } = await open(`/api/conversations/${id}/socket`, headersOf(who))
    const first = await new Promise((resolve) =>
      socket.addEventListener('message', ({ data }) => resolve(data)),
    )
    expect(JSON.parse(String(first)).type).toBe('hello')
    socket.close()
  })
})

describe('F12 while the key is changed', () => {
  it('no valid token is refused, and no forged one passes, at any of the four stages', async () => {
    const grace = await person('grace')
    const { id } = await group(ada, grace)
    const [old] = JSON.parse(OWN_KEYS).keys
    const next = JSON.parse(env.TEST_SECOND_KEY)
    let held: { access: string; lease: string; socket: TestSocket } | undefined
    let valid = 0
    for (const keys of [[old], [old, next], [next, old], [next]]) {
      env.AUTH_KEYS = JSON.stringify({ keys })
      await evictDurableObject(objectOf(id))
      await evictDurableObject(env.USERS.getByName(ada.user.id))
      const { keys: published } = await (await call('GET', '/.well-known/jwks.json')).json<{
        keys: { kid: string }[]
      }>()
      expect(published.map(({ kid }) => kid)).toEqual(keys.map(({ kid }) => kid))

      // A token lives shorter than a stage lasts: what was made in the one before is all that is still around.
      const made = await madeNow(id)
      for (const { access, lease, socket } of held ? [held, made] : [made]) {
        expect(await answered('GET', '/api/me', { authorization: `Bearer ${access}` })).toBe('200')
        const other = await live({ ...ada, bearer: { authorization: `Bearer ${access}` } }, id)
        socket.send({ type: 'renew', lease })
        await socket.say('after it')
        expect(socket.frames.filter((frame) => frame.type === 'error')).toEqual([])
        other.close()
        valid += 3
      }
      expect(await answered('GET', '/api/me', { cookie: cookieHeader({ session: ada.session }) })).toBe('200')
      held = made
      for (const [, make] of FORGERIES) {
        const headers = { authorization: `Bearer ${await make(ada)}` }
        expect(await answered('GET', '/api/me', headers)).toBe('unauthorized')
      }
    }
    expect(valid).toBe(21)
    env.AUTH_KEYS = OWN_KEYS
    const early = (await mintAccess(env, ada.identity, Date.now())).token
    env.AUTH_KEYS = JSON.stringify({ keys: [next] })
    expect(await answered('GET', '/api/me', { authorization: `Bearer ${early}` })).toBe('unauthorized')
  })

  async function madeNow(id: string) {
    const access = (await mintAccess(env, ada.identity, Date.now())).token
    const lease = (await mintLease(env, ada.identity, Date.now())).token
    return {
      access,
      lease,
      socket: await live({ ...ada, bearer: { authorization: `Bearer ${access}` } }, id),
    }
  }
})

/** The code of a refusal, what a socket is closed with, or the status. */
async function answered(method: string, path: string, headers: Record<string, string>): Promise<string> {
  if (isSocket(path)) return String((await (await open(filled(path), headers)).closed).code)
  const body = method === 'GET' ? {} : { body: {} }
  const answer = await call(method, filled(path), { ...body, headers })
  if (answer.ok) return String(answer.status)
  return codeOf(answer)
}

function filled(path: string): string {
  return path
    .replace('*', '')
    .replace(/:(id|conversationId)/, missingId())
    .replace(/:(userId|attachmentId)/, uuidv7())
    .replace(':seq', '1')
}
