/** A thread as a client holds it: pages, live replies, what waits to be sent, and one's own place in it. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Thread } from '../../src/client/thread.ts'
import { ThreadLog } from '../../src/client/thread-log.ts'
import { Timeline } from '../../src/client/timeline.ts'
import type { Event, Message, Replies } from '../../src/protocol/index.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { Tab } from '../support/fake-conversation.ts'
import { FakeServer } from '../support/fake-server.ts'
import { message } from '../support/messages.ts'
import { ada, grace } from '../support/people.ts'

let clock: FakeClock
let server: FakeServer

beforeEach(() => {
  clock = new FakeClock()
  server = new FakeServer({ clock, windowMax: 5 })
})

async function openTab(): Promise<Tab> {
  const tab = new Tab({ clock, server })
  tab.conversation.open()
  await clock.advance(100)
  return tab
}

function textsOf({ state }: Thread): string[] {
  return state.messages.map(({ text }) => text)
}

describe('TH1 sending', () => {
  it('goes through the conversation’s outbox: offline, in order, once', async () => {
    const root = server.say(grace, 'a root')
    const tab = await openTab()
    const thread = tab.conversation.thread(root.seq)
    await clock.advance(10)
    tab.socket.drop()
    server.isUnreachable = true
    thread.send('a reply', { alsoToConversation: true })
    tab.conversation.send('and a message')
    thread.send('another')
    expect(thread.state.pending.map(({ text, thread }) => [text, thread])).toEqual([
      ['a reply', root.seq],
      ['another', root.seq],
    ])
    server.isUnreachable = false
    await clock.advance(60_000)
    expect(
      server.messages.map(({ text, thread, alsoToConversation }) => [text, thread, alsoToConversation]),
    ).toEqual([
      ['a root', null, undefined],
      ['a reply', 1, true],
      ['and a message', null, undefined],
      ['another', 1, undefined],
    ])
    expect(textsOf(thread)).toEqual(['a root', 'a reply', 'another'])
    expect(tab.state.main.map(({ text }) => text)).toEqual(['a root', 'a reply', 'and a message'])
    expect(thread.state.pending).toEqual([])
    expect(server.malformed).toEqual([])
  })
})

describe('TH2 what a root says', () => {
  const say = (rev: number, count = rev): Replies => ({ count, last: null, rev })
  const created = (said: Message, replies?: Replies): Event => ({
    ...{ seq: said.seq, kind: 'message.created', at: 1, by: ada.id, message: said },
    ...(replies ? { replies } : {}),
  })
  const timelineOf = (...messages: Message[]) => {
    const timeline = new Timeline()
    const base = messages.at(-1)?.seq ?? 0
    timeline.reset({ type: 'resync', reason: 'start', base, messages, members: [], hasOlder: true }, 'e')
    return timeline
  }

  it('is the newest of what was told, in whatever order', () => {
    const timeline = timelineOf(message(1, { replies: say(2) }), message(2))
    timeline.apply({ type: 'events', from: 3, to: 3, events: [created(message(3, { thread: 1 }), say(1))] })
    expect(timeline.messages[0]?.replies).toEqual(say(2))
    const gone: Event = {
      seq: 4,
      kind: 'message.deleted',
      at: 1,
      by: ada.id,
      target: 3,
      thread: 1,
      replies: say(3, 0),
    }
    timeline.apply({ type: 'events', from: 4, to: 4, events: [gone] })
    expect(timeline.messages[0]?.replies).toEqual(say(3, 0))
  })

  it('is put on a root that comes with an older page', () => {
    const timeline = timelineOf(message(5))
    timeline.apply({ type: 'events', from: 6, to: 6, events: [created(message(6, { thread: 1 }), say(4))] })
    const [first] = timeline.messages
    if (!first) throw new Error('nothing is held')
    timeline.prepend({ messages: [message(1, { replies: say(3) })], hasOlder: false, hasNewer: true }, first)
    expect(timeline.messages[0]?.replies).toEqual(say(4))
  })
})

describe('TH3 what is held', () => {
  it('the conversation leaves out what is in threads alone, and pages past a long thread in one step', async () => {
    const root = server.say(grace, 'a root')
    for (let n = 0; n < 10; n += 1) server.say(grace, `reply ${n}`, undefined, { thread: root.seq })
    const tab = await openTab()
    expect(tab.state.main).toEqual([])
    await tab.conversation.loadOlder()
    expect(tab.state.main.map(({ text }) => text)).toEqual(['a root'])
    expect(tab.state.hasOlder).toBe(false)
  })

  it('a thread has its root and all replies, those from before and those that come', async () => {
    const root = server.say(grace, 'a root')
    for (let n = 0; n < 8; n += 1) server.say(grace, `reply ${n}`, undefined, { thread: root.seq })
    const tab = await openTab()
    const thread = tab.conversation.thread(root.seq)
    server.say(grace, 'while it loads', undefined, { thread: root.seq })
    server.say(grace, 'elsewhere')
    await clock.advance(100)
    const replies = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => `reply ${n}`)
    expect(textsOf(thread)).toEqual(['a root', ...replies, 'while it loads'])
    expect(thread.state.root?.replies?.count).toBe(9)
  })

  it('what came while nobody was connected is fetched, also past a window', async () => {
    const root = server.say(grace, 'a root')
    const tab = await openTab()
    const thread = tab.conversation.thread(root.seq)
    await clock.advance(10)
    tab.socket.drop()
    server.epoch = 'another'
    for (let n = 0; n < 9; n += 1) server.say(grace, `reply ${n}`, undefined, { thread: root.seq })
    await clock.advance(60_000)
    expect(textsOf(thread)).toHaveLength(10)
    expect(thread.state.isLoaded).toBe(true)
  })

  it('a thread that is not there says so, and one that cannot be reached loads when it can', async () => {
    const root = server.say(grace, 'a root')
    const tab = await openTab()
    const path = `/api/conversations/${tab.conversation.id}/messages`
    tab.http.overrides.set(path, () => Promise.reject(new TypeError('offline')))
    const thread = tab.conversation.thread(root.seq)
    await clock.advance(10)
    expect(thread.state).toMatchObject({ isLoaded: false, failure: { code: 'offline' } })
    tab.http.overrides.clear()
    tab.socket.drop()
    await clock.advance(60_000)
    expect(thread.state).toMatchObject({ isLoaded: true, failure: null })
  })

  it('what the conversation holds of it is shown at once, and is no place to page from', () => {
    // Between the two, an older page of the conversation has left replies out.
    const held = [message(2, { thread: 1, alsoToConversation: true }), message(9, { thread: 1 })]
    const log = new ThreadLog(1, held)
    expect(log.replies).toEqual(held)
    log.depart()(
      { messages: [8, 9].map((seq) => message(seq, { thread: 1 })), hasOlder: true, hasNewer: false },
      'newest',
    )
    expect(log.replies.map(({ seq }) => seq)).toEqual([8, 9])
    expect(log.hasOlder).toBe(true)
  })

  it('a change that came while a page was on its way is done to it', () => {
    const log = new ThreadLog(1, [])
    const arrive = log.depart()
    log.apply([{ kind: 'message.deleted', seq: 9, at: 9, by: ada.id, target: 2 }])
    arrive({ messages: [message(2, { thread: 1 })], hasOlder: false, hasNewer: false }, 'newest')
    expect(log.replies[0]).toMatchObject({ text: '', deletedAt: 9 })
  })

  it('a page that does not reach what was held takes its place: no gap is shown', () => {
    const log = new ThreadLog(1, [message(2, { thread: 1 })])
    log.fallBehind()
    log.depart()({ messages: [message(7, { thread: 1 })], hasOlder: true, hasNewer: false }, 'newest')
    expect(log.replies.map(({ seq }) => seq)).toEqual([7])
    log.depart()(
      { messages: [message(2, { thread: 1 }), message(5, { thread: 1 })], hasOlder: false, hasNewer: true },
      'older',
    )
    expect(log.replies.map(({ seq }) => seq)).toEqual([2, 5, 7])
    expect(log.hasOlder).toBe(false)
  })
})

describe('TH5 TH6 my place', () => {
  it('is told at once and then once a second, never back, and apart from the conversation’s', async () => {
    const root = server.say(grace, 'a root')
    const seqs = [1, 2, 3].map((n) => server.say(grace, `reply ${n}`, undefined, { thread: root.seq }).seq)
    const tab = await openTab()
    const thread = tab.conversation.thread(root.seq)
    await clock.advance(10)
    for (const seq of [...seqs, 2]) thread.markRead(seq)
    await clock.advance(2_000)
    expect(tab.socket.framesSent('read')).toEqual([
      { type: 'read', seq: seqs[0], thread: root.seq },
      { type: 'read', seq: seqs[2], thread: root.seq },
    ])
    expect(thread.state.readSeq).toBe(seqs[2])
    expect(tab.state.readSeq).toBe(0)
  })

  it('moves with the other devices, and what was read offline is told when there is a connection', async () => {
    const root = server.say(grace, 'a root')
    const { seq } = server.say(grace, 'a reply', undefined, { thread: root.seq })
    const tab = await openTab()
    const thread = tab.conversation.thread(root.seq)
    await clock.advance(10)
    server.tell({ type: 'thread', seq: root.seq, follows: true, readSeq: 1 })
    await clock.advance(10)
    expect(thread.state).toMatchObject({ follows: true, readSeq: 1 })
    expect(tab.state.threads).toEqual(new Map([[root.seq, 1]]))
    tab.socket.drop()
    thread.markRead(seq)
    await clock.advance(60_000)
    expect(server.threadReads.get(`${ada.id} ${root.seq}`)).toBe(seq)
  })
})
