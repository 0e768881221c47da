/** What a conversation leaves on disk, and what the next life of the page makes of it (D3, CL-1). */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { SHAPE, withinLimit } from '../../src/client/kept-timeline.ts'
import { memoryStore, type Store } from '../../src/client/store.ts'
import {
  Attachment,
  CLOSE,
  DISK_WITHIN_MS,
  Event,
  KEEP_EVERY_MS,
  Message,
  Reaction,
  TIMELINE_KEPT_MESSAGES,
  TIMELINES_KEPT_MESSAGES,
} from '../../src/protocol/index.ts'
import { FakeClock, settle } from '../support/fake-clock.ts'
import { CONVERSATION_ID, Tab } from '../support/fake-conversation.ts'
import { never } from '../support/fake-http.ts'
import { FakeServer } from '../support/fake-server.ts'
import { inboxRow } from '../support/inbox-rows.ts'
import { message } from '../support/messages.ts'
import { ada, grace, uuid } from '../support/people.ts'

const SOON_MS = 10
const row = inboxRow(0, 1, { id: CONVERSATION_ID })

let clock: FakeClock
let server: FakeServer
let store: Store

async function open(): Promise<Tab> {
  const tab = new Tab({ clock, server, store })
  tab.conversation.open()
  await clock.advance(SOON_MS)
  return tab
}

/** One life of the page, from beginning to end. */
async function visit(): Promise<void> {
  const tab = await open()
  tab.conversation.leave()
  await settle()
}

const kept = () => store.timeline(ada.id, CONVERSATION_ID)
const keptTexts = async () => (await kept())?.messages.map(({ text }) => text)

beforeEach(async () => {
  clock = new FakeClock()
  server = new FakeServer({ clock })
  store = memoryStore()
  await store.putRows(ada.id, [row])
  server.say(grace, 'one')
  server.say(grace, 'two')
})

describe('D3 opening', () => {
  it('CL-1 shows what is on disk while there is no network', async () => {
    await visit()
    server.isUnreachable = true
    const tab = await open()
    expect(tab.texts).toEqual(['one', 'two'])
    expect(tab.state).toMatchObject({ isLoaded: true, connection: { phase: 'connecting' } })
    expect([...tab.state.members.keys()]).toContain(grace.id)
  })

  it('G5 goes on from there', async () => {
    await visit()
    server.say(grace, 'three')
    const tab = await open()
    expect(tab.socket.url.search).toBe('?after=2&epoch=epoch-1')
    expect(tab.texts).toEqual(['one', 'two', 'three'])
  })

  it('remembers up to where everyone had read', async () => {
    server.reads.set(ada.id, 1)
    await visit()
    server.isUnreachable = true
    expect((await open()).state.readSeq).toBe(1)
  })

  it('C5 knows what was pinned, and what was pinned meanwhile', async () => {
    const pin = (target: number) => server.append({ kind: 'message.pinned', by: grace.id, target, on: true })
    pin(1)
    await visit()
    pin(2)
    expect((await open()).state.pins.map(({ seq }) => seq)).toEqual([2, 1])
  })

  it('C3 what was erased meanwhile vanishes, and from the disk too', async () => {
    await visit()
    server.append({ kind: 'message.deleted', by: grace.id, target: 1 })
    const tab = await open()
    expect(tab.texts).toEqual(['', 'two'])
    tab.conversation.leave()
    expect(await keptTexts()).toEqual(['', 'two'])
  })

  it('R2 a window replaces all of it where too much is missing', async () => {
    server = new FakeServer({ clock, replayMax: 1, windowMax: 1 })
    server.say(grace, 'one')
    await visit()
    for (const text of ['two', 'three']) server.say(grace, text)
    const tab = await open()
    expect(tab.texts).toEqual(['three'])
    tab.conversation.leave()
    expect(await kept()).toMatchObject({ lastSeq: 3, hasOlder: true, messages: [{ text: 'three' }] })
  })

  it('R2 a history that went back takes the place of what was kept of it', async () => {
    await visit()
    server = new FakeServer({ clock })
    server.say(grace, 'anew')
    await visit()
    expect(await keptTexts()).toEqual(['anew'])
  })

  it('S1 what is still to be sent, by its own account, and stands in the log is shown once', async () => {
    server.say(ada, 'mine', uuid(50))
    await visit()
    const mine = { type: 'send', text: 'mine', replyTo: null, id: uuid(50), userId: ada.id } as const
    await store.put({ ...mine, conversationId: CONVERSATION_ID, createdAt: 0 })
    server.isUnreachable = true
    expect((await open()).pending).toEqual([])
  })

  it('what another version has written is no use', async () => {
    await visit()
    const known = await kept()
    if (known) await store.putTimeline(ada.id, CONVERSATION_ID, { ...known, shape: SHAPE - 1 })
    expect((await open()).socket.url.search).toBe('')
  })
})

