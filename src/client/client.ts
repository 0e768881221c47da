/** The whole of Edgewise as one program sees it: the calls, the conversations, the sockets behind them. */
import { TIMELINES_KEPT, type User } from '../protocol/index.ts'
import { type Api, type Authorize, createApi } from './api.ts'
import type { ConnectionReport } from './connection-test.ts'
import { Conversation } from './conversation.ts'
import { Inbox } from './inbox.ts'
import { type HeldTimeline, type KeptTimeline, SHAPE } from './kept-timeline.ts'
import { LateUploads } from './late-uploads.ts'
import { LeaseKeeper } from './lease.ts'
import { type Clock, type OpenSocket, openWebSocket, systemClock } from './platform.ts'
import type { SendBytes } from './send-bytes.ts'
import { browserSharing, type Sharing } from './shared-link.ts'
import { memoryStore, type Store, type StoredOperation } from './store.ts'

export type ClientOptions = {
  /** Where Edgewise is, without a path: `https://chat.example.org` */
  baseUrl: string
  /** Where unsent operations are kept. Memory, unless said otherwise. */
  store?: Store
  /** For programs: see program.ts. A browser needs none. */
  authorize?: Authorize
  fetch?: typeof fetch
  openSocket?: OpenSocket
  /** How a file is sent: with progress in a browser. */
  sendBytes?: SendBytes
  clock?: Clock
  random?: () => number
  /** How tabs share the inbox socket: the browser's way unless said otherwise, undefined for not at all. */
  sharing?: Sharing | undefined
}

/** An open conversation in somebody's hands. What it shares with other holders ends with the last one's `close`. */
export type OpenConversation = Pick<
  Conversation,
  | 'id'
  | 'state'
  | 'subscribe'
  | 'uploads'
  | 'send'
  | 'edit'
  | 'remove'
  | 'react'
  | 'pin'
  | 'retry'
  | 'discard'
  | 'loadOlder'
  | 'loadPins'
  | 'markRead'
  | 'thread'
  | 'setTyping'
  | 'reconnectNow'
> & { close(): void }

export type Client = {
  api: Api
  /** Opens a conversation, or shares the one that is open. Call `close` on what you got when you leave it. */
  conversation(id: string, me: User): OpenConversation
  /** The live conversation list of this person. Call `close` on it when it is not shown any more. */
  inbox(me: User): Inbox
  /** How many operations of this person wait to be sent, by conversation id. */
  pendingCounts(me: User): Promise<Map<string, number>>
  /** How many of them the server has refused, and wait for their author. */
  failedCounts(me: User): Promise<Map<string, number>>
  /** What this device holds of conversations, on disk and in memory: for a search without a network. */
  heldTimelines(me: User): Promise<HeldTimeline[]>
  /** Writes down what is held: the page is hidden, and may be gone in a moment. */
  keep(): void
  /** Looks at each part of the way to the server; ends within 10 s. */
  testConnection(): Promise<ConnectionReport>
  /** Signing out: lets everything go and wipes what is kept on disk. */
  forget(): Promise<void>
}

type Held = { conversation: Conversation; holders: number }

