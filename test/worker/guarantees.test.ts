/** The eight guarantees of the contract, in the runtime that has to keep them. */
import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { mintLease } from '../../src/auth/token.ts'
import {
  type Event,
  LEASE_MS,
  REPLAY_EVENTS_MAX,
  SLOW_AFTER_MS,
  SOCKET_WINDOW_BYTES,
  SOCKET_WINDOW_EVENTS,
  uuidv7,
} from '../../src/protocol/index.ts'
import { call, type Person, person, trio } from '../support/worker/people.ts'
import { group, live, objectOf, TestSocket } from '../support/worker/sockets.ts'

/** Sends over HTTP, several at once, and waits for all. */
async function sendMany(who: Person, conversationId: string, texts: string[]): Promise<void> {
  await Promise.all(
    texts.map(async (text) => {
      const body = { id: uuidv7(), text }
      const answer = await call('POST', `/api/conversations/${conversationId}/messages`, {
        body,
        headers: who.bearer,
      })
      expect(answer.status).toBe(201)
    }),
  )
}

async function logOf(who: Person, conversationId: string): Promise<Event[]> {
  const events: Event[] = []
  for (;;) {
    const path = `/api/conversations/${conversationId}/events?after=${events.at(-1)?.seq ?? 0}`
    const page = await (await call('GET', path, { headers: who.bearer })).json<{
      events: Event[]
      head: number
    }>()
    events.push(...page.events)
    if (events.length >= page.head) return events
  }
}

const numbered = (count: number, text = 'message') => Array.from({ length: count }, (_, n) => `${text} ${n}`)

describe('G1 durable ack', () => {
  it('G1 what was acked is there after the object was aborted in mid-flight', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    const acks = []
    for (const text of numbered(20)) acks.push(await socket.say(text))
    await abortAllDurableObjects()
    const log = await logOf(grace, id)
    expect(log.map((event) => event.seq)).toEqual(acks.map((ack) => ack.seq))
    expect((await socket.closed).code).toBe(1006)
  })
})

describe('G2 exactly-once effect', () => {
  it('G2 one effect, whatever way a retry comes: same socket, other socket, HTTP, after an abort', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const witness = await live(grace, id)
    const clientId = uuidv7()
    const first = await (await live(ada, id)).say('once', clientId)
    const retries = [await live(ada, id), await live(ada, id)]
    for (const socket of retries) {
      expect(await socket.say('once', clientId)).toEqual({ ...first, duplicate: true })
    }
    const body = { id: clientId, text: 'once' }
    const path = `/api/conversations/${id}/messages`
    const answer = await call('POST', path, { body, headers: ada.bearer })
    expect(await answer.json()).toEqual({ seq: first.seq, createdAt: first.at, duplicate: true })
    await abortAllDurableObjects()
    expect((await (await live(ada, id)).say('once', clientId)).seq).toBe(first.seq)
    expect(await logOf(grace, id)).toHaveLength(1)
    expect(witness.events()).toHaveLength(1)
  })

  it('G2 the same id with another payload is refused, and nothing is applied', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    const clientId = uuidv7()
    await socket.say('once', clientId)
    socket.send({ type: 'send', id: clientId, text: 'twice' })
    expect(await socket.next('error')).toMatchObject({ code: 'idempotency_mismatch', id: clientId })
    expect(await logOf(grace, id)).toHaveLength(1)
  })
})