/** What each shape knows: where this does not fit any more, SHAPE grows by one and its line is written anew. */
it('SHAPE names what the protocol says of messages and events', () => {
  const fields = [Message, Reaction, Attachment].map(({ entries }) => Object.keys(entries).join(' '))
  const kinds = Event.options.map(({ entries }) => entries.kind.literal).join(' ')
  expect([SHAPE, ...fields, kinds]).toEqual([
    2,
    'seq id authorId kind text mentions replyTo thread alsoToConversation replies attachments reactions createdAt editedAt deletedAt changedSeq',
    'emoji userIds',
    'id name mediaType size width height',
    'message.created message.edited message.deleted reaction.set message.pinned member.added member.changed member.removed conversation.changed',
  ])
})

describe('D3 a disk that is slow or broken', () => {
  it('holds the socket back no longer than it may', async () => {
    store.timeline = never
    const tab = new Tab({ clock, server, store })
    tab.conversation.open()
    await clock.advance(DISK_WITHIN_MS - 1)
    expect(tab.sockets).toHaveLength(0)
    await clock.advance(1 + SOON_MS)
    expect(tab.texts).toEqual(['one', 'two'])
  })

  it('is not believed once the server has spoken', async () => {
    await visit()
    server.say(grace, 'three')
    const late = Promise.withResolvers<Awaited<ReturnType<typeof kept>>>()
    const known = await kept()
    store.timeline = () => late.promise
    const tab = await open()
    await clock.advance(DISK_WITHIN_MS)
    late.resolve(known)
    await settle()
    expect(tab.texts).toEqual(['one', 'two', 'three'])
  })

  it('shows late what nothing else can show', async () => {
    await visit()
    const late = Promise.withResolvers<Awaited<ReturnType<typeof kept>>>()
    const known = await kept()
    store.timeline = () => late.promise
    server.isUnreachable = true
    const tab = await open()
    await clock.advance(DISK_WITHIN_MS)
    late.resolve(known)
    await settle()
    expect(tab.texts).toEqual(['one', 'two'])
  })

  it('fails without a word', async () => {
    const fail = () => Promise.reject(new Error('no disk'))
    Object.assign(store, { timeline: fail, putTimeline: fail, removeTimeline: fail })
    const tab = await open()
    expect(tab.texts).toEqual(['one', 'two'])
    tab.conversation.leave()
    server.refuseUpgrade = CLOSE.notMember
    tab.conversation.open()
    await clock.advance(SOON_MS)
    expect(tab.phase).toBe('closed')
  })
})

