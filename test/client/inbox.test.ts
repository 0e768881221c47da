/** The live list as a client keeps it: by itself, from disk, and shared by the tabs of a browser. */
import { beforeEach, describe, expect, it } from 'vitest'
import { Inbox } from '../../src/client/inbox.ts'
import { memoryStore, type Store } from '../../src/client/store.ts'
import {
  BACKOFF_MAX_MS,
  type InboxRow,
  type InboxServerFrame,
  PRESENCE_DOUBTED_AFTER_MS,
  TYPING_EXPIRES_MS,
  WATCH_EVERY_MS,
} from '../../src/protocol/index.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { seededRandom } from '../support/fake-random.ts'
import { FakeSocket } from '../support/fake-socket.ts'
import { FakeBrowser } from '../support/fake-tabs.ts'
import { inboxRow as row } from '../support/inbox-rows.ts'
import { ada, alan, grace } from '../support/people.ts'
import { FakeSaved } from '../support/saved-calls.ts'

const SOON_MS = 10

/** The server's side of the inbox: rows, and sockets that are told of each change. */
class InboxServer {
  readonly sockets: FakeSocket[] = []
  readonly said: { type: string }[] = []
  rows: InboxRow[] = []
  isDown = false

  get rev(): number {
    return Math.max(0, ...this.rows.map(({ rev }) => rev))
  }

  get open(): FakeSocket[] {
    return this.sockets.filter((socket) => socket.isOpen)
  }

  connect(url: string, protocol: string): FakeSocket {
    const after = Number(new URL(url).searchParams.get('after'))
    const from = after > this.rev ? 0 : after
    const wire = {
      clock,
      latencyMs: () => 0,
      onText: (from: FakeSocket, text: string) => {
        if (text === 'ping') from.deliver('pong')
        else this.said.push(JSON.parse(text))
      },
      onGone: () => {},
    }
    const socket = new FakeSocket(wire, url, protocol, {})
    this.sockets.push(socket)
    if (this.isDown) {
      socket.end(1006)
      return socket
    }
    socket.accept()
    this.#tell(socket, { type: 'hello', rev: this.rev, me: ada })
    this.#tell(socket, { type: 'rows', rev: this.rev, rows: this.rows.filter(({ rev }) => rev > from) })
    this.#tell(socket, { type: 'live', rev: this.rev })
    return socket
  }

  change(changed: InboxRow): void {
    this.rows = [...this.rows.filter(({ id }) => id !== changed.id), changed]
    for (const socket of this.open) this.#tell(socket, { type: 'rows', rev: changed.rev, rows: [changed] })
  }

  tell(frame: InboxServerFrame): void {
    for (const socket of this.open) this.#tell(socket, frame)
  }

  #tell(socket: FakeSocket, frame: InboxServerFrame): void {
    socket.deliver(JSON.stringify(frame))
  }
}

let clock: FakeClock
let server: InboxServer
let browser: FakeBrowser
let store: Store
let saved: FakeSaved

async function tab({ isShared = false, disk = store } = {}): Promise<Inbox> {
  const inbox = new Inbox({
    userId: ada.id,
    socketUrl: 'ws://localhost:8787',
    authorize: async () => ({}),
    api: saved,
    openSocket: (url, protocol) => server.connect(url, protocol),
    store: disk,
    clock,
    random: seededRandom(1),
    sharing: isShared ? browser.tab() : undefined,
  })
  await inbox.open()
  await clock.advance(SOON_MS)
  return inbox
}

const ids = (inbox: Inbox) =>
  [...inbox.state.rows.values()].map(({ id, rev }) => `${Number.parseInt(id, 16)}@${rev}`).sort()

beforeEach(() => {
  clock = new FakeClock()
  server = new InboxServer()
  browser = new FakeBrowser()
  store = memoryStore()
  saved = new FakeSaved()
  saved.follow((frame) => server.tell(frame))
})

