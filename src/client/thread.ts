/**
 * One thread of an open conversation: its root and replies as a conversation of its own, so that whatever shows and
 * writes conversations does the same for threads. Replies are messages of the same log: what comes live is the
 * conversation's, and only what lies further back is fetched.
 */
import { type Event, type Message, READ_EVERY_MS, type ServerFrameOf } from '../protocol/index.ts'
import type { Api } from './api.ts'
import { withPending } from './changes.ts'
import type { ConversationState } from './conversation.ts'
import type { PendingChange, PendingMessage } from './outbox.ts'
import type { Clock, Timer } from './platform.ts'
import { ThreadLog } from './thread-log.ts'

export type ThreadState = ConversationState & {
  /** The message that the thread is under; null until it is known. */
  root: Message | null
  follows: boolean
  /** Why it could not be loaded, until it is. */
  failure: unknown
}

export type SendOptions = {
  replyTo?: number
  thread?: number
  alsoToConversation?: boolean
  /** What `uploads.add` has called them; they need not be at the server yet. */
  files?: readonly string[]
}

/** What a thread has of its conversation. */
export type ThreadParts = {
  conversationId: string
  api: Pick<Api, 'messages' | 'followThread'>
  clock: Clock
  state: () => ConversationState
  changes: () => readonly PendingChange[]
  send: (text: string, options: SendOptions) => string
  /** @returns false where there is no socket */
  tellRead: (seq: number) => boolean
  onClose: () => void
}

export class Thread {
  readonly root: number
  readonly #parts: ThreadParts
  readonly #log: ThreadLog
  readonly #listeners = new Set<() => void>()
  #snapshot: ThreadState | undefined
  /** As it was fetched; where the conversation holds it, that one is shown. */
  #fetchedRoot: Message | null = null
  #isLoaded = false
  #isLoading = false
  #mustLoadAgain = false
  #failure: unknown = null
  #older: ConversationState['older'] = 'idle'
  #follows: boolean
  #readSeq: number
  /** The last marker that went out. */
  #toldRead = 0
  #readTimer: Timer | undefined
  #isClosed = false

  constructor(root: number, parts: ThreadParts) {
    this.root = root
    this.#parts = parts
    const { messages, threads } = parts.state()
    this.#log = new ThreadLog(root, messages)
    this.#follows = threads.has(root)
    this.#readSeq = threads.get(root) ?? 0
    void this.load()
  }

  get state(): ThreadState {
    this.#snapshot ??= this.#makeSnapshot()
    return this.#snapshot
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    // Seen is seen, even if only for half a second.
    if (this.#readSeq > this.#toldRead) this.#tellRead()
    if (this.#readTimer !== undefined) this.#parts.clock.clearTimer(this.#readTimer)
    this.#parts.onClose()
  }

  send(text: string, options: SendOptions = {}): string {
    return this.#parts.send(text, { ...options, thread: this.root })
  }

  /** The newest replies, and where this person is: at the beginning, and whenever the connection is back. */
  async load(): Promise<void> {
    // What is on its way may be from before the connection was lost.
    if (this.#isLoading) {
      this.#mustLoadAgain = true
      return
    }
    this.#isLoading = true
    const arrive = this.#log.depart()
    try {
      const page = await this.#parts.api.messages(this.#parts.conversationId, { thread: this.root })
      arrive(page, 'newest')
      this.#failure = null
      this.#isLoaded = true
      if (page.thread) this.#know(page.thread)
    } catch (error) {
      arrive(null, 'newest')
      this.#failure = error
    }
    this.#isLoading = false
    this.touch()
    if (!this.#mustLoadAgain || this.#isClosed) return
    this.#mustLoadAgain = false
    await this.load()
  }

  /** One page more. Failing is a state, not a throw. */
  async loadOlder(): Promise<void> {
    const [first] = this.#log.replies
    if (this.#older === 'loading' || !this.#isLoaded || !this.#log.hasOlder || !first) return
    this.#older = 'loading'
    this.touch()
    const arrive = this.#log.depart()
    try {
      const position = { thread: this.root, before: first.seq }
      arrive(await this.#parts.api.messages(this.#parts.conversationId, position), 'older')
      this.#older = 'idle'
    } catch {
      arrive(null, 'older')
      this.#older = 'failed'
    }
    this.touch()
  }

  /** Up to here was seen. Sent at most once a second, never back. */
  markRead(seq: number): void {
    if (seq <= this.#readSeq) return
    this.#readSeq = seq
    if (this.#readTimer === undefined) this.#tellRead()
    this.touch()
  }

  /** Shows at once. @throws ApiError where the server did not take it */
  async follow(on: boolean): Promise<void> {
    const before = this.#follows
    this.#follows = on
    this.touch()
    try {
      await this.#parts.api.followThread(this.#parts.conversationId, this.root, on)
    } catch (error) {
      this.#follows = before
      this.touch()
      throw error
    }
  }

  // ── what the conversation tells ───────────────────────────────────────────────────────────────────────

  applied(events: readonly Event[]): void {
    this.#log.apply(events)
  }

  /** The conversation has started over: what came meanwhile is fetched. */
  startOver(): void {
    this.#log.fallBehind()
  }

  marked({ follows, readSeq }: ServerFrameOf<'thread'>): void {
    this.#follows = follows
    this.#readSeq = Math.max(this.#readSeq, readSeq)
  }

  touch(): void {
    this.#snapshot = undefined
    for (const listener of this.#listeners) listener()
  }

  #know({ root, follows, readSeq }: { root: Message; follows: boolean; readSeq: number }): void {
    this.#fetchedRoot = root
    this.#follows = follows
    // What was read here while nobody could be told is told now.
    if (this.#readSeq > readSeq) this.#tellRead()
    else this.#readSeq = readSeq
  }

  #tellRead(): void {
    if (!this.#parts.tellRead(this.#readSeq)) return
    this.#toldRead = this.#readSeq
    this.#readTimer = this.#parts.clock.setTimer(() => {
      this.#readTimer = undefined
      if (this.#readSeq > this.#toldRead) this.#tellRead()
    }, READ_EVERY_MS)
  }

  #makeSnapshot(): ThreadState {
    const conversation = this.#parts.state()
    const held = conversation.messages.find(({ seq }) => seq === this.root)
    const replies = withPending(this.#log.replies, this.#parts.changes())
    const [fetched] = this.#fetchedRoot
      ? withPending([this.#log.current(this.#fetchedRoot)], this.#parts.changes())
      : []
    const root = held ?? fetched ?? null
    const messages = root && !this.#log.hasOlder ? [root, ...replies] : replies
    return {
      ...conversation,
      isLoaded: this.#isLoaded,
      messages,
      main: messages,
      pending: conversation.pending.filter(({ thread }) => thread === this.root),
      hasOlder: this.#log.hasOlder,
      older: this.#older,
      readSeq: this.#readSeq,
      typing: NOBODY,
      root,
      follows: this.#follows,
      failure: this.#failure,
    }
  }
}

const NOBODY: readonly string[] = []

/** Whether what waits stands in the conversation itself, and not in a thread alone. */
export function isPendingInMain({ thread, alsoToConversation }: PendingMessage): boolean {
  return thread === undefined || alsoToConversation === true
}
