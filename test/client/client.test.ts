import { beforeEach, describe, expect, it } from 'vitest'
import { type Client, createClient, type OpenConversation } from '../../src/client/client.ts'
import { memoryStore, type Store } from '../../src/client/store.ts'
import {
  ANSWER_WITHIN_MS,
  BACKOFF_MAX_MS,
  LEASE_MS,
  LEASE_RENEW_AT,
  TIMELINES_KEPT,
} from '../../src/protocol/index.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { type FakeHttp, fakeHttp } from '../support/fake-http.ts'
import { seededRandom } from '../support/fake-random.ts'
import { FakeServer } from '../support/fake-server.ts'
import type { FakeSocket } from '../support/fake-socket.ts'
import { ada, grace, uuid } from '../support/people.ts'

const SOON_MS = 10
const LONG_MS = 60_000
const RENEW_MS = LEASE_MS * LEASE_RENEW_AT

let clock: FakeClock
let servers: Map<string, FakeServer>
let http: FakeHttp
let store: Store
let client: Client

/** The n-th conversation's id. */
function idOf(n: number): string {
  return n.toString(16).padStart(64, '0')
}

function serverOf(id: string): FakeServer {
  const server = servers.get(id) ?? new FakeServer({ clock })
  servers.set(id, server)
  return server
}

function openSockets(): FakeSocket[] {
  return [...servers.values()].flatMap((server) => server.openSockets)
}

async function open(n: number): Promise<OpenConversation> {
  const conversation = client.conversation(idOf(n), ada)
  await clock.advance(SOON_MS)
  return conversation
}

beforeEach(() => {
  clock = new FakeClock()
  servers = new Map()
  http = fakeHttp(clock, serverOf)
  store = memoryStore()
  client = createClient({
    baseUrl: 'http://localhost:8787',
    store,
    fetch: http.fetch,
    openSocket: (url, protocol, headers) => {
      const id = new URL(url).pathname.split('/')[3] ?? ''
      return serverOf(id).opener(ada.id)(url, protocol, headers)
    },
    clock,
    random: seededRandom(1),
  })
})

describe('client', () => {
  it('two holders share one socket, which closes with the last', async () => {
    const first = await open(1)
    const second = await open(1)
    expect(openSockets()).toHaveLength(1)
    expect(openSockets()[0]?.url.href).toMatch(/^ws:\/\/localhost:8787\/api\/conversations\/0+1\/socket$/)
    first.close()
    first.close()
    expect(openSockets()).toHaveLength(1)
    serverOf(idOf(1)).say(grace, 'still here')
    await clock.advance(SOON_MS)
    expect(second.state.messages.map(({ text }) => text)).toEqual(['still here'])
    second.close()
    expect(openSockets()).toHaveLength(0)
  })

  it('a conversation that is opened again shows at once what was held, and goes on from there', async () => {
    serverOf(idOf(1)).say(grace, 'one')
    const first = await open(1)
    first.close()
    const again = client.conversation(idOf(1), ada)
    expect(again.state.messages.map(({ text }) => text)).toEqual(['one'])
    await clock.advance(SOON_MS)
    expect(serverOf(idOf(1)).socket.url.searchParams.get('after')).toBe('1')
  })

  it('100 conversations opened and left leave one socket, and no timers but its own', async () => {
    let last = await open(0)
    for (let n = 1; n < 100; n += 1) {
      last.close()
      last = await open(n)
      last.setTyping(true)
    }
    expect(openSockets()).toHaveLength(1)
    await clock.advance(SOON_MS)
    // Its heartbeat, the lease, and what it will write down.
    expect(clock.waiting).toBe(3)
    last.close()
    await clock.advance(SOON_MS)
    expect(openSockets()).toHaveLength(0)
    expect(clock.waiting).toBe(0)
  })

  it(`keeps the timelines of the last ${TIMELINES_KEPT}, and never forgets one that is held`, async () => {
    const held = await open(0)
    for (let n = 1; n <= TIMELINES_KEPT; n += 1) (await open(n)).close()
    const isKept = (n: number) => client.conversation(idOf(n), ada).state.isLoaded
    expect(held.state.connection.phase).toBe('live')
    expect([isKept(TIMELINES_KEPT), isKept(1)]).toEqual([true, false])
  })

  it('does not forget a conversation that has something to say and no disk to leave it on', async () => {
    store.put = () => Promise.reject(new Error('no disk'))
    const first = await open(0)
    serverOf(idOf(0)).isStalled = true
    first.send('unsent')
    first.close()
    for (let n = 1; n <= 2 * TIMELINES_KEPT; n += 1) (await open(n)).close()
    serverOf(idOf(0)).isStalled = false
    // The missing answer is noticed: nobody has to open the conversation again.
    await clock.advance(ANSWER_WITHIN_MS + BACKOFF_MAX_MS)
    expect(serverOf(idOf(0)).messages.map(({ text }) => text)).toEqual(['unsent'])
  })

  it('delivers what was said on the way out, and then lets the socket go', async () => {
    const first = await open(0)
    first.send('on the way out')
    first.close()
    await clock.advance(SOON_MS)
    expect(serverOf(idOf(0)).messages.map(({ text }) => text)).toEqual(['on the way out'])
    expect(openSockets()).toEqual([])
  })

  it('delivers what an earlier life of the page left in a conversation that nobody opens', async () => {
    const left = {
      type: 'send',
      userId: ada.id,
      conversationId: idOf(5),
      replyTo: null,
      createdAt: 1,
    } as const
    await store.put({ ...left, id: uuid(901), text: 'left behind' })
    await store.put({
      ...left,
      id: uuid(902),
      text: 'and refused',
      error: { code: 'invalid', message: 'no' },
    })
    client.inbox(ada).close()
    await clock.advance(SOON_MS)
    expect(serverOf(idOf(5)).messages.map(({ text }) => text)).toEqual(['left behind'])
    expect(openSockets()).toEqual([])
  })

  it('counts what waits, by conversation', async () => {
    for (const n of [1, 2]) {
      const conversation = await open(n)
      serverOf(idOf(n)).isStalled = true
      for (let m = 0; m < n; m += 1) conversation.send(`text ${m}`)
    }
    await clock.advance(SOON_MS)
    expect(await client.pendingCounts(ada)).toEqual(
      new Map([
        [idOf(1), 1],
        [idOf(2), 2],
      ]),
    )
    expect(await client.pendingCounts(grace)).toEqual(new Map())
  })

  it('tells what was refused from what only waits', async () => {
    const left = { type: 'send', text: 'x', userId: ada.id, replyTo: null, createdAt: 1 } as const
    await store.put({ ...left, id: uuid(801), conversationId: idOf(1) })
    await store.put({
      ...left,
      id: uuid(802),
      conversationId: idOf(2),
      error: { code: 'invalid', message: 'no' },
    })
    expect(await client.pendingCounts(ada)).toEqual(
      new Map([
        [idOf(1), 1],
        [idOf(2), 1],
      ]),
    )
    expect(await client.failedCounts(ada)).toEqual(new Map([[idOf(2), 1]]))
  })

  it('counts nothing where there is no disk', async () => {
    store.operations = () => Promise.reject(new Error('no disk'))
    expect(await client.pendingCounts(ada)).toEqual(new Map())
  })
})