describe('G3 one order, no gaps', () => {
  it('G3 ten members send 100 messages each at once: ten logs, identical, contiguous and complete', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, (_, n) => person(`member${n}`)))
    const [creator, ...others] = people
    if (!creator) throw new Error('nobody')
    const { id } = await group(creator, ...others)
    const sockets = await Promise.all(people.map((each) => live(each, id)))
    for (const [n, socket] of sockets.entries()) {
      socket.confirms = true
      for (const text of numbered(100, `from ${n}:`)) socket.send({ type: 'send', id: uuidv7(), text })
    }
    await Promise.all(sockets.map((socket) => socket.upTo(1_000)))
    const logs = sockets.map((socket) => socket.events())
    const [first] = logs
    expect(first?.map((event) => event.seq)).toEqual(Array.from({ length: 1_000 }, (_, n) => n + 1))
    for (const log of logs) expect(log).toEqual(first)
    expect(await logOf(creator, id)).toEqual(first)
    for (const [n, each] of people.entries()) {
      const mine = first?.flatMap((event) =>
        event.kind === 'message.created' && event.by === each.user.id ? [event.message.text] : [],
      )
      expect(mine).toEqual(numbered(100, `from ${n}:`))
    }
    for (const socket of sockets) {
      expect(socket.frames.filter((frame) => frame.type === 'ack')).toHaveLength(100)
      expect(socket.frames.filter((frame) => frame.type === 'error')).toEqual([])
    }
  })

  it('G3 a clock that is set back changes no order', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    await socket.say('first')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 })
    try {
      await socket.say('second')
    } finally {
      vi.useRealTimers()
    }
    await socket.say('third')
    const log = await logOf(grace, id)
    expect(log.map((event) => event.kind === 'message.created' && event.message.text)).toEqual([
      'first',
      'second',
      'third',
    ])
  })
})

describe('G4 contiguous delivery', () => {
  it('G4 a socket that comes in the middle of a storm gets a window and then every event after it', async () => {
    const [ada, grace, alan] = await trio()
    const { id } = await group(ada, grace, alan)
    const storm = sendMany(ada, id, numbered(300))
    const late = await Promise.all(Array.from({ length: 5 }, () => TestSocket.connect(grace, id)))
    await storm
    for (const socket of late) {
      const { base } = await socket.next('resync')
      const events = await socket.upTo(300)
      expect(events[0]?.seq ?? 301).toBe(base + 1)
      socket.close()
    }
  })
})

describe('G5 resume from any age', () => {
  it('G5 from any earlier place: exactly what was missed, then live', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    await sendMany(ada, id, numbered(120))
    for (const after of [0, 1, 60, 119, 120]) {
      const socket = await live(grace, id, `?after=${after}`)
      expect(socket.events().map((event) => event.seq)).toEqual(
        Array.from({ length: 120 - after }, (_, n) => after + 1 + n),
      )
      expect(socket.frames.some((frame) => frame.type === 'resync')).toBe(false)
      socket.close()
    }
  })

  it('G5 too far behind, from another history or from the future: a window to start from', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    await sendMany(ada, id, numbered(REPLAY_EVENTS_MAX + 1))
    const reasons = { '?after=0': 'far_behind', '?after=999999': 'ahead', '?after=1&epoch=another': 'epoch' }
    for (const [query, reason] of Object.entries(reasons)) {
      const socket = await TestSocket.connect(grace, id, query)
      const resync = await socket.next('resync')
      expect(resync).toMatchObject({ reason, base: REPLAY_EVENTS_MAX + 1, hasOlder: true })
      expect(resync.messages).toHaveLength(50)
      socket.close()
    }
    const socket = await live(grace, id, '?after=1')
    expect(socket.events()).toHaveLength(REPLAY_EVENTS_MAX)
  })

  it('G5 more than 256 KiB behind is too far as well', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    await sendMany(
      ada,
      id,
      Array.from({ length: 30 }, () => '가'.repeat(4_000)),
    )
    const socket = await TestSocket.connect(grace, id, '?after=0')
    expect((await socket.next('resync')).reason).toBe('far_behind')
  })

  it('G5 sockets live through hibernation and miss nothing', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const [a, b] = [await live(ada, id), await live(grace, id)]
    await a.say('before')
    await b.upTo(1)
    await evictDurableObject(objectOf(id))
    await a.say('after')
    expect((await b.upTo(2)).map((event) => event.seq)).toEqual([1, 2])
    expect(b.frames.filter((frame) => frame.type === 'hello')).toHaveLength(1)
  })
})