describe('the inbox', () => {
  it('keeps rows by conversation: each replaces the one before, a removed one goes', async () => {
    server.rows = [row(1, 1), row(2, 2)]
    const inbox = await tab()
    expect(ids(inbox)).toEqual(['1@1', '2@2'])
    expect(inbox.state.isLoaded).toBe(true)
    server.change(row(1, 3, { unread: 5 }))
    await clock.advance(SOON_MS)
    server.change(row(2, 4, { removed: true }))
    await clock.advance(SOON_MS)
    expect(ids(inbox)).toEqual(['1@3'])
  })

  it('asks only for what came after, also after a reload', async () => {
    server.rows = [row(1, 1), row(2, 2)]
    const first = await tab()
    first.close()
    server.change(row(3, 3))
    await clock.advance(SOON_MS)
    const second = await tab()
    expect(server.sockets.at(-1)?.url.searchParams.get('after')).toBe('2')
    expect(ids(second)).toEqual(['1@1', '2@2', '3@3'])
  })

  it('shows what this device knows before the server has said anything', async () => {
    await store.putRows(ada.id, [row(1, 1)])
    await store.putRows(grace.id, [row(9, 9)])
    server.isDown = true
    const inbox = await tab()
    expect(inbox.state.isLoaded).toBe(true)
    expect(ids(inbox)).toEqual(['1@1'])
    expect(inbox.state.downSince).not.toBeNull()
    server.isDown = false
    await clock.advance(BACKOFF_MAX_MS)
    expect(inbox.state.connection.phase).toBe('live')
    expect(inbox.state.downSince).toBeNull()
  })

  it('closed before the disk answered, it opens no socket', async () => {
    const inbox = new Inbox({
      ...{ userId: ada.id, socketUrl: 'ws://localhost:8787', authorize: async () => ({}), api: saved },
      ...{ store, clock },
      ...{
        openSocket: (url: string, protocol: string) => server.connect(url, protocol),
        random: seededRandom(1),
      },
    })
    const opening = inbox.open()
    inbox.close()
    await opening
    await clock.advance(SOON_MS)
    expect(server.sockets).toEqual([])
    expect(clock.waiting).toBe(0)
  })

  it('says how the tab is, asks who is there, and again only while somebody looks', async () => {
    const inbox = await tab()
    inbox.watch([grace.id])
    await clock.advance(SOON_MS)
    const asked = () => server.said.filter(({ type }) => type === 'watch').length
    expect(asked()).toBe(1)
    await clock.advance(2 * WATCH_EVERY_MS)
    expect(asked()).toBe(3)
    inbox.setPresence('away')
    await clock.advance(4 * WATCH_EVERY_MS)
    expect(asked()).toBe(3)
    expect(server.said.at(-1)).toEqual({ type: 'presence', status: 'away' })
    server.tell({ type: 'presence', userId: grace.id, status: 'busy' })
    await clock.advance(SOON_MS)
    expect(inbox.state.presence.get(grace.id)?.status).toBe('busy')
  })

  it('shows nobody as there without a connection, but lets a short loss pass', async () => {
    const inbox = await tab()
    server.tell({ type: 'presence', userId: grace.id, status: 'online' })
    await clock.advance(SOON_MS)
    for (const socket of server.open) socket.end(1006)
    await clock.advance(PRESENCE_DOUBTED_AFTER_MS - SOON_MS)
    expect(inbox.state.connection.phase).toBe('live')
    expect(inbox.state.presence.get(grace.id)?.status).toBe('online')
    server.isDown = true
    for (const socket of server.open) socket.end(1006)
    await clock.advance(PRESENCE_DOUBTED_AFTER_MS + SOON_MS)
    expect(inbox.state.presence.size).toBe(0)
    inbox.close()
    expect(clock.waiting).toBe(0)
  })

  it('shows who types in the list for 6 s, or until they have said it', async () => {
    server.rows = [row(1, 1), row(2, 2)]
    const inbox = await tab()
    for (const n of [1, 2]) {
      server.tell({ type: 'typing', conversationId: row(n, n).id, userId: grace.id, active: true })
    }
    await clock.advance(SOON_MS)
    expect(inbox.state.typing.size).toBe(2)
    const lastMessage = { seq: 1, authorId: grace.id, preview: 'said', createdAt: 1 }
    server.change(row(1, 3, { lastMessage }))
    await clock.advance(SOON_MS)
    expect([...inbox.state.typing.keys()]).toEqual([row(2, 2).id])
    await clock.advance(TYPING_EXPIRES_MS)
    expect(inbox.state.typing.size).toBe(0)
  })

  it('a list that is ahead of the server is of another history: all is asked for again', async () => {
    server.rows = [row(1, 100)]
    const inbox = await tab()
    server.rows = [row(2, 2), row(3, 3)]
    server.open[0]?.end(1006)
    await clock.advance(BACKOFF_MAX_MS)
    expect(ids(inbox)).toEqual(['2@2', '3@3'])
  })
})