describe('client: forget', () => {
  it('lets everything go and wipes the disk', async () => {
    const conversation = await open(1)
    serverOf(idOf(1)).isStalled = true
    conversation.send('unsent')
    await clock.advance(SOON_MS)
    await client.forget()
    await clock.advance(SOON_MS)
    expect(openSockets()).toEqual([])
    expect(clock.waiting).toBe(0)
    expect(await store.operations(ada.id)).toEqual([])
    expect(client.conversation(idOf(1), ada).state.messages).toEqual([])
  })

  it('a handle from before opens nothing any more, and its close takes nothing from others', async () => {
    const before = await open(1)
    await client.forget()
    before.reconnectNow()
    await clock.advance(SOON_MS)
    expect(openSockets()).toHaveLength(0)
    await open(1)
    before.close()
    expect(openSockets()).toHaveLength(1)
  })

  it('a handle that was closed opens nothing any more', async () => {
    const conversation = await open(1)
    conversation.close()
    conversation.reconnectNow()
    await clock.advance(SOON_MS)
    expect(openSockets()).toHaveLength(0)
  })
})

describe('client: leases', () => {
  const leasesAsked = () => http.calls.filter((call) => call === 'POST /api/auth/lease').length
  const renewals = () => openSockets().map((socket) => socket.framesSent('renew').length)

  it('R6 one request at 70 % renews all open sockets', async () => {
    for (const n of [1, 2, 3]) await open(n)
    await clock.advance(RENEW_MS - 4 * SOON_MS)
    expect(leasesAsked()).toBe(0)
    await clock.advance(4 * SOON_MS)
    expect(leasesAsked()).toBe(1)
    expect(renewals()).toEqual([1, 1, 1])
    await clock.advance(RENEW_MS + SOON_MS)
    expect(leasesAsked()).toBe(2)
    expect(renewals()).toEqual([2, 2, 2])
  })

  it('nobody asks while nothing is open, also where the last was closed during the question', async () => {
    const conversation = await open(1)
    http.overrides.set('/api/auth/lease', async () => {
      conversation.close()
      return Response.json({ lease: 'late', expiresAt: clock.now() + LEASE_MS })
    })
    await clock.advance(RENEW_MS)
    expect(clock.waiting).toBe(0)
    await clock.advance(10 * LONG_MS)
    expect(leasesAsked()).toBe(1)
  })
})
