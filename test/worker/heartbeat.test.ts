/** R9: who has gone without a word is let go, and who is there pays nothing for it. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  CONNECTIONS_PER_MEMBER_MAX,
  HEARTBEAT_LOST_MS,
  SILENT_SOCKETS_MAX,
} from '../../src/protocol/index.ts'
import { TestInbox } from '../support/worker/inbox-sockets.ts'
import { type Person, person, personOf, put, trio } from '../support/worker/people.ts'
import { group, live, objectOf, type TestSocket } from '../support/worker/sockets.ts'

afterEach(() => void vi.useRealTimers())

function later(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
}

async function alarmOf(id: string): Promise<number | null> {
  return runInDurableObject(objectOf(id), (_, state) => state.storage.getAlarm())
}

/** A conversation that has told everyone all there is to tell: no alarm is set. */
async function quietGroup(...people: [Person, ...Person[]]): Promise<string> {
  const { id } = await group(...people)
  await vi.waitFor(async () => {
    await runDurableObjectAlarm(objectOf(id))
    expect(await alarmOf(id)).toBeNull()
  }, 10_000)
  return id
}

async function socketsOf(who: Person, id: string, count: number): Promise<TestSocket[]> {
  const sockets: TestSocket[] = []
  while (sockets.length < count) sockets.push(await live(who, id))
  return sockets
}

/** A ping, and its answer: from then on the runtime remembers it. */
async function ping(socket: WebSocket): Promise<void> {
  const answered = new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }))
  socket.send('ping')
  await answered
}

describe('a conversation', () => {
  it('R9 a socket that never said anything is closed with 4003 when the object wakes, and the others are told', async () => {
    const [ada, grace, alan] = await trio()
    const { id } = await group(ada, grace, alan)
    const [watcher, silent] = [await live(alan, id), await live(grace, id)]
    later(HEARTBEAT_LOST_MS - 1_000)
    watcher.send({ type: 'typing', active: true })
    const sender = await live(ada, id)
    await sender.say('not yet')
    expect(silent.socket.readyState).toBe(WebSocket.OPEN)
    later(HEARTBEAT_LOST_MS - 1_000)
    await sender.say('now')
    expect((await silent.closed).code).toBe(4003)
    let frame = await watcher.next('presence')
    while (frame.userId !== grace.user.id || frame.status !== 'offline')
      frame = await watcher.next('presence')
    expect(watcher.socket.readyState).toBe(WebSocket.OPEN)
  })

  it('R9 what a socket says is as good as a ping, also after a sleep', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const quiet = await live(grace, id)
    later(HEARTBEAT_LOST_MS - 10_000)
    quiet.send({ type: 'typing', active: true })
    quiet.send({ type: 'nothing that is known' })
    await quiet.next('error')
    await evictDurableObject(objectOf(id))
    later(20_000)
    const sender = await live(ada, id)
    await sender.say('are you there?')
    await quiet.next('events')
    expect(quiet.socket.readyState).toBe(WebSocket.OPEN)
  })

  it('R9 few silent sockets wake nobody; more of them do, once, and are gone', async () => {
    const [ada, grace] = await trio()
    const id = await quietGroup(ada, grace)
    const few = await socketsOf(ada, id, SILENT_SOCKETS_MAX)
    expect(await alarmOf(id)).toBeNull()
    few.push(...(await socketsOf(grace, id, CONNECTIONS_PER_MEMBER_MAX)))
    const at = await alarmOf(id)
    expect(at).toBeLessThanOrEqual(Date.now() + HEARTBEAT_LOST_MS)
    expect(at).toBeGreaterThan(Date.now() + HEARTBEAT_LOST_MS - 5_000)

    later(HEARTBEAT_LOST_MS)
    await runDurableObjectAlarm(objectOf(id))
    // The last ones came after the alarm was set: one more, and then none.
    later(HEARTBEAT_LOST_MS)
    await runDurableObjectAlarm(objectOf(id))
    for (const { closed } of few) expect((await closed).code).toBe(4003)
    expect(await alarmOf(id)).toBeNull()
  }, 15_000)

  it('R9 a pile is cleared to the last socket, also by an object that slept and forgot about it', async () => {
    const [ada, grace] = await trio()
    const id = await quietGroup(ada, grace)
    const pile = [...(await socketsOf(ada, id, 7)), ...(await socketsOf(grace, id, 2))]
    later(60_000)
    pile.push(...(await socketsOf(grace, id, 5)))
    for (const wait of [HEARTBEAT_LOST_MS - 60_000, 60_000]) {
      later(wait)
      await evictDurableObject(objectOf(id))
      await runDurableObjectAlarm(objectOf(id))
    }
    for (const { closed } of pile) expect((await closed).code).toBe(4003)
    expect(await alarmOf(id)).toBeNull()
  }, 15_000)

  it('R9 sockets that ping are woken once at most, however many they are', async () => {
    const [ada, grace] = await trio()
    const id = await quietGroup(ada, grace)
    const many = [...(await socketsOf(ada, id, 8)), ...(await socketsOf(grace, id, 8))]
    const at = await alarmOf(id)
    // The runtime remembers pings by a clock of its own, which no test sets: they have to come after the alarm was.
    await new Promise((resolve) => setTimeout(resolve, 50))
    for (const { socket } of many) await ping(socket)
    vi.useFakeTimers({ toFake: ['Date'], now: at ?? 0 })
    await runDurableObjectAlarm(objectOf(id))
    expect(await alarmOf(id)).toBeNull()
    for (const { socket } of many) expect(socket.readyState).toBe(WebSocket.OPEN)
  }, 15_000)

  it('R9 the alarm of a pile leaves what else waits its time', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const [sender] = await socketsOf(ada, id, SILENT_SOCKETS_MAX)
    await socketsOf(grace, id, 2)
    await sender?.say('a list is to hear of this')
    await expect.poll(() => alarmOf(id), { timeout: 10_000 }).toBeGreaterThan(Date.now() + 60_000)
    const rows = await runInDurableObject(objectOf(id), (_, state) =>
      state.storage.sql.exec('SELECT * FROM outbox').toArray(),
    )
    expect(rows).toEqual([])
  }, 15_000)
})

