import { beforeEach, describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/client/store.ts'
import {
  CLOSE,
  GOT_AFTER_MS,
  GOT_EVENTS,
  READ_EVERY_MS,
  SEND_RETRY_MS,
  TYPING_EVERY_MS,
  TYPING_EXPIRES_MS,
} from '../../src/protocol/index.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { Tab } from '../support/fake-conversation.ts'
import { FakeServer } from '../support/fake-server.ts'
import { ada, alan, grace } from '../support/people.ts'

/** Longer than any backoff and everything that follows it. */
const LONG_MS = 60_000
/** There and back, and nothing that waits. */
const SOON_MS = 10

let clock: FakeClock
let server: FakeServer
let tab: Tab

async function open(each = tab): Promise<Tab> {
  each.conversation.open()
  await clock.advance(SOON_MS)
  return each
}

beforeEach(async () => {
  clock = new FakeClock()
  server = new FakeServer({ clock })
  server.say(grace, 'one')
  server.say(grace, 'two')
  tab = new Tab({ clock, server })
  await open()
})

describe('conversation: opening', () => {
  it('R1 shows the window, the members and who is here', () => {
    expect(tab.phase).toBe('live')
    expect(tab.texts).toEqual(['one', 'two'])
    expect([...tab.state.members.keys()]).toEqual([ada.id, grace.id, alan.id])
    expect(tab.state).toMatchObject({ isLoaded: true, role: 'member', hasOlder: false, downSince: null })
    expect(tab.leases).toEqual([clock.now() - SOON_MS + 600_000])
  })

  it('R1 goes on from where it was after it was left and opened again', async () => {
    tab.conversation.leave()
    server.say(grace, 'three')
    expect(tab.texts).toEqual(['one', 'two'])
    await open()
    expect(tab.socket.url.search).toBe('?after=2&epoch=epoch-1')
    expect(tab.texts).toEqual(['one', 'two', 'three'])
  })

  it('R2 starts over where it is far behind, and forgets nothing that it was to say', async () => {
    server = new FakeServer({ clock, replayMax: 3, windowMax: 2 })
    tab = await open(new Tab({ clock, server }))
    server.say(grace, 'one')
    await clock.advance(SOON_MS)
    tab.socket.silence()
    for (const text of ['two', 'three', 'four', 'five', 'six']) server.say(grace, text)
    tab.conversation.send('mine')
    await clock.advance(LONG_MS)
    expect(tab.texts).toEqual(['five', 'six', 'mine'])
    expect(tab.state.hasOlder).toBe(true)
  })

  it('R2 starts over where the history is another', async () => {
    server.epoch = 'epoch-2'
    server.log.length = 0
    server.say(grace, 'a new beginning')
    tab.socket.drop()
    await clock.advance(LONG_MS)
    expect(tab.texts).toEqual(['a new beginning'])
    tab.socket.drop()
    await clock.advance(LONG_MS)
    expect(tab.socket.url.search).toBe('?after=1&epoch=epoch-2')
  })

  it('R2 asks for a window after 4004, and shows what it holds until it has come', async () => {
    server.refuseUpgrade = 1012
    tab.socket.drop(CLOSE.resyncNeeded)
    expect(tab.state.isLoaded).toBe(true)
    await clock.advance(SOON_MS)
    server.refuseUpgrade = undefined
    await clock.advance(LONG_MS)
    expect(tab.socket.url.search).toBe('')
    expect(tab.texts).toEqual(['one', 'two'])
    tab.socket.drop()
    await clock.advance(LONG_MS)
    expect(tab.socket.url.search).toBe('?after=2&epoch=epoch-1')
  })

  it('leaves no timer and no socket behind, whatever was going on', async () => {
    server.tell({ type: 'typing', userId: grace.id, active: true })
    server.say(grace, 'three')
    server.refusals.push({ code: 'rate_limited', retryAfterMs: 9_000 })
    tab.conversation.send('mine')
    tab.conversation.setTyping(true)
    await clock.advance(SOON_MS)
    tab.conversation.markRead(2)
    tab.conversation.leave()
    expect(server.openSockets).toEqual([])
    await clock.advance(SOON_MS)
    expect(clock.waiting).toBe(0)
    expect(tab.state).toMatchObject({ typing: [], downSince: null, connection: { phase: 'idle' } })
  })
})

describe('conversation: when the connection is lost', () => {
  it('CX-2 knows since when, until it is live again', async () => {
    server.refuseUpgrade = 1012
    tab.socket.drop()
    const lostAt = clock.now()
    await clock.advance(LONG_MS)
    expect(tab.state.downSince).toBe(lostAt)
    server.refuseUpgrade = undefined
    await clock.advance(LONG_MS)
    expect(tab.state.downSince).toBeNull()
  })

  it('G4 a gap is never shown: it comes back and asks for what is missing', async () => {
    server.skipEvent(tab.socket)
    server.say(grace, 'three')
    server.say(grace, 'four')
    await clock.advance(SOON_MS)
    expect(tab.texts).toEqual(['one', 'two'])
    await clock.advance(LONG_MS)
    expect(tab.socket.url.searchParams.get('after')).toBe('2')
    expect(tab.texts).toEqual(['one', 'two', 'three', 'four'])
  })

  it('G4 live beyond what it holds is a gap too', async () => {
    server.skipEvent(tab.socket)
    server.say(grace, 'three')
    server.tell({ type: 'live', head: 3 })
    await clock.advance(LONG_MS)
    expect(tab.texts).toEqual(['one', 'two', 'three'])
  })

  it('a final code says why, and reconnectNow comes back all the same', async () => {
    tab.socket.end(CLOSE.sessionEnded, 'session ended')
    await clock.advance(LONG_MS)
    expect(tab.state.connection).toEqual({ phase: 'closed', code: 4508, reason: 'session ended' })
    tab.conversation.reconnectNow()
    await clock.advance(SOON_MS)
    expect(tab.phase).toBe('live')
  })

  it('R3 events that come twice change nothing, not even what an older one says of me', async () => {
    const change = { kind: 'member.changed', by: grace.id, userId: ada.id } as const
    server.append({ ...change, role: 'admin' })
    server.append({ ...change, role: 'guest' })
    await clock.advance(SOON_MS)
    expect(tab.state.role).toBe('guest')
    const { messages } = tab.state
    server.tell({ type: 'events', from: 3, to: 3, events: server.log.slice(2, 3) })
    await clock.advance(SOON_MS)
    expect(tab.state.role).toBe('guest')
    expect(tab.state.messages).toBe(messages)
  })
})

describe('conversation: sending', () => {
  it('shows it at once as pending, then in the log, never both and never neither', async () => {
    const seen: string[] = []
    tab.conversation.subscribe(() => seen.push([...tab.pending, ...tab.texts.slice(2)].join()))
    tab.conversation.send('mine')
    expect(tab.pending).toEqual(['mine sending'])
    await clock.advance(SOON_MS)
    expect(tab.texts).toEqual(['one', 'two', 'mine'])
    expect(new Set(seen)).toEqual(new Set(['mine sending', 'mine']))
  })

  it('offline it waits as queued and goes out on return, in order, with its replies', async () => {
    tab.socket.drop()
    tab.conversation.send('first')
    tab.conversation.send('second', { replyTo: 2 })
    expect(tab.pending).toEqual(['first queued', 'second queued'])
    await clock.advance(LONG_MS)
    expect(tab.texts).toEqual(['one', 'two', 'first', 'second'])
    expect(tab.state.messages.map(({ replyTo }) => replyTo)).toEqual([null, null, null, 2])
    expect(tab.pending).toEqual([])
  })

  it('G2 is there exactly once when the connection dies before the ack, and not twice on the screen', async () => {
    tab.conversation.send('mine')
    await clock.advance(1)
    expect(server.head, 'the server has it').toBe(3)
    tab.socket.drop()
    const doubled: boolean[] = []
    tab.conversation.subscribe(() => doubled.push(tab.pending.length + tab.texts.length !== 3))
    await clock.advance(LONG_MS)
    expect(tab.texts).toEqual(['one', 'two', 'mine'])
    expect(doubled).not.toContain(true)
  })

  it('goes on after the conversation was left with one under way', async () => {
    tab.conversation.send('mine')
    await clock.advance(0)
    tab.conversation.leave()
    expect(tab.pending).toEqual(['mine queued'])
    await open()
    expect(tab.texts).toEqual(['one', 'two', 'mine'])
    expect(tab.pending).toEqual([])
  })

  it('a refusal is shown with its reason; retry and discard do what they say', async () => {
    server.refusals.push({ code: 'invalid' }, { code: 'invalid' })
    const first = tab.conversation.send('first')
    await clock.advance(SOON_MS)
    const second = tab.conversation.send('second')
    await clock.advance(SOON_MS)
    expect(tab.pending).toEqual(['first failed', 'second failed'])
    expect(tab.state.pending[0]?.error?.code).toBe('invalid')
    tab.conversation.discard(first)
    tab.conversation.retry(second)
    await clock.advance(SOON_MS)
    expect(tab.texts).toEqual(['one', 'two', 'second'])
    expect(tab.pending).toEqual([])
  })

  it('S4 waits where it is too quick, in order', async () => {
    server.refusals.push({ code: 'rate_limited', retryAfterMs: 9_000 }, { code: 'overloaded' })
    tab.conversation.send('first')
    tab.conversation.send('second')
    await clock.advance(9_000)
    expect(tab.pending).toEqual(['first sending', 'second sending'])
    await clock.advance(SEND_RETRY_MS + SOON_MS)
    expect(tab.texts.slice(2)).toEqual(['first', 'second'])
  })

  it('a reload takes up what was left', async () => {
    const store = memoryStore()
    tab = new Tab({ clock, server, store })
    tab.conversation.send('before the reload')
    await clock.advance(0)
    tab = await open(new Tab({ clock, server, store }))
    expect(tab.texts.at(-1)).toBe('before the reload')
    expect(await store.operations(ada.id)).toEqual([])
  })

  it('G2 two tabs on one disk say each thing once, in order', async () => {
    const store = memoryStore()
    const offline = new Tab({ clock, server, store })
    const texts = ['a', 'b', 'c', 'd']
    for (const text of texts) offline.conversation.send(text)
    await clock.advance(0)
    const tabs = [new Tab({ clock, server, store }), new Tab({ clock, server, store })]
    for (const each of [offline, ...tabs]) each.conversation.open()
    await clock.advance(LONG_MS)
    expect(server.messages.slice(2).map(({ text }) => text)).toEqual(texts)
    for (const each of [offline, ...tabs]) {
      expect(each.texts.slice(2)).toEqual(texts)
      expect(each.pending).toEqual([])
    }
    expect(await store.operations(ada.id)).toEqual([])
  })
})

describe('conversation: got', () => {
  it(`confirms at least every ${GOT_EVENTS} events`, async () => {
    const before = tab.confirmed.length
    for (let n = 0; n < 3 * GOT_EVENTS; n += 1) server.say(grace, `text ${n}`)
    await clock.advance(SOON_MS)
    expect(tab.confirmed.slice(before)).toEqual([18, 34, 50])
  })

  it(`confirms at least every ${GOT_AFTER_MS} ms while events come`, async () => {
    for (let n = 0; n < 10; n += 1) {
      server.say(grace, `text ${n}`)
      await clock.advance(1_000)
    }
    expect(tab.confirmed).toEqual([2, 7])
    await clock.advance(LONG_MS)
    expect(tab.confirmed).toEqual([2, 7, 12])
  })

  it('confirms a window at once: the server waits for it', () => {
    expect(tab.confirmed).toEqual([2])
  })
})

describe('conversation: read', () => {
  const sent = (each = tab) => each.socket.framesSent<{ seq: number }>('read').map(({ seq }) => seq)

  it('is sent at most once a second, as the furthest, and never back', async () => {
    for (const seq of [1, 2, 3, 1]) tab.conversation.markRead(seq)
    expect(tab.state.readSeq).toBe(3)
    // At once, so that other devices follow; what is seen within the second waits for its end.
    await clock.advance(READ_EVERY_MS - 1)
    expect(sent()).toEqual([1])
    await clock.advance(1)
    tab.conversation.markRead(1)
    await clock.advance(LONG_MS)
    expect(sent()).toEqual([1, 3])
  })

  it('spreads many marks over seconds', async () => {
    for (let n = 1; n <= 30; n += 1) {
      server.say(grace, `text ${n}`)
      tab.conversation.markRead(n)
      await clock.advance(100)
    }
    expect(sent().length).toBeLessThanOrEqual(4)
    await clock.advance(READ_EVERY_MS)
    expect(sent().at(-1)).toBe(30)
  })

  it('is said again after a reconnect where the server is behind', async () => {
    server.refuseUpgrade = 1012
    tab.socket.drop()
    tab.conversation.markRead(2)
    await clock.advance(LONG_MS)
    server.refuseUpgrade = undefined
    await clock.advance(LONG_MS)
    expect(sent()).toEqual([2])
    expect(server.reads.get(ada.id)).toBe(2)
    tab.socket.drop()
    await clock.advance(LONG_MS)
    expect(sent(), 'the server knows it by now').toEqual([])
  })

  it('is not lost when the conversation is left within the second', async () => {
    tab.conversation.markRead(1)
    tab.conversation.markRead(2)
    tab.conversation.leave()
    expect(sent()).toEqual([1, 2])
  })

  it('follows my other devices, and the others', async () => {
    server.tell({ type: 'read', userId: ada.id, seq: 2 })
    server.tell({ type: 'read', userId: grace.id, seq: 1 })
    await clock.advance(SOON_MS)
    expect(tab.state.readSeq).toBe(2)
    expect(tab.state.reads.get(grace.id)).toBe(1)
  })
})

describe('conversation: typing and presence', () => {
  const sent = () => tab.socket.framesSent<{ active: boolean }>('typing').map(({ active }) => active)

  it(`E1 goes out once in ${TYPING_EVERY_MS} ms, and once when it stops`, async () => {
    for (let n = 0; n < 90; n += 1) {
      tab.conversation.setTyping(true)
      await clock.advance(100)
    }
    expect(sent()).toEqual([true, true, true])
    tab.conversation.setTyping(false)
    tab.conversation.setTyping(false)
    expect(sent()).toEqual([true, true, true, false])
  })

  it('a message ends it without a word, and the next key begins anew', () => {
    tab.conversation.setTyping(true)
    tab.conversation.send('mine')
    tab.conversation.setTyping(false)
    tab.conversation.setTyping(true)
    expect(sent()).toEqual([true, true])
  })

  it(`is dropped ${TYPING_EXPIRES_MS} ms after it was last said`, async () => {
    server.tell({ type: 'typing', userId: grace.id, active: true })
    await clock.advance(4_000)
    server.tell({ type: 'typing', userId: grace.id, active: true })
    await clock.advance(TYPING_EXPIRES_MS)
    expect(tab.state.typing).toEqual([grace.id])
    await clock.advance(1)
    expect(tab.state.typing).toEqual([])
  })

  it.each([
    ['its end is said', () => server.tell({ type: 'typing', userId: grace.id, active: false })],
    ['its message comes', () => server.say(grace, 'there')],
    ['the connection is lost', () => tab.socket.drop()],
  ])('ends when %s', async (_, happen) => {
    for (const userId of [grace.id, alan.id]) server.tell({ type: 'typing', userId, active: true })
    await clock.advance(SOON_MS)
    happen()
    await clock.advance(SOON_MS)
    expect(tab.state.typing).not.toContain(grace.id)
  })

  it('E3 knows who is here', async () => {
    server.tell({ type: 'presence', userId: grace.id, status: 'offline', lastSeenAt: 1 })
    await clock.advance(SOON_MS)
    expect([...tab.state.present]).toEqual([ada.id, alan.id])
    server.tell({ type: 'presence', userId: grace.id, status: 'away' })
    await clock.advance(SOON_MS)
    expect(tab.state.present.has(grace.id)).toBe(true)
  })
})

describe('conversation: older messages', () => {
  beforeEach(async () => {
    server = new FakeServer({ clock, windowMax: 50 })
    for (let n = 1; n <= 120; n += 1) server.say(grace, `text ${n}`)
    tab = await open(new Tab({ clock, server }))
  })

  it('come a page at a time, until there are none', async () => {
    expect([tab.state.messages.length, tab.state.hasOlder]).toEqual([50, true])
    const loading = tab.conversation.loadOlder()
    expect(tab.state.older).toBe('loading')
    await Promise.all([loading, tab.conversation.loadOlder()])
    expect(tab.http.calls).toHaveLength(1)
    await tab.conversation.loadOlder()
    await tab.conversation.loadOlder()
    expect(tab.http.calls).toHaveLength(2)
    expect(tab.state.messages).toEqual(server.messages)
    expect([tab.state.hasOlder, tab.state.older]).toEqual([false, 'idle'])
  })

  it('failing is a state, and trying again works', async () => {
    const path = `/api/conversations/${tab.conversation.id}/messages`
    tab.http.overrides.set(path, () => Promise.reject(new TypeError('offline')))
    await tab.conversation.loadOlder()
    expect(tab.state.older).toBe('failed')
    tab.http.overrides.clear()
    await tab.conversation.loadOlder()
    expect([tab.state.older, tab.state.messages.length]).toEqual(['idle', 100])
  })
})

describe('conversation: snapshots', () => {
  it('are the same until something changes, then new, with the unchanged parts the same', async () => {
    server.refusals.push({ code: 'invalid' })
    tab.conversation.send('refused')
    server.tell({ type: 'typing', userId: grace.id, active: true })
    await clock.advance(SOON_MS)
    const before = tab.state
    expect(tab.state).toBe(before)
    server.tell({ type: 'read', userId: grace.id, seq: 1 })
    await clock.advance(SOON_MS)
    const { reads, ...rest } = tab.state
    expect(tab.state).not.toBe(before)
    expect(reads).not.toBe(before.reads)
    for (const [name, value] of Object.entries(rest))
      expect(value, name).toBe(before[name as keyof typeof rest])
  })

  it('tell listeners of each change, until they no longer listen', async () => {
    let told = 0
    const stop = tab.conversation.subscribe(() => {
      told += 1
    })
    server.say(grace, 'three')
    await clock.advance(SOON_MS)
    expect(told).toBe(1)
    stop()
    server.say(grace, 'four')
    await clock.advance(SOON_MS)
    expect(told).toBe(1)
  })
})