describe('D3 writing', () => {
  it(`happens within ${KEEP_EVERY_MS} ms of what it is about, once`, async () => {
    const tab = await open()
    expect(await kept()).toBeUndefined()
    await clock.advance(KEEP_EVERY_MS)
    expect(await keptTexts()).toEqual(['one', 'two'])
    const write = vi.spyOn(store, 'putTimeline')
    for (const text of ['three', 'four']) server.say(grace, text)
    await clock.advance(2 * KEEP_EVERY_MS)
    expect(write).toHaveBeenCalledTimes(1)
    expect(tab.texts).toHaveLength(4)
  })

  it('happens at once when the page is hidden', async () => {
    const tab = await open()
    tab.conversation.keep()
    expect(await keptTexts()).toEqual(['one', 'two'])
  })

  it('keeps what the server has said, not what is still to be done to it', async () => {
    server.say(ada, 'mine')
    const tab = await open()
    server.isStalled = true
    tab.conversation.edit(3, 'mine, changed')
    await clock.advance(SOON_MS)
    expect(tab.texts.at(-1)).toBe('mine, changed')
    tab.conversation.leave()
    expect((await keptTexts())?.at(-1)).toBe('mine')
  })

  it('keeps the newest, and says that there are older ones', async () => {
    const many = TIMELINE_KEPT_MESSAGES + 5
    const tab = await open()
    for (let n = 3; n <= many; n += 1) server.say(grace, String(n))
    await clock.advance(SOON_MS)
    expect(tab.state.hasOlder).toBe(false)
    tab.conversation.leave()
    const found = await kept()
    expect(found).toMatchObject({ lastSeq: many, hasOlder: true })
    expect(found?.messages.map(({ seq }) => seq)).toEqual(
      Array.from({ length: TIMELINE_KEPT_MESSAGES }, (_, n) => n + 6),
    )
  })

  it('never puts an older run over a newer one of the same history, whoever writes last', async () => {
    const behind = await open()
    behind.socket.silence()
    server.say(grace, 'three')
    await visit()
    behind.conversation.leave()
    expect(await keptTexts()).toEqual(['one', 'two', 'three'])
  })

  it('G6 stops, and what was written goes, when this person is a member no more', async () => {
    const tab = await open()
    tab.conversation.keep()
    server.say(grace, 'three')
    await clock.advance(SOON_MS)
    tab.socket.end(CLOSE.notMember)
    await clock.advance(2 * KEEP_EVERY_MS)
    tab.conversation.leave()
    expect(await kept()).toBeUndefined()
  })

  it('G6 what a list has lost is gone, and no tab that has not heard of it brings it back', async () => {
    const tab = await open()
    tab.conversation.keep()
    await store.putRows(ada.id, [{ ...row, removed: true }])
    expect(await kept()).toBeUndefined()
    server.say(grace, 'three')
    await clock.advance(2 * KEEP_EVERY_MS)
    tab.conversation.leave()
    expect(await kept()).toBeUndefined()
  })

  it('AU-5 writes nothing after signing out, in this tab or another', async () => {
    const [tab, other] = [await open(), await open()]
    tab.conversation.forget()
    await store.clear()
    other.conversation.leave()
    expect(await store.timelines(ada.id)).toEqual(new Map())
  })
})

describe('D3 room', () => {
  const timeline = (usedAt: number, count: number) => ({
    ...{
      epoch: 'e',
      lastSeq: count,
      hasOlder: false,
      members: [],
      pins: [],
      reads: {},
      usedAt,
      shape: SHAPE,
    },
    messages: Array.from({ length: count }, (_, n) => message(n + 1)),
  })

  it(`there is for ${TIMELINES_KEPT_MESSAGES} messages, of those that were used last`, async () => {
    const full = TIMELINES_KEPT_MESSAGES / TIMELINE_KEPT_MESSAGES
    const rows = Array.from({ length: full + 2 }, (_, n) => inboxRow(n, 1))
    await store.putRows(ada.id, rows)
    for (const [n, { id }] of rows.entries()) {
      // The second one was looked at last.
      const usedAt = n === 1 ? 1_000 : n
      await store.putTimeline(ada.id, id, timeline(usedAt, TIMELINE_KEPT_MESSAGES))
    }
    const found = await store.timelines(ada.id)
    expect(found.size).toBe(full)
    expect([0, 1, 2].map((n) => found.has(rows[n]?.id ?? ''))).toEqual([false, true, false])
  })

  it('counts to the limit and not past it', () => {
    expect(withinLimit([TIMELINES_KEPT_MESSAGES - 1, 1])).toBe(2)
    expect(withinLimit([TIMELINES_KEPT_MESSAGES, 1, 1])).toBe(1)
    expect(withinLimit([])).toBe(0)
  })
})
