/** One open conversation: its connection, what was said, and what is still to be said. */
import {
  ATTACHMENT_BYTES_MAX,
  CLOSE,
  type Event,
  GOT_AFTER_MS,
  GOT_EVENTS,
  isInMain,
  type Member,
  type Message,
  READ_EVERY_MS,
  type Role,
  type ServerFrame,
  type ServerFrameOf,
  TEXT_MAX,
  uuidv7,
} from '../protocol/index.ts'
import type { Api, Authorize } from './api.ts'
import { withPending } from './changes.ts'
import { Connection, type ConnectionState } from './connection.ts'
import type { FileUploads } from './late-uploads.ts'
import { Outbox, type PendingChange, type PendingMessage } from './outbox.ts'
import { type Pin, Pins } from './pins.ts'
import type { Clock, OpenSocket, Timer } from './platform.ts'
import type { Doing, Store, StoredOperation } from './store.ts'
import { type SendOptions, Thread } from './thread.ts'
import { Timeline } from './timeline.ts'
import { TimelineKeeper } from './timeline-keeper.ts'
import { Typing } from './typing.ts'

export type ConversationState = {
  connection: ConnectionState
  /** Since when there has been no socket (ms since 1970), null while there is one. */
  downSince: number | null
  /** False until the first window has come. */
  isLoaded: boolean
  role: Role | null
  members: ReadonlyMap<string, Member>
  /** What is held of the log, ascending by seq: the newest without a gap, then what `loadOlder` brought. */
  messages: readonly Message[]
  /** Those of the conversation itself, without what is in threads alone: always without a gap. */
  main: readonly Message[]
  /** Not acknowledged yet, in order, to be shown below the messages. */
  pending: readonly PendingMessage[]
  hasOlder: boolean
  older: 'idle' | 'loading' | 'failed'
  /** What is pinned, the last pinned first; what a pin says may have to be asked for: see `loadPins`. */
  pins: readonly Pin[]
  pinsLoading: 'idle' | 'loading' | 'failed'
  /** Up to where each member has read. */
  reads: ReadonlyMap<string, number>
  /** Who types, without me. */
  typing: readonly string[]
  present: ReadonlySet<string>
  /** Up to where I have read. */
  readSeq: number
  /** Threads that I follow, by root: up to where I have read each. */
  threads: ReadonlyMap<number, number>
  limits: { textMax: number; attachmentBytesMax?: number }
  /** The last change of a message that the server has refused, until the next one is made. */
  refused: { operation: PendingChange; error: { code: string; message: string } } | null
}

export type ConversationOptions = {
  id: string
  userId: string
  /** `wss://…` without a path */
  socketUrl: string
  api: Api
  authorize: Authorize
  openSocket: OpenSocket
  store: Store
  /** Of the whole client: two files go up at a time, wherever they are for. */
  uploads: FileUploads
  clock: Clock
  random: () => number
  /** A socket stands until then: somebody has to renew it. */
  onLease: (expiresAt: number) => void
}

/** What was said there is not this person's to keep any more (G6). */
const NO_MEMBER: ReadonlySet<number> = new Set([CLOSE.notMember, CLOSE.banned, CLOSE.conversationDeleted])