describe('G6 no read after removal', () => {
  it('G6 the removal is the last that a removed member gets, while others go on talking', async () => {
    const [ada, grace, alan] = await trio()
    const { id } = await group(ada, grace, alan)
    const [a, g1, g2] = [await live(ada, id), await live(grace, id), await live(grace, id)]
    for (const text of numbered(50)) a.send({ type: 'send', id: uuidv7(), text })
    const path = `/api/conversations/${id}/members/${grace.user.id}`
    const removing = call('DELETE', path, { headers: ada.bearer })
    for (const text of numbered(50, 'secret')) a.send({ type: 'send', id: uuidv7(), text })
    expect((await removing).status).toBe(204)
    expect((await g1.closed).code).toBe(4501)
    expect((await g2.closed).code).toBe(4501)
    const removal = (await logOf(ada, id)).find((event) => event.kind === 'member.removed')
    for (const socket of [g1, g2]) expect(socket.events().at(-1)).toEqual(removal)
    expect((await (await TestSocket.connect(grace, id)).closed).code).toBe(4501)
    for (const rest of ['', '/messages', '/events']) {
      const answer = await call('GET', `/api/conversations/${id}${rest}`, { headers: grace.bearer })
      expect(answer.status).toBe(404)
    }
  })

  it('G6 a session that ends takes its sockets with it, within 2 s, and no other', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const [a, b] = [await live(ada, id), await live(grace, id)]
    // The registration travels beside the greeting: give it the moment that it has in life.
    await vi.waitFor(async () => {
      const rows = await runInDurableObject(env.USERS.getByName(grace.user.id), (_, state) =>
        state.storage.sql.exec('SELECT * FROM session_conversations').toArray(),
      )
      expect(rows).toHaveLength(1)
    })
    const before = Date.now()
    await call('POST', '/api/auth/sign-out', { body: {}, headers: grace.cookies })
    expect((await b.closed).code).toBe(4508)
    expect(Date.now() - before).toBeLessThan(2_000)
    await a.say('still here')
  })

  it('G6 a lease that ran out closes the socket instead of delivering; a renewed one does not', async () => {
    const [ada, grace, alan] = await trio()
    const { id } = await group(ada, grace, alan)
    const [a, b] = [await live(ada, id), await live(grace, id)]
    // Of the leases themselves: on a busy machine they are older than this test.
    const ends = [ada, grace].map(({ identity }) => identity.leaseExpiresAt)
    const later = Math.min(...ends) - 1_000
    try {
      // Whoever says nothing for 90 s loses the heartbeat first (R9).
      for (let left = LEASE_MS - 1_000; left >= 0; left -= 60_000) {
        vi.useFakeTimers({ toFake: ['Date'], now: later - left })
        for (const socket of [a, b]) {
          socket.send({ type: 'a sign of life' })
          await socket.next('error')
        }
      }
      vi.setSystemTime(later)
      const session = { userId: ada.user.id, sessionId: ada.identity.sessionId }
      const { token } = await mintLease(env, session, later)
      a.send({ type: 'renew', lease: token })
      await a.say('in time')
      await b.upTo(1)
      vi.setSystemTime(Math.max(...ends) + 1)
      await a.say('too late for grace')
      expect((await b.closed).code).toBe(4001)
      expect(b.events()).toHaveLength(1)
    } finally {
      vi.useRealTimers()
    }
  })

  it('R6 a socket whose lease ran out does not hear of its own reads either', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const a = await live(ada, id)
    await a.say('hello')
    await a.upTo(1)
    try {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + LEASE_MS + 1_000 })
      await objectOf(id).read(ada.user.id, 1)
      expect((await a.closed).code).toBe(4001)
      expect(a.frames.filter((frame) => frame.type === 'read')).toEqual([])
    } finally {
      vi.useRealTimers()
    }
  })

  it('R6 refuses a lease of another session', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    const { token } = await mintLease(
      env,
      { userId: grace.user.id, sessionId: grace.identity.sessionId },
      Date.now(),
    )
    socket.send({ type: 'renew', lease: token })
    expect((await socket.next('error')).code).toBe('unauthorized')
    socket.send({ type: 'renew', lease: ada.accessToken })
    expect((await socket.next('error')).code).toBe('unauthorized')
  })
})