export function createClient(options: ClientOptions): Client {
  const { baseUrl, store = memoryStore(), clock = systemClock, openSocket = openWebSocket } = options
  const authorize = options.authorize ?? (async () => ({}))
  const fetch = options.fetch ?? globalThis.fetch.bind(globalThis)
  const socketUrl = baseUrl.replace(/^http/, 'ws')
  const api = createApi({ baseUrl, fetch, authorize })
  const uploads = new LateUploads(async () => {
    const { createUploads } = await import('./uploads.ts')
    return createUploads({ baseUrl, authorize, sendBytes: options.sendBytes, clock, store, api })
  })
  /** The most recently opened last. */
  const known = new Map<string, Held>()
  const inboxes = new Set<Inbox>()

  const leases = new LeaseKeeper({
    clock,
    fetchLease: () => api.lease(),
    spread: (lease) => {
      for (const { conversation, holders } of known.values()) if (holders > 0) conversation.renew(lease)
    },
  })

  function hold(id: string, me: User): Held {
    const held = known.get(id) ?? {
      holders: 0,
      conversation: new Conversation({
        id,
        userId: me.id,
        socketUrl,
        api,
        authorize,
        openSocket,
        store,
        uploads,
        clock,
        random: options.random ?? Math.random,
        onLease: (expiresAt) => leases.watch(expiresAt),
      }),
    }
    known.delete(id)
    known.set(id, held)
    held.holders += 1
    if (held.holders === 1) held.conversation.open()
    forgetOldest()
    return held
  }

  function release(held: Held): void {
    // What was said on the way out is still delivered: the socket stays until it is.
    if (held.holders === 1 && held.conversation.hasUnsent) return onceDelivered(held)
    held.holders -= 1
    if (held.holders === 0) held.conversation.leave()
    if (![...known.values()].some(({ holders }) => holders > 0)) leases.stop()
  }

  function onceDelivered(held: Held): void {
    const stop = held.conversation.subscribe(() => {
      if (held.conversation.hasUnsent) return
      stop()
      release(held)
    })
  }

  /** Takes up what was left unsent in conversations that nobody has opened since. */
  async function deliverLeftovers(me: User): Promise<void> {
    const operations = await store.operations(me.id).catch(() => [])
    const unsent = operations.filter((operation) => operation.error === undefined)
    for (const id of new Set(unsent.map(({ conversationId }) => conversationId))) {
      if ((known.get(id)?.holders ?? 0) > 0) continue
      const held = hold(id, me)
      await held.conversation.loaded
      release(held)
    }
  }

  async function countOperations(
    me: User,
    isCounted: (operation: StoredOperation) => boolean,
  ): Promise<Map<string, number>> {
    const counts = new Map<string, number>()
    // No disk: nothing waits on it.
    const operations = await store.operations(me.id).catch(() => [])
    for (const operation of operations) {
      const { conversationId } = operation
      if (isCounted(operation)) counts.set(conversationId, (counts.get(conversationId) ?? 0) + 1)
    }
    return counts
  }

  function forgetOldest(): void {
    for (const [id, { conversation, holders }] of known) {
      if (known.size <= TIMELINES_KEPT) return
      // Where there is no disk, what is not sent yet is nowhere else.
      if (holders === 0 && conversation.state.pending.length === 0) known.delete(id)
    }
  }

  return {
    api,

    conversation(id, me) {
      const held = hold(id, me)
      const { conversation } = held
      let isClosed = false
      return {
        id,
        get state() {
          return conversation.state
        },
        subscribe: (listener) => conversation.subscribe(listener),
        uploads,
        send: (text, more) => conversation.send(text, more),
        edit: (target, text) => conversation.edit(target, text),
        remove: (target) => conversation.remove(target),
        react: (target, emoji, on) => conversation.react(target, emoji, on),
        pin: (target, on) => conversation.pin(target, on),
        retry: (operationId) => conversation.retry(operationId),
        discard: (operationId) => conversation.discard(operationId),
        loadOlder: () => conversation.loadOlder(),
        loadPins: () => conversation.loadPins(),
        markRead: (seq) => conversation.markRead(seq),
        thread: (root) => conversation.thread(root),
        setTyping: (active) => conversation.setTyping(active),
        reconnectNow() {
          // Nobody would close what a handle that was closed, or forgotten, opens.
          if (!isClosed && known.get(id) === held) conversation.reconnectNow()
        },
        close() {
          if (!isClosed) release(held)
          isClosed = true
        },
      }
    },

    inbox(me) {
      const inbox = new Inbox({
        userId: me.id,
        socketUrl,
        authorize,
        api,
        openSocket,
        store,
        clock,
        random: options.random ?? Math.random,
        sharing: 'sharing' in options ? options.sharing : browserSharing(),
      })
      inboxes.add(inbox)
      void inbox.open()
      void deliverLeftovers(me)
      return inbox
    },

    pendingCounts: (me) => countOperations(me, () => true),
    failedCounts: (me) => countOperations(me, (operation) => operation.error !== undefined),

    async testConnection() {
      const { testConnection } = await import('./connection-test.ts')
      return testConnection({ api, socketUrl, openSocket, authorize, store, clock })
    },
    async heldTimelines(me) {
      const held = new Map<string, HeldTimeline>()
      // No disk: what is in memory is all there is.
      const kept = await store.timelines(me.id).catch(() => new Map<string, KeptTimeline>())
      for (const [conversationId, timeline] of kept) {
        if (timeline.shape === SHAPE) held.set(conversationId, { ...timeline, conversationId })
      }
      for (const [conversationId, { conversation }] of known) {
        const { isLoaded, members, messages } = conversation.state
        if (isLoaded) held.set(conversationId, { conversationId, members: [...members.values()], messages })
      }
      return [...held.values()]
    },

    keep() {
      for (const { conversation } of known.values()) conversation.keep()
    },

    async forget() {
      for (const { conversation } of known.values()) conversation.forget()
      known.clear()
      for (const inbox of inboxes) inbox.close()
      inboxes.clear()
      leases.stop()
      uploads.close()
      await store.clear()
    },
  }
}
