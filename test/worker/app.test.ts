/** What every request passes: media types, sizes, headers, errors; and the ways that need no sign-in. */
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { BODY_BYTES_MAX, type ErrorBody } from '../../src/protocol/index.ts'
import { app } from '../../src/routes/app.ts'
import { captureLogs } from '../support/worker/logs.ts'
import { call, codeOf, ORIGIN, open, type Person, person } from '../support/worker/people.ts'
import { group } from '../support/worker/sockets.ts'

let ada: Person

beforeAll(async () => {
  ada = await person('ada')
})

describe('CONTRACT 3 bodies', () => {
  const send = (body: BodyInit, type: string | null) =>
    call('POST', '/api/auth/sign-in', {
      headers: type === null ? {} : { 'content-type': type },
      body: body as string,
    })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonp'])(
    'of type %s are refused: a form of another site could send them',
    async (type) => {
      const answer = await send('{"username":"ada","password":"x"}', type)
      expect([answer.status, await codeOf(answer)]).toEqual([415, 'unsupported_media'])
    },
  )

  it('may name their charset', async () => {
    expect(
      (await send('{"username":"nobody_x","password":"x"}', 'Application/JSON; charset=utf-8')).status,
    ).toBe(401)
  })

  it('are read up to the limit, whatever length they claim', async () => {
    const body = (bytes: number) =>
      JSON.stringify({ username: 'ada', password: 'x', rest: '' }).replace('""', `"${'x'.repeat(bytes)}"`)
    const overhead = body(0).length
    expect((await send(body(BODY_BYTES_MAX - overhead), 'application/json')).status).not.toBe(413)
    const large = await send(body(BODY_BYTES_MAX - overhead + 1), 'application/json')
    expect([large.status, await codeOf(large)]).toEqual([413, 'too_large'])
    const endless = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(BODY_BYTES_MAX / 4).fill(0x20))
      },
    })
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: endless }
    expect((await app.request(`${ORIGIN}/api/auth/sign-in`, init, env)).status).toBe(413)
  })

  it('S8 a body that is cut off on its way is invalid, and no failure of ours', async () => {
    const logs = captureLogs()
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"username":'))
        controller.error(new Error('the network is gone'))
      },
    })
    const headers = { 'content-type': 'application/json' }
    const answer = await app.request(`${ORIGIN}/api/auth/sign-in`, { method: 'POST', headers, body }, env)
    expect([answer.status, await codeOf(answer)]).toEqual([422, 'invalid'])
    expect(logs).toEqual([])
  })

  it.each([
    ['broken', '{"username":'],
    ['nothing', ''],
    ['another shape', '[]'],
    ['bytes that are no UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
  ])('that are %s are invalid, with the fields', async (_, body) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
    const answer = await app.request(`${ORIGIN}/api/auth/sign-in`, init, env)
    expect(answer.status).toBe(422)
    const { error } = await answer.json<ErrorBody>()
    expect(error.code).toBe('invalid')
    expect(Object.keys(error.fields ?? {}).length).toBeGreaterThan(0)
  })

  it('cannot reach a prototype', async () => {
    const answer = await call('PATCH', '/api/me', {
      body: '{"__proto__":{"displayName":"Eve"},"constructor":{"prototype":{"x":1}}}',
      headers: ada.bearer,
    })
    expect(await answer.json()).toEqual({ user: ada.user })
    expect(Reflect.get({}, 'x')).toBeUndefined()
  })
})