describe('G7 bounded memory', () => {
  it('G7 a socket that confirms nothing is sent its window and no more; confirming, it gets the rest', async () => {
    const [ada, grace, alan] = await trio()
    const { id } = await group(ada, grace, alan)
    const silent = await live(grace, id)
    const healthy = await live(alan, id)
    healthy.confirms = true
    const head = SOCKET_WINDOW_EVENTS * 1.5
    await sendMany(ada, id, numbered(head))
    await healthy.upTo(head)
    const sent = silent.events().length
    expect(sent).toBeGreaterThan(SOCKET_WINDOW_EVENTS * 0.8)
    expect(sent).toBeLessThanOrEqual(SOCKET_WINDOW_EVENTS)
    silent.send({ type: 'got', seq: sent })
    expect((await silent.upTo(head)).map((event) => event.seq)).toEqual(
      Array.from({ length: head }, (_, n) => n + 1),
    )
    await silent.next('live')
  })

  it('G7 the window is one of bytes too, and it lives through hibernation', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const silent = await live(grace, id)
    const texts = Array.from({ length: 40 }, () => 'x'.repeat(4_000))
    for (const text of [...texts, ...texts]) await sendMany(ada, id, [text])
    const sent = silent.events().length
    const perEvent = JSON.stringify(silent.events()[0]).length
    expect(sent * perEvent).toBeLessThanOrEqual(SOCKET_WINDOW_BYTES + perEvent)
    expect(sent).toBeLessThan(80)
    await evictDurableObject(objectOf(id))
    silent.send({ type: 'got', seq: sent })
    await silent.upTo(80)
    await silent.next('live')
  })

  it('G7 R5 a window that a resync fills still lets an event through: a client confirms nothing else', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const a = await live(ada, id)
    a.confirms = true
    for (let n = 0; n < 30; n += 1) await a.say('한'.repeat(4_000))
    const g = await live(grace, id)
    await a.say('after the window')
    expect((await g.next('events')).events).toHaveLength(1)
  }, 15_000)

  it('G7 behind and silent for a minute: closed with 4002, and the others never notice', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const silent = await live(grace, id)
    const a = await live(ada, id)
    a.confirms = true
    await sendMany(ada, id, numbered(SOCKET_WINDOW_EVENTS + 20))
    await a.upTo(SOCKET_WINDOW_EVENTS + 20)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + SLOW_AFTER_MS + 1_000 })
    try {
      await a.say('one more')
    } finally {
      vi.useRealTimers()
    }
    expect((await silent.closed).code).toBe(4002)
    await a.say('and another')
  })
})

describe('G8 ephemeral is ephemeral', () => {
  it('G8 typing, presence and read markers have no seq, are not stored as events and are never replayed', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const a = await live(ada, id)
    const b = await live(grace, id)
    expect(await a.next('presence')).toMatchObject({ userId: grace.user.id, status: 'online' })
    await a.say('hello')
    b.send({ type: 'typing', active: true })
    expect(await a.next('typing')).toEqual({ type: 'typing', userId: grace.user.id, active: true })
    b.send({ type: 'read', seq: 1 })
    expect(await a.next('read')).toEqual({ type: 'read', userId: grace.user.id, seq: 1 })
    expect(await logOf(ada, id)).toHaveLength(1)
    const again = await live(ada, id, '?after=0')
    expect(again.frames.map((frame) => frame.type)).toEqual(['hello', 'events', 'live'])
    expect(again.frames[0]).toMatchObject({ reads: { [grace.user.id]: 1 }, typing: [grace.user.id], head: 1 })
  })
})
