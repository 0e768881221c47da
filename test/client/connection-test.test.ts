import { beforeEach, describe, expect, it } from 'vitest'
import { createApi } from '../../src/client/api.ts'
import { type ConnectionReport, type TestParts, testConnection } from '../../src/client/connection-test.ts'
import { memoryStore } from '../../src/client/store.ts'
import { TEST_STEP_WITHIN_MS } from '../../src/protocol/index.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { type FakeHttp, fakeHttp, never } from '../support/fake-http.ts'
import { FakeServer } from '../support/fake-server.ts'

const WITHIN_MS = 10_000

let clock: FakeClock
let server: FakeServer
let http: FakeHttp
let parts: TestParts
/** How many timers waited when the report came. */
let timersLeft: number

beforeEach(() => {
  clock = new FakeClock()
  server = new FakeServer({ clock, latencyMs: () => 20 })
  http = fakeHttp(clock, () => server)
  const authorize = async () => ({})
  parts = {
    api: createApi({ baseUrl: 'http://localhost', fetch: http.fetch, authorize }),
    socketUrl: 'ws://localhost',
    openSocket: server.opener(),
    authorize,
    store: memoryStore(),
    clock,
  }
})

/** Runs it in at most 10 s of the fake clock. */
async function report(): Promise<ConnectionReport> {
  let done: ConnectionReport | undefined
  void testConnection(parts).then((result) => {
    done = result
    timersLeft = clock.waiting
  })
  await clock.advance(WITHIN_MS)
  if (!done) throw new Error(`no report within ${WITHIN_MS} ms`)
  expect(server.openSockets).toEqual([])
  expect(clock.waiting).toBe(0)
  return done
}

describe('connection test', () => {
  it('looks at each part, and times a ping', async () => {
    expect(await report()).toEqual({
      signedIn: { ok: true, detail: 'Signed in as @ada' },
      socket: { ok: true, detail: 'WebSocket opened and answered' },
      roundTripMs: 40,
      storage: { ok: true, detail: 'Unsent messages can be kept on this device' },
    })
    expect(timersLeft).toBe(0)
    expect(server.socket.url.pathname).toBe('/api/health/socket')
    expect(server.socket.closedWith?.code).toBe(1000)
  })

  it('leaves nothing on the disk', async () => {
    const put: string[] = []
    const { store } = parts
    parts.store = { ...store, put: (each) => store.put(each).then(() => void put.push(each.userId)) }
    await report()
    expect(put).toHaveLength(1)
    expect(await store.operations(put[0] ?? '')).toEqual([])
  })

  it('ends within 10 s when everything hangs', async () => {
    http.overrides.set('/api/me', never)
    server.isUnreachable = true
    parts.store = { ...parts.store, put: never }
    const late = { ok: false, detail: 'no answer in time' }
    expect(await report()).toEqual({ signedIn: late, socket: late, roundTripMs: null, storage: late })
    expect(3 * TEST_STEP_WITHIN_MS).toBeLessThan(WITHIN_MS)
  })

  it.each([
    ['the authorization hangs', () => Object.assign(parts, { authorize: never })],
    [
      'the authorization fails',
      () => Object.assign(parts, { authorize: () => Promise.reject(new Error('no')) }),
    ],
    ['the socket is silent', () => Object.assign(server, { isStalled: true })],
    ['the socket is refused', () => Object.assign(server, { refuseUpgrade: 4500 })],
    [
      'there are no sockets',
      () =>
        Object.assign(parts, {
          openSocket: () => {
            throw new TypeError('no sockets here')
          },
        }),
    ],
  ])('says that the socket does not work, and only that, when %s', async (_, arrange) => {
    arrange()
    const { signedIn, socket, roundTripMs, storage } = await report()
    expect([signedIn.ok, socket.ok, roundTripMs, storage.ok]).toEqual([true, false, null, true])
  })

  it('says the close code of a socket that was refused', async () => {
    server.refuseUpgrade = 4500
    expect((await report()).socket.detail).toContain('4500')
  })

  it('says why nobody is signed in', async () => {
    const error = { code: 'unauthorized', message: 'sign in first', requestId: 'r' }
    http.overrides.set('/api/me', () => Response.json({ error }, { status: 401 }))
    expect((await report()).signedIn).toEqual({ ok: false, detail: 'sign in first' })
  })

  it.each([
    ['cannot be written', { put: () => Promise.reject(new Error('no disk')) }],
    ['forgets', { put: async () => undefined }],
  ])('says that a disk which %s is no disk', async (_, broken) => {
    parts.store = { ...parts.store, ...broken }
    expect((await report()).storage.ok).toBe(false)
  })
})
