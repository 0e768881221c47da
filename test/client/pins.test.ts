/** Pins as one tab holds them: kept by the log, optimistic, asked for only where somebody has to be told more. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Conversation } from '../../src/client/conversation.ts'
import { memoryStore } from '../../src/client/store.ts'
import type { Message } from '../../src/protocol/index.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { CONVERSATION_ID, Tab } from '../support/fake-conversation.ts'
import { FakeServer } from '../support/fake-server.ts'
import { ada, grace } from '../support/people.ts'

const SOON_MS = 10
const PINS = `/api/conversations/${CONVERSATION_ID}/pins`

let clock: FakeClock
let server: FakeServer

async function open(options: Partial<ConstructorParameters<typeof Tab>[0]> = {}): Promise<Tab> {
  const tab = new Tab({ clock, server, ...options })
  tab.conversation.open()
  await clock.advance(SOON_MS)
  return tab
}

function pin(target: number, on = true): void {
  server.append({ kind: 'message.pinned', by: grace.id, target, on })
}

function pinsOf({ state }: { state: Conversation['state'] }): (string | number)[] {
  return state.pins.map(({ seq, message }) => message?.text ?? seq)
}

function answerPins(tab: Tab, answer: () => Message[] | Promise<Message[]>): void {
  tab.http.overrides.set(PINS, async () => Response.json({ messages: await answer() }))
}

beforeEach(() => {
  clock = new FakeClock()
  server = new FakeServer({ clock })
  for (const text of ['one', 'two', 'three']) server.say(grace, text)
})

describe('C7 which are pinned', () => {
  it('C7 come with the window, and follow the log without a call', async () => {
    pin(1)
    const tab = await open()
    expect(pinsOf(tab)).toEqual(['one'])
    pin(2)
    pin(3)
    pin(1, false)
    await clock.advance(SOON_MS)
    expect(pinsOf(tab)).toEqual(['three', 'two'])
    server.append({ kind: 'message.edited', by: grace.id, target: 3, text: 'three!', editedAt: 1 })
    await clock.advance(SOON_MS)
    expect(pinsOf(tab)).toEqual(['three!', 'two'])
    server.append({ kind: 'message.deleted', by: grace.id, target: 3 })
    await clock.advance(SOON_MS)
    expect(pinsOf(tab)).toEqual(['two'])
    expect(tab.http.calls.filter((call) => call.endsWith('/pins'))).toEqual([])
  })

  it('C7 are the same array until one changes', async () => {
    pin(1)
    const tab = await open()
    const { pins } = tab.state
    server.say(grace, 'four')
    await clock.advance(SOON_MS)
    expect(tab.state.messages).toHaveLength(4)
    expect(tab.state.pins).toBe(pins)
  })

  it('C7 are right after being away, by replay and by window', async () => {
    pin(1)
    const tab = await open()
    tab.conversation.leave()
    pin(2)
    pin(1, false)
    tab.conversation.open()
    await clock.advance(SOON_MS)
    expect(pinsOf(tab)).toEqual(['two'])
    tab.conversation.leave()
    server.epoch = 'epoch-2'
    pin(3)
    tab.conversation.open()
    await clock.advance(SOON_MS)
    expect(pinsOf(tab)).toEqual(['three', 'two'])
  })
})

describe('MA-6 one’s own pins', () => {
  it('MA-6 show at once, in the order in which they will stand, and once', async () => {
    const tab = await open()
    tab.conversation.pin(1, true)
    tab.conversation.pin(2, true)
    expect(pinsOf(tab)).toEqual(['two', 'one'])
    await clock.advance(SOON_MS)
    expect(pinsOf(tab)).toEqual(['two', 'one'])
    expect(server.pinned).toEqual([2, 1])
  })

  it('MA-6 made offline survive a reload and go out when the server is back', async () => {
    const store = memoryStore()
    server.isUnreachable = true
    const away = await open({ store })
    away.conversation.pin(2, true)
    await clock.advance(SOON_MS)
    away.conversation.leave()
    server.isUnreachable = false
    const tab = await open({ store })
    await clock.advance(SOON_MS)
    expect(server.pinned).toEqual([2])
    expect(pinsOf(tab)).toEqual(['two'])
  })

  it('MA-6 pinned and unpinned before it went out is nothing', async () => {
    const tab = await open()
    tab.socket.silence()
    tab.conversation.react(1, '👍', true)
    tab.conversation.pin(1, true)
    tab.conversation.pin(1, false)
    expect(pinsOf(tab)).toEqual([])
    await clock.advance(60_000)
    expect(server.log.filter(({ kind }) => kind === 'message.pinned')).toEqual([])
  })

  it('C5 one that is refused is taken back, with the reason', async () => {
    const tab = await open()
    server.refusals.push({ code: 'conflict' })
    tab.conversation.pin(2, true)
    expect(pinsOf(tab)).toEqual(['two'])
    await clock.advance(SOON_MS)
    expect(pinsOf(tab)).toEqual([])
    expect(tab.state.refused).toMatchObject({ operation: { type: 'pin' }, error: { code: 'conflict' } })
  })

  it('MA-6 what is about to be deleted is pinned no more', async () => {
    pin(1)
    const tab = await open()
    server.isStalled = true
    tab.conversation.remove(1)
    expect(pinsOf(tab)).toEqual([])
  })
})

describe('C7 what pins say that lie further back', () => {
  beforeEach(() => {
    const said = server.log.splice(0)
    server = new FakeServer({ clock, windowMax: 1 })
    server.log.push(...said)
    pin(1)
    pin(3)
  })

  it('C7 is asked for when it is wanted, and then kept by the log', async () => {
    const tab = await open()
    expect(pinsOf(tab)).toEqual(['three', 1])
    answerPins(tab, () => server.messages.slice(0, 1))
    await tab.conversation.loadPins()
    expect(pinsOf(tab)).toEqual(['three', 'one'])
    server.append({ kind: 'message.edited', by: grace.id, target: 1, text: 'uno', editedAt: 1 })
    await clock.advance(SOON_MS)
    expect(pinsOf(tab)).toEqual(['three', 'uno'])
    tab.conversation.edit(1, 'ein')
    expect(pinsOf(tab)).toEqual(['three', 'ein'])
  })

  it('C7 an edit that overtakes the answer is not lost', async () => {
    const tab = await open()
    let give: (messages: Message[]) => void = () => {}
    answerPins(tab, () => new Promise((resolve) => (give = resolve)))
    const loading = tab.conversation.loadPins()
    expect(tab.state.pinsLoading).toBe('loading')
    server.append({ kind: 'message.edited', by: grace.id, target: 1, text: 'uno', editedAt: 1 })
    await clock.advance(SOON_MS)
    give(server.messages.slice(0, 1))
    await loading
    expect(pinsOf(tab)).toEqual(['three', 'uno'])
    expect(tab.state.pinsLoading).toBe('idle')
  })

  it('C7 an answer from before a new window is asked for again', async () => {
    const tab = await open()
    const waiting: ((messages: Message[]) => void)[] = []
    answerPins(tab, () => new Promise((resolve) => waiting.push(resolve)))
    const loading = tab.conversation.loadPins()
    await clock.advance(SOON_MS)
    server.epoch = 'epoch-2'
    tab.socket.drop()
    await clock.advance(60_000)
    waiting[0]?.(server.messages.slice(0, 1).map((message) => ({ ...message, text: 'stale' })))
    await clock.advance(SOON_MS)
    waiting[1]?.(server.messages.slice(0, 1))
    await loading
    expect(pinsOf(tab)).toEqual(['three', 'one'])
  })

  it('C7 failing is a state, and the next try may work', async () => {
    const tab = await open({ user: ada })
    tab.http.overrides.set(PINS, () =>
      Response.json({ error: { code: 'unavailable', message: '' } }, { status: 503 }),
    )
    await tab.conversation.loadPins()
    expect(tab.state.pinsLoading).toBe('failed')
    expect(pinsOf(tab)).toEqual(['three', 1])
    answerPins(tab, () => server.messages.slice(0, 1))
    await tab.conversation.loadPins()
    expect(tab.state.pinsLoading).toBe('idle')
    expect(pinsOf(tab)).toEqual(['three', 'one'])
  })
})