describe('an inbox', () => {
  it('R9 a socket that never said anything is closed with 4003 when its object wakes; nothing wakes it', async () => {
    const ada = await person('ada')
    const silent = await TestInbox.connect(ada)
    const pinging = await TestInbox.connect(ada)
    await expect.poll(() => pinging.isLive).toBe(true)
    expect(await runInDurableObject(personOf(ada), (_, state) => state.storage.getAlarm())).toBeNull()
    later(HEARTBEAT_LOST_MS)
    await ping(pinging.socket)
    pinging.send({ type: 'watch', userIds: [] })
    expect((await silent.closed).code).toBe(4003)
    expect(pinging.socket.readyState).toBe(WebSocket.OPEN)
  })

  it('I5 of who was let go like that, the last sign of life is kept', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const cameAt = Date.now()
    const silent = await TestInbox.connect(grace)
    await expect.poll(() => silent.isLive).toBe(true)
    later(HEARTBEAT_LOST_MS)
    await put(grace, `/api/conversations/${id}/draft`, { text: 'x', editedAt: Date.now() })
    expect((await silent.closed).code).toBe(4003)
    const watcher = await TestInbox.connect(ada)
    await expect.poll(() => watcher.isLive).toBe(true)
    watcher.send({ type: 'watch', userIds: [grace.user.id] })
    await expect.poll(() => watcher.presence.get(grace.user.id)).toBe('offline')
    const seen = watcher.frames.find((frame) => frame.type === 'presence')
    expect(seen).toMatchObject({ lastSeenAt: expect.any(Number) })
    expect((seen as { lastSeenAt: number }).lastSeenAt - cameAt).toBeLessThan(10_000)
  })
})
