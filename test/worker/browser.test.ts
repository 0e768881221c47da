/** What a browser may do: from where (CONTRACT 2), and with which cookies. */
import { env, exports } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { CLOSE, SESSION_GRACE_MS, SESSION_ROTATE_MS } from '../../src/protocol/index.ts'
import { app } from '../../src/routes/app.ts'
import {
  call,
  codeOf,
  cookieHeader,
  ORIGIN,
  open,
  PASSWORD,
  type Person,
  person,
  setCookiesOf,
  signIn,
} from '../support/worker/people.ts'

const SOCKET = `/api/conversations/${'ab'.repeat(32)}/socket`
let ada: Person

beforeAll(async () => {
  ada = await person('ada')
})

describe('CONTRACT 2 origins', () => {
  const cookie = () => ({ cookie: ada.cookies.cookie ?? '' })

  it.each([
    ['a foreign origin', { origin: 'https://evil.test' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a browser that hides where it is', { 'sec-fetch-site': 'cross-site' }],
  ])('%s may change nothing and open nothing, cookies or not', async (_, headers) => {
    const patch = await call('PATCH', '/api/me', {
      body: { displayName: 'Eve' },
      headers: { ...cookie(), ...headers },
    })
    expect([patch.status, await codeOf(patch)]).toEqual([403, 'forbidden'])
    const { closed, protocol } = await open(SOCKET, { ...cookie(), ...headers })
    expect([(await closed).code, protocol]).toEqual([CLOSE.notSignedIn, 'chat.v1'])
    const me = await call('GET', '/api/me', { headers: ada.bearer })
    expect(await me.json()).toEqual({ user: ada.user })
  })

  it('our own page and a program may', async () => {
    for (const headers of [ada.cookies, ada.bearer, cookie()]) {
      expect((await call('PATCH', '/api/me', { body: {}, headers })).status).toBe(200)
    }
  })

  it('lets listed origins call, read and ask before, and no others', async () => {
    const listed = { ...env, ORIGINS: 'https://partner.test' }
    const ask = (origin: string) =>
      app.request(
        `${ORIGIN}/api/me`,
        { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PATCH' } },
        listed,
      )
    const asked = await ask('https://partner.test')
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-origin')).toBe('https://partner.test')
    expect(asked.headers.get('access-control-allow-credentials')).toBe('true')
    expect(asked.headers.get('access-control-allow-methods')).toContain('PATCH')
    expect((await ask('https://evil.test')).headers.has('access-control-allow-origin')).toBe(false)
    const headers = { ...cookie(), origin: 'https://partner.test', 'content-type': 'application/json' }
    const patch = await app.request(`${ORIGIN}/api/me`, { method: 'PATCH', headers, body: '{}' }, listed)
    expect([patch.status, patch.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'https://partner.test',
    ])
  })
})

describe('CONTRACT 2 cookies', () => {
  it('are out of reach of scripts and other sites, and pinned to the host over TLS', async () => {
    const cookies = setCookiesOf(await signIn(ada.user.username))
    expect(Object.keys(cookies).sort()).toEqual(['__Host-access', '__Host-session'])
    for (const { flags } of Object.values(cookies)) {
      expect(flags).toEqual(expect.arrayContaining(['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/']))
      expect(flags.join()).not.toContain('Domain')
    }
    expect(cookies['__Host-access']?.flags).toContain('Max-Age=299')
    expect(cookies['__Host-session']?.value).toMatch(/^v1\.[0-9a-f]{64}\./)
  })

  it.each(['http://localhost:8787', 'http://127.0.0.1:8787', 'http://[::1]:8787'])(
    'have plain names on %s',
    async (origin) => {
      const body = { username: ada.user.username, password: PASSWORD }
      const cookies = setCookiesOf(await call('POST', '/api/auth/sign-in', { body, origin }))
      expect(Object.keys(cookies).sort()).toEqual(['access', 'session'])
      for (const { flags } of Object.values(cookies)) {
        expect(flags).toEqual(expect.arrayContaining(['HttpOnly', 'SameSite=Lax', 'Path=/']))
        expect(flags).not.toContain('Secure')
      }
      const cookie = `session=${cookies.session?.value}`
      expect((await call('GET', '/api/me', { headers: { cookie }, origin })).status).toBe(200)
    },
  )

  it('are renewed on the way when the access token is missing, expired or broken', async () => {
    for (const access of [undefined, '', ada.accessToken.slice(0, -4)]) {
      const cookie = cookieHeader({ session: ada.session, ...(access === undefined ? {} : { access }) })
      const answer = await call('GET', '/api/me', { headers: { cookie } })
      expect(await answer.json()).toEqual({ user: ada.user })
      const renewed = setCookiesOf(answer)
      expect(Object.keys(renewed).sort()).toEqual(['__Host-access', '__Host-session'])
      const again = await call('GET', '/api/me', {
        headers: { cookie: cookieHeader({ access: renewed['__Host-access']?.value ?? '' }) },
      })
      expect([again.status, Object.keys(setCookiesOf(again))]).toEqual([200, []])
    }
  })

  it('rotate on the way after an hour, and a lost answer changes nothing', async () => {
    const grace = await person('grace')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + SESSION_ROTATE_MS })
    onTestFinished(() => void vi.useRealTimers())
    const renew = async (session: string) => {
      const answer = await call('GET', '/api/me', { headers: { cookie: cookieHeader({ session }) } })
      return { status: answer.status, session: setCookiesOf(answer)['__Host-session']?.value ?? '' }
    }
    const lost = await renew(grace.session)
    expect(lost.session).not.toBe(grace.session)
    const offered = await renew(grace.session)
    expect(offered).toEqual(lost)
    expect(await renew(offered.session)).toEqual(offered)
    vi.setSystemTime(Date.now() + SESSION_GRACE_MS + 1)
    expect((await renew(grace.session)).status, 'a copy of what was replaced').toBe(401)
    expect((await renew(offered.session)).status, 'whoever has it now must sign in').toBe(401)
  })

  it('let a session open a socket, without a cookie on the way', async () => {
    const answer = await exports.default.fetch(`${ORIGIN}${SOCKET}`, {
      headers: { upgrade: 'websocket', cookie: cookieHeader({ session: ada.session }), origin: ORIGIN },
    })
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([101, []])
    const { closed } = await open(SOCKET, { cookie: cookieHeader({ session: ada.session }) })
    expect((await closed).code, 'signed in, and no member').toBe(CLOSE.notMember)
  })

  it('that are forged wake nobody and sign in nobody', async () => {
    const [version, , ...rest] = ada.session.split('.')
    for (const session of [[version, 'ab'.repeat(32), ...rest].join('.'), ada.session.slice(0, -1), 'x']) {
      const answer = await call('GET', '/api/me', { headers: { cookie: cookieHeader({ session }) } })
      expect([answer.status, await codeOf(answer)]).toEqual([401, 'unauthorized'])
      expect(answer.headers.getSetCookie()).toEqual([])
    }
  })
})