export class Conversation {
  readonly id: string
  readonly #options: ConversationOptions
  readonly #timeline = new Timeline()
  readonly #connection: Connection
  readonly #outbox: Outbox
  readonly #keeper: TimelineKeeper
  readonly #listeners = new Set<() => void>()
  #loaded: Promise<void> = Promise.resolve()
  #unfollow: () => void = () => {}
  #snapshot: ConversationState | undefined
  #downSince: number | null = null
  #helloEpoch = ''
  /** The server has said that what is held cannot be gone on from: the next connection asks for a window. */
  #mustStartOver = false
  #role: Role | null = null
  #older: ConversationState['older'] = 'idle'
  #reads = new Map<string, number>()
  #present = new Set<string>()
  readonly #typing: Typing
  readonly #pins: Pins
  #limits: ConversationState['limits'] = {
    textMax: TEXT_MAX,
    attachmentBytesMax: ATTACHMENT_BYTES_MAX,
  }
  #refused: ConversationState['refused'] = null
  #overlay:
    | { messages: readonly Message[]; changes: readonly PendingChange[]; shown: readonly Message[] }
    | undefined
  #main: { messages: readonly Message[]; main: readonly Message[] } | undefined
  #threads: ReadonlyMap<number, number> = new Map()
  readonly #openThreads = new Set<Thread>()
  #readSeq = 0
  /** The last marker that went out. */
  #toldRead = 0
  #readTimer: Timer | undefined
  #confirmed = 0
  #gotTimer: Timer | undefined
  /** Up to where reading was told and not confirmed: told again over the next socket. */
  #unconfirmedRead = 0

  constructor(options: ConversationOptions) {
    const { id, userId, store, uploads, clock, random, authorize, openSocket } = options
    this.id = id
    this.#options = options
    this.#connection = new Connection({
      url: () => this.#url(),
      // The address says where to go on from, which the disk may know.
      authorize: async () => (await Promise.all([authorize(), this.#keeper.ready]))[0],
      openSocket,
      clock,
      random,
      onFrame: (frame) => this.#receive(frame as ServerFrame),
      onState: (state) => this.#connectionChanged(state),
      onLost: (code) => this.#lost(code),
    })
    this.#keeper = new TimelineKeeper({
      ...{ userId, conversationId: id, store, clock, timeline: this.#timeline },
      aside: () => ({ pins: this.#pins.seqs, reads: Object.fromEntries(this.#reads) }),
      onRestored: ({ messages, pins, reads }) => {
        this.#pins.reset(pins)
        this.#reads = new Map(Object.entries(reads))
        this.#readSeq = Math.max(this.#unconfirmedRead, reads[userId] ?? 0)
        this.#reconcile(messages)
        this.#changed()
      },
    })
    this.#typing = new Typing({
      clock,
      send: (active) => this.#connection.send({ type: 'typing', active }),
      onChange: () => this.#changed(),
    })
    this.#pins = new Pins({ fetch: () => options.api.pins(id), onChange: () => this.#changed() })
    this.#outbox = new Outbox({
      conversationId: id,
      userId,
      store,
      uploads,
      clock,
      transmit: (operation) => this.#connection.send(frameOf(operation)),
      onRefused: (operation, error) => {
        this.#refused = { operation, error }
      },
      onUnanswered: () => this.#connection.restart(),
      onChange: () => this.#changed(),
    })
  }

  /** An immutable snapshot: a new object after each change, with the unchanged parts the same. */
  get state(): ConversationState {
    this.#snapshot ??= this.#makeSnapshot()
    return this.#snapshot
  }

  /** Something waits to be sent that its author has not been told has failed. */
  get hasUnsent(): boolean {
    // What is shown is settled first: an operation ends with its event.
    void this.state
    return this.#outbox.hasUnsent
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  open(): void {
    this.#unfollow = this.uploads.subscribe(() => this.#outbox.filesMoved())
    this.#loaded = this.#outbox.load()
    this.#keeper.open()
    this.#connection.start()
  }

  /** Where a file goes up before, and while, its message is sent. */
  get uploads(): FileUploads {
    return this.#options.uploads
  }

  /** When what an earlier life of this page left unsent has been taken up. */
  get loaded(): Promise<void> {
    return this.#loaded
  }

  /** Lets the socket go and keeps what is known, so that opening it again shows it at once. */
  leave(): void {
    this.#typing.set(false)
    // Seen is seen, even if only for half a second.
    if (this.#unconfirmedRead > this.#toldRead) this.#sendRead()
    this.#letGo()
    this.#connection.stop()
    this.#unfollow()
    this.#keeper.flush()
  }

  /** Writes down what is held: the page may be gone in a moment. */
  keep(): void {
    this.#keeper.flush()
  }

  /** Signed out: like `leave`, and nothing that was said is written down any more. */
  forget(): void {
    this.#keeper.stop()
    this.leave()
  }

  /** @returns the client id: the message shows as pending under it, and keeps it when it is sent */
  send(text: string, { replyTo, thread, alsoToConversation, files = [] }: SendOptions = {}): string {
    const { clock, userId, uploads } = this.#options
    const id = uuidv7(clock.now())
    this.#typing.said()
    const createdAt = clock.now()
    const outgoing = files.flatMap((file) => uploads.file(file) ?? [])
    const place = thread === undefined ? {} : { thread, ...(alsoToConversation ? ALSO : {}) }
    const said = { type: 'send', text, replyTo: replyTo ?? null, ...place } as const
    const doing = outgoing.length === 0 ? said : { ...said, files: outgoing }
    void this.#outbox.add({ ...doing, id, userId, conversationId: this.id, createdAt })
    return id
  }

  /** The thread under a message. Call `close` on it when it is not shown any more. */
  thread(root: number): Thread {
    const thread: Thread = new Thread(root, {
      conversationId: this.id,
      api: this.#options.api,
      clock: this.#options.clock,
      state: () => this.state,
      changes: () => this.#outbox.changes(this.#timeline.lastSeq),
      send: (text, options) => this.send(text, options),
      tellRead: (seq) => this.#connection.send({ type: 'read', seq, thread: root }),
      onClose: () => this.#openThreads.delete(thread),
    })
    this.#openThreads.add(thread)
    return thread
  }

  /** Says it differently. Shows at once; undone, with `refused`, where the server does not take it. */
  edit(target: number, text: string): void {
    this.#change({ type: 'edit', target, text })
  }

  remove(target: number): void {
    this.#change({ type: 'delete', target })
  }

  react(target: number, emoji: string, on: boolean): void {
    this.#change({ type: 'react', target, emoji, on })
  }

  pin(target: number, on: boolean): void {
    this.#change({ type: 'pin', target, on })
  }

  retry(id: string): void {
    this.#outbox.retry(id)
  }

  discard(id: string): void {
    this.#outbox.discard(id)
  }

  /** One page more, before the first message that is held. Failing is a state, not a throw. */
  async loadOlder(): Promise<void> {
    const first = this.#timeline.messages[0]
    if (this.#older === 'loading' || !this.#timeline.hasOlder || !first) return
    this.#older = 'loading'
    this.#changed()
    try {
      this.#timeline.prepend(await this.#options.api.messages(this.id, { before: first.seq, main: 1 }), first)
      this.#keeper.changed()
      this.#older = 'idle'
    } catch {
      this.#older = 'failed'
    }
    this.#changed()
  }

  /** Asks for what the pins say that are not in memory. Failing is a state, not a throw. */
  loadPins(): Promise<void> {
    return this.#pins.load()
  }

  /** Up to here was seen. Sent at most once a second, never back. */
  markRead(seq: number): void {
    if (seq <= this.#readSeq) return
    this.#readSeq = seq
    this.#unconfirmedRead = seq
    // At once, so that other devices follow within the second; what is seen in the next one is told together.
    if (this.#readTimer === undefined) this.#sendRead()
    this.#changed()
  }

  /** May be called with every key: what goes out is one frame in 3 s, and one when it stops. */
  setTyping(active: boolean): void {
    this.#typing.set(active)
  }

  /** Also after the server had said not to come back: someone has signed in again. */
  reconnectNow(): void {
    this.#connection.start()
    this.#connection.reconnectNow()
    this.uploads.hurry()
  }

  renew(lease: string): void {
    this.#connection.send({ type: 'renew', lease })
  }

  #change(doing: Exclude<Doing, { type: 'send' }>): void {
    const { clock, userId } = this.#options
    const now = clock.now()
    this.#refused = null
    void this.#outbox.add({ ...doing, id: uuidv7(now), userId, conversationId: this.id, createdAt: now })
  }

  #url(): string {
    const url = new URL(`${this.#options.socketUrl}/api/conversations/${this.id}/socket`)
    if (this.#timeline.epoch !== undefined && !this.#mustStartOver) {
      url.searchParams.set('after', String(this.#timeline.lastSeq))
      url.searchParams.set('epoch', this.#timeline.epoch)
    }
    return url.toString()
  }

  #receive(frame: ServerFrame): void {
    switch (frame.type) {
      case 'hello':
        this.#hello(frame)
        break
      case 'resync':
        // Of a history that went back, no later copy would seem newer than the one on disk.
        if (frame.reason === 'ahead') this.#keeper.wipe()
        this.#timeline.reset(frame, this.#helloEpoch)
        this.#pins.reset(frame.pins ?? [])
        this.#keeper.changed()
        for (const thread of this.#openThreads) thread.startOver()
        this.#mustStartOver = false
        this.#reconcile(frame.messages)
        this.#confirm()
        break
      case 'events': {
        const { lastSeq } = this.#timeline
        if (!this.#timeline.apply(frame)) return this.#connection.restart()
        this.#applied(frame.events.filter((event) => event.seq > lastSeq))
        this.#keeper.changed()
        this.#confirmSoon()
        break
      }
      case 'live':
        // Behind by the server's own word: something was missed on the way.
        if (frame.head > this.#timeline.lastSeq) return this.#connection.restart()
        break
      case 'ack':
        this.#outbox.acked([frame])
        break
      case 'error':
        if (frame.id !== undefined) this.#outbox.refused(frame.id, frame, frame.retryAfterMs)
        break
      case 'read':
        this.#reads = new Map(this.#reads).set(frame.userId, frame.seq)
        if (frame.userId === this.#options.userId) this.#readConfirmed(frame.seq)
        break
      case 'thread':
        this.#threadMarked(frame)
        break
      case 'typing':
        if (frame.active) this.#typing.began(frame.userId)
        else this.#typing.ended(frame.userId)
        break
      case 'presence':
        this.#present = new Set(this.#present)
        if (frame.status === 'offline') this.#present.delete(frame.userId)
        else this.#present.add(frame.userId)
        break
    }
    this.#changed()
  }

  #threadMarked(frame: ServerFrameOf<'thread'>): void {
    const threads = new Map(this.#threads)
    if (frame.follows) threads.set(frame.seq, frame.readSeq)
    else threads.delete(frame.seq)
    this.#threads = threads
    for (const thread of this.#openThreads) if (thread.root === frame.seq) thread.marked(frame)
  }

  #hello(frame: ServerFrameOf<'hello'>): void {
    this.#helloEpoch = frame.epoch
    this.#keeper.resume()
    this.#role = frame.me.role
    this.#reads = new Map(Object.entries(frame.reads))
    this.#present = new Set(frame.present)
    const { textMax, attachmentBytesMax = ATTACHMENT_BYTES_MAX } = frame.limits
    const known = this.#limits
    if (textMax !== known.textMax || attachmentBytesMax !== known.attachmentBytesMax) {
      this.#limits = { textMax, attachmentBytesMax }
    }
    this.#threads = new Map(frame.threads?.map(({ seq, readSeq }) => [seq, readSeq]))
    this.#typing.reset()
    for (const userId of frame.typing) this.#typing.began(userId)
    // The server's word may go back: on another device this was marked as unread.
    const readSeq = frame.reads[this.#options.userId] ?? 0
    this.#readSeq = Math.max(this.#unconfirmedRead, readSeq)
    if (this.#unconfirmedRead > readSeq) {
      this.#readTimer ??= this.#options.clock.setTimer(() => this.#sendRead(), 0)
    }
    this.#options.onLease(frame.leaseExpiresAt)
  }

  /** What new events say beyond the log: about who types, about me, about what I was sending. */
  #applied(events: readonly Event[]): void {
    this.#pins.apply(events)
    for (const thread of this.#openThreads) thread.applied(events)
    for (const event of events) {
      if (event.kind === 'message.created') this.#typing.ended(event.by)
      if (event.kind === 'member.changed' && event.userId === this.#options.userId) this.#role = event.role
    }
    this.#reconcile(events.flatMap((event) => (event.kind === 'message.created' ? [event.message] : [])))
  }

  /** My own messages in the log: where an ack was lost on the way this is as good, and none is shown twice. */
  #reconcile(messages: readonly Message[]): void {
    this.#outbox.acked(messages.filter((message) => message.authorId === this.#options.userId))
  }

  #connectionChanged(state: ConnectionState): void {
    if (state.phase === 'live') {
      this.#downSince = null
      this.#outbox.resume()
      this.#options.uploads.hurry()
      for (const thread of this.#openThreads) void thread.load()
    } else if (state.phase === 'idle') this.#downSince = null
    this.#changed()
  }

  #lost(code: number): void {
    this.#downSince ??= this.#options.clock.now()
    if (code === CLOSE.resyncNeeded) this.#mustStartOver = true
    if (NO_MEMBER.has(code)) {
      this.#keeper.stop()
      this.#keeper.wipe()
    }
    this.#letGo()
  }

  /** The socket is gone: what was about it is void, and no timer outlives it. */
  #letGo(): void {
    this.#typing.reset()
    this.#clear('#readTimer')
    this.#clear('#gotTimer')
    this.#outbox.suspend()
  }

  #confirmSoon(): void {
    if (this.#timeline.lastSeq - this.#confirmed >= GOT_EVENTS) return this.#confirm()
    this.#gotTimer ??= this.#options.clock.setTimer(() => this.#confirm(), GOT_AFTER_MS)
  }

  #confirm(): void {
    this.#clear('#gotTimer')
    this.#confirmed = this.#timeline.lastSeq
    this.#connection.send({ type: 'got', seq: this.#confirmed })
  }

  #sendRead(): void {
    this.#clear('#readTimer')
    this.#toldRead = this.#readSeq
    this.#connection.send({ type: 'read', seq: this.#toldRead })
    this.#readTimer = this.#options.clock.setTimer(() => {
      this.#readTimer = undefined
      if (this.#readSeq > this.#toldRead) this.#sendRead()
    }, READ_EVERY_MS)
  }

  #readConfirmed(seq: number): void {
    this.#readSeq = Math.max(this.#readSeq, seq)
    if (seq >= this.#unconfirmedRead) this.#unconfirmedRead = 0
  }

  #clear(name: '#readTimer' | '#gotTimer'): void {
    const timer = name === '#readTimer' ? this.#readTimer : this.#gotTimer
    if (timer !== undefined) this.#options.clock.clearTimer(timer)
    if (name === '#readTimer') this.#readTimer = undefined
    else this.#gotTimer = undefined
  }

  #changed(): void {
    this.#snapshot = undefined
    for (const listener of this.#listeners) listener()
    for (const thread of this.#openThreads) thread.touch()
  }

  #makeSnapshot(): ConversationState {
    const timeline = this.#timeline
    const messages = this.#messages()
    return {
      connection: this.#connection.state,
      downSince: this.#downSince,
      isLoaded: timeline.isLoaded,
      role: this.#role,
      members: timeline.members,
      messages,
      main: this.#mainOf(messages),
      pending: this.#outbox.pending(timeline.lastSeq),
      hasOlder: timeline.hasOlder,
      older: this.#older,
      pins: this.#pins.shown(messages, this.#outbox.changes(timeline.lastSeq)),
      pinsLoading: this.#pins.loading,
      reads: this.#reads,
      typing: this.#typing.ids,
      present: this.#present,
      readSeq: this.#readSeq,
      threads: this.#threads,
      limits: this.#limits,
      refused: this.#refused,
    }
  }

  /** The same array while the messages are. */
  #mainOf(messages: readonly Message[]): readonly Message[] {
    if (this.#main?.messages === messages) return this.#main.main
    const main = messages.every(isInMain) ? messages : messages.filter(isInMain)
    this.#main = { messages, main }
    return main
  }

  /** The log with this person's own pending changes on top; the same array while neither has changed. */
  #messages(): readonly Message[] {
    const { messages, lastSeq } = this.#timeline
    const changes = this.#outbox.changes(lastSeq)
    const known = this.#overlay
    if (known?.messages === messages && known.changes === changes) return known.shown
    const shown = withPending(messages, changes)
    this.#overlay = { messages, changes, shown }
    return shown
  }
}

const ALSO = { alsoToConversation: true } as const

function frameOf(operation: StoredOperation): object {
  const { userId: _user, conversationId: _conversation, createdAt: _at, error: _error, ...frame } = operation
  if (frame.type !== 'send') return frame
  const { replyTo, files, ...send } = frame
  return {
    ...send,
    ...(replyTo === null ? {} : { replyTo }),
    ...(files ? { attachments: files.map(({ attachmentId }) => attachmentId) } : {}),
  }
}