describe('one socket for all tabs of a browser', () => {
  it('tabs share it, and each sees every change', async () => {
    server.rows = [row(1, 1)]
    const tabs = [await tab({ isShared: true }), await tab({ isShared: true }), await tab({ isShared: true })]
    expect(server.sockets).toHaveLength(1)
    server.change(row(2, 2, { unread: 3 }))
    await clock.advance(SOON_MS)
    await clock.advance(SOON_MS)
    for (const each of tabs) {
      expect(ids(each)).toEqual(['1@1', '2@2'])
      expect(each.state.connection.phase).toBe('live')
    }
  })

  it('a tab without a disk is shown everything by the one that leads', async () => {
    server.rows = [row(1, 1), row(2, 2)]
    await tab({ isShared: true })
    server.change(row(2, 3, { removed: true }))
    await clock.advance(SOON_MS)
    const late = await tab({ isShared: true, disk: memoryStore() })
    expect(ids(late)).toEqual(['1@1'])
    expect(late.state.isLoaded).toBe(true)
    expect(server.sockets).toHaveLength(1)
  })

  it('when the leading tab goes, another takes over from where it is', async () => {
    server.rows = [row(1, 1)]
    const first = await tab({ isShared: true })
    const second = await tab({ isShared: true })
    first.close()
    server.change(row(2, 2))
    await clock.advance(SOON_MS)
    await clock.advance(SOON_MS)
    expect(server.open).toHaveLength(1)
    expect(server.sockets.at(-1)?.url.searchParams.get('after')).toBe('1')
    expect(ids(second)).toEqual(['1@1', '2@2'])
    second.close()
    await clock.advance(SOON_MS)
    expect(server.open).toEqual([])
    expect(clock.waiting).toBe(0)
  })

  it('a lost socket shows in all of them, and so does its return', async () => {
    const tabs = [await tab({ isShared: true }), await tab({ isShared: true })]
    server.isDown = true
    server.open[0]?.end(1006)
    await clock.advance(SOON_MS)
    for (const each of tabs) expect(each.state.downSince).not.toBeNull()
    server.rows = [row(1, 1)]
    server.isDown = false
    tabs[1]?.reconnectNow()
    await clock.advance(SOON_MS)
    for (const each of tabs) {
      expect(each.state.downSince).toBeNull()
      expect(ids(each)).toEqual(['1@1'])
    }
  })

  it('the server hears of a person who is online while any tab is, and whom any tab shows', async () => {
    const [first, second] = [await tab({ isShared: true }), await tab({ isShared: true })]
    const last = (type: string) => server.said.findLast((frame) => frame.type === type)
    first.watch([grace.id])
    second.watch([alan.id])
    await clock.advance(SOON_MS)
    expect(last('watch')).toEqual({ type: 'watch', userIds: [grace.id, alan.id] })
    first.setPresence('away')
    await clock.advance(SOON_MS)
    expect(last('presence')).toEqual({ type: 'presence', status: 'online' })
    second.setPresence('away')
    await clock.advance(SOON_MS)
    expect(last('presence')).toEqual({ type: 'presence', status: 'away' })
    second.setPresence('online')
    await clock.advance(SOON_MS)
    expect(last('presence')).toEqual({ type: 'presence', status: 'online' })
    second.close()
    await clock.advance(SOON_MS)
    expect(last('presence')).toEqual({ type: 'presence', status: 'away' })
  })

  it('K3 what is saved in one shows in all, also in one that opens later', async () => {
    const [first, second] = [await tab({ isShared: true }), await tab({ isShared: true })]
    const id = row(1, 1).id
    await first.setSaved(id, 7, true)
    await clock.advance(SOON_MS)
    for (const each of [first, second]) expect([...(each.state.saved.get(id) ?? [])]).toEqual([7])
    expect(saved.calls).toEqual(['on'])
    const late = await tab({ isShared: true, disk: memoryStore() })
    await clock.advance(SOON_MS)
    expect([...(late.state.saved.get(id) ?? [])]).toEqual([7])
    expect(saved.calls).toEqual(['on', 'marks'])
  })
})