describe('CONTRACT 3 errors', () => {
  it.each([
    ['GET', '/api/nothing', 404, 'not_found'],
    ['POST', '/api/me', 404, 'not_found'],
    ['GET', '/api', 404, 'not_found'],
    ['GET', '/api/me', 401, 'unauthorized'],
    ['GET', '/api/users?q=a', 401, 'unauthorized'],
    ['GET', '/api/conversations', 401, 'unauthorized'],
    ['POST', '/api/auth/token', 401, 'unauthorized'],
    ['POST', '/api/auth/lease', 401, 'unauthorized'],
    ['POST', '/api/auth/sign-out', 401, 'unauthorized'],
  ])('%s %s answers %i %s, in the one shape', async (method, path, status, code) => {
    const headers = status === 401 ? {} : ada.bearer
    const answer = await call(method, path, { headers })
    const { error } = await answer.json<ErrorBody>()
    expect([answer.status, error.code]).toEqual([status, code])
    expect(Object.keys(error).sort()).toEqual(['code', 'message', 'requestId'])
    expect(answer.headers.get('x-request-id')).toBe(error.requestId)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('name the fields of what is invalid, in a query and an upgrade too', async () => {
    const ada = await person('ada')
    const grace = await person('grace')
    const { id } = await group(ada, grace)
    const invalid = {
      [`/api/conversations/${id}/messages?before=1&after=1`]: ['after'],
      [`/api/conversations/${id}/messages?limit=0`]: ['limit'],
      [`/api/conversations/${id}/socket`]: ['upgrade'],
      '/api/inbox/socket': ['upgrade'],
      '/api/health/socket': ['upgrade'],
    }
    for (const [path, fields] of Object.entries(invalid)) {
      const answer = await call('GET', path, { headers: ada.bearer })
      const { error } = await answer.json<{ error: { code: string; fields: object } }>()
      expect([answer.status, error.code, Object.keys(error.fields)]).toEqual([422, 'invalid', fields])
    }
  })

  it('say nothing about a bug, and log it', async () => {
    const logs = captureLogs()
    const broken = new Proxy(env, {
      get: (target, key) => (key === 'USERS' ? undefined : Reflect.get(target, key)),
    })
    const answer = await app.request(`${ORIGIN}/api/me`, { headers: ada.bearer }, broken)
    const { error } = await answer.json<ErrorBody>()
    expect([answer.status, error.code, error.message]).toEqual([500, 'internal', 'something went wrong here'])
    expect(logs.join()).toContain(error.requestId)
    expect(logs.join()).toContain('TypeError')
  })

  it('say unavailable while the secrets are missing, health included', async () => {
    captureLogs()
    const bare = { ...env, AUTH_PEPPER: '' }
    for (const path of ['/api/health', '/api/me', '/.well-known/jwks.json']) {
      const answer = await app.request(`${ORIGIN}${path}`, { headers: ada.bearer }, bare)
      expect([answer.status, await codeOf(answer)]).toEqual([503, 'unavailable'])
    }
  })
})

describe('headers', () => {
  it('let nothing run that we did not ship', async () => {
    const { headers } = await call('GET', '/api/health')
    const policy = headers.get('content-security-policy') ?? ''
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "connect-src 'self' wss://edgewise.test",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ]) {
      expect(policy.split('; ')).toContain(rule)
    }
    expect(policy).not.toMatch(/unsafe|\*/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/)
  })

  it('do not promise TLS where there is none', async () => {
    const { headers } = await call('GET', '/api/health', { origin: 'http://localhost:8787' })
    expect(headers.has('strict-transport-security')).toBe(false)
    expect(headers.get('content-security-policy')).toContain('ws://localhost:8787')
  })
})

describe('the web client', () => {
  const page = () =>
    new Response('<!doctype html>', { headers: { 'content-type': 'text/html; charset=utf-8' } })
  const script = () => new Response('1', { headers: { 'content-type': 'text/javascript' } })
  const withAssets = (answer: () => Response) => ({
    ...env,
    ASSETS: { fetch: async () => answer() } as never,
  })

  it.each([
    ['/', page, 200, 'no-cache'],
    ['/c/abc', page, 200, 'no-cache'],
    ['/assets/main-1a2b3c.js', script, 200, 'public, max-age=31536000, immutable'],
    ['/sw.js', script, 200, 'no-cache'],
    ['/assets/gone-1a2b3c.js', page, 404, null],
    ['/favicon.ico', page, 404, null],
  ])('%s', async (path, answer, status, caching) => {
    const got = await app.request(`${ORIGIN}${path}`, {}, withAssets(answer))
    expect([got.status, got.headers.get('cache-control')]).toEqual([status, caching])
    expect(got.headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})

describe('CONTRACT 3 GET /health', () => {
  it('says that we are here, and which we are', async () => {
    expect(await (await call('GET', '/api/health')).json()).toEqual({
      ok: true,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    })
  })

  it('has a socket that answers ping, for a client that wonders whether sockets get through', async () => {
    const { socket, protocol } = await open('/api/health/socket', {})
    const answered = new Promise((resolve) => socket.addEventListener('message', ({ data }) => resolve(data)))
    socket.send('ping')
    expect(await answered).toBe('pong')
    expect(protocol).toBe('chat.v1')
    socket.close()
  })
})
