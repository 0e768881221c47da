/**
 * A person's conversation list, live. Keyed state, not a log: each row replaces the one before, and what came
 * after the highest `rev` known is all that is ever asked for, so it can be neither too far behind nor stuck.
 */
import {
  type InboxRow,
  type InboxServerFrame,
  PRESENCE_DOUBTED_AFTER_MS,
  type PresenceStatus,
  PUSH_MEMBERS_MAX,
  TYPING_EXPIRES_MS,
  uuidv7,
  WATCH_EVERY_MS,
} from '../protocol/index.ts'
import type { Authorize } from './api.ts'
import { Connection, type ConnectionState } from './connection.ts'
import type { Clock, OpenSocket, Timer } from './platform.ts'
import { Saved, type SavedCalls, type SavedMarks } from './saved.ts'
import { type Link, type LinkEvents, SharedLink, type Sharing } from './shared-link.ts'
import type { Store } from './store.ts'

export type Presence = { status: PresenceStatus; lastSeenAt: number | undefined }

export type InboxState = {
  connection: ConnectionState
  /** Since when there has been no socket (ms since 1970), null while there is one. */
  downSince: number | null
  /** False until rows have come, from this device's disk or from the server. */
  isLoaded: boolean
  /** By conversation id, without those that were removed; in no order. */
  rows: ReadonlyMap<string, InboxRow>
  /** Of people who are watched, by user id. */
  presence: ReadonlyMap<string, Presence>
  /** Who types in direct conversations that are not open: conversation id → user id. */
  typing: ReadonlyMap<string, string>
  /** What this person has saved for themselves. */
  saved: SavedMarks
}

export type InboxOptions = {
  userId: string
  /** `wss://…` without a path */
  socketUrl: string
  authorize: Authorize
  api: SavedCalls
  openSocket: OpenSocket
  store: Store
  clock: Clock
  random: () => number
  /** How tabs of one browser share a socket; undefined where they cannot. */
  sharing?: Sharing | undefined
}

export class Inbox {
  readonly #options: InboxOptions
  readonly #connection: Link
  readonly #listeners = new Set<() => void>()
  readonly #saved: Saved
  #snapshot: InboxState | undefined
  #rows: ReadonlyMap<string, InboxRow> = new Map()
  /** Rows that went while this page was open: another tab may still show them. */
  readonly #removed = new Map<string, InboxRow>()
  #presence: ReadonlyMap<string, Presence> = new Map()
  #typing: ReadonlyMap<string, string> = new Map()
  #typingTimers = new Map<string, Timer>()
  #rev = 0
  #isLoaded = false
  #isClosed = false
  #downSince: number | null = null
  #status: 'online' | 'away' = 'online'
  #watched: readonly string[] = []
  #watchTimer: Timer | undefined
  #doubtTimer: Timer | undefined

  constructor(options: InboxOptions) {
    const { userId, authorize, openSocket, clock, random, socketUrl, sharing } = options
    this.#options = options
    this.#saved = new Saved({ api: options.api, onChange: () => this.#changed() })
    const url = () => `${socketUrl}/api/inbox/socket?after=${this.#rev}`
    const connect = ({ onFrame, ...told }: LinkEvents): Link =>
      new Connection({
        ...{ url, authorize, openSocket, clock, random, ...told },
        onFrame: (frame) => onFrame(frame as InboxServerFrame),
      })
    const events: LinkEvents = {
      onFrame: (frame) => this.#receive(frame),
      onState: (state) => this.#connectionChanged(state),
      onLost: () => this.#lost(),
    }
    if (!sharing) this.#connection = connect(events)
    else {
      this.#connection = new SharedLink({
        ...{ sharing, clock, events, connect },
        name: `edgewise-inbox-${userId}`,
        tab: uuidv7(clock.now()),
        framesAfter: (rev) => this.#framesAfter(rev),
        rev: () => this.#rev,
      })
    }
  }

  /** An immutable snapshot: a new object after each change, with the unchanged parts the same. */
  get state(): InboxState {
    this.#snapshot ??= {
      connection: this.#connection.state,
      downSince: this.#downSince,
      isLoaded: this.#isLoaded,
      rows: this.#rows,
      presence: this.#presence,
      typing: this.#typing,
      saved: this.#saved.marks,
    }
    return this.#snapshot
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Shows what this device knows, then asks for what came after it. */
  async open(): Promise<void> {
    const stored = await this.#options.store.rows(this.#options.userId).catch(() => [])
    if (stored.length > 0) this.#apply(stored)
    if (!this.#isClosed) this.#connection.start()
  }

  close(): void {
    this.#isClosed = true
    this.#connection.stop()
    this.#stopWatching()
    this.#stopDoubting()
    for (const timer of this.#typingTimers.values()) this.#options.clock.clearTimer(timer)
    this.#typingTimers.clear()
  }

  reconnectNow(): void {
    this.#connection.start()
    this.#connection.reconnectNow()
  }

  /** How this tab is: seen and in use, or not. */
  setPresence(status: 'online' | 'away'): void {
    this.#status = status
    this.#connection.send({ type: 'presence', status })
    // Who does not look need not know: no question is asked for a screen that nobody sees.
    if (status === 'online') this.#askPresence()
    else this.#stopWatching()
  }

  /** Whose presence is on the screen now. */
  watch(userIds: readonly string[]): void {
    const isSame =
      userIds.length === this.#watched.length && userIds.every((id, n) => id === this.#watched[n])
    if (isSame) return
    this.#watched = userIds
    this.#askPresence()
  }

  /** Takes a row that an HTTP call answered with, until the socket brings the same or a newer one. */
  put(row: InboxRow): void {
    const known = this.#rows.get(row.id)
    if (!known || known.rev <= row.rev) this.#apply([row])
  }

  /** Saves a message for oneself, or lets it go: at once here, soon on all devices. @throws ApiError */
  setSaved(conversationId: string, seq: number, on: boolean): Promise<void> {
    return this.#saved.change({ conversationId, seq, on })
  }

  #receive(frame: InboxServerFrame): void {
    switch (frame.type) {
      case 'hello':
        // A list that is ahead of the server's is of another history: the server tells everything anew.
        if (frame.rev < this.#rev) this.#startOver()
        break
      case 'rows':
        this.#apply(frame.rows)
        this.#rev = Math.max(this.#rev, frame.rev)
        void this.#options.store.putRows(this.#options.userId, frame.rows).catch(() => {
          // No disk: the list is asked for anew next time.
        })
        break
      case 'live':
        this.#rev = Math.max(this.#rev, frame.rev)
        this.#isLoaded = true
        break
      case 'presence':
        this.#presence = new Map(this.#presence).set(frame.userId, {
          status: frame.status,
          lastSeenAt: frame.lastSeenAt,
        })
        break
      case 'typing':
        this.#typingChanged(frame.conversationId, frame.active ? frame.userId : undefined)
        break
      case 'saved':
        this.#saved.hear(frame)
        break
      case 'error':
        break
    }
    this.#changed()
  }

  #startOver(): void {
    const { store, userId } = this.#options
    const gone = [...this.#rows.values()].map((row) => ({ ...row, removed: true as const }))
    void store.putRows(userId, gone).catch(() => {
      // No disk: nothing there to forget.
    })
    this.#rev = 0
    this.#rows = new Map()
    this.#removed.clear()
  }

  /** What another tab of this browser lacks: rows, who is there, who types. */
  #framesAfter(after: number): InboxServerFrame[] {
    const rows = [...this.#rows.values(), ...this.#removed.values()].filter((row) => row.rev > after)
    return [
      { type: 'rows', rev: this.#rev, rows },
      ...(this.#saved.rev > 0 ? [{ type: 'saved' as const, rev: this.#saved.rev, changes: [] }] : []),
      { type: 'live', rev: this.#rev },
      ...[...this.#presence].map(([userId, { status, lastSeenAt }]) => ({
        ...{ type: 'presence' as const, userId, status },
        ...(lastSeenAt === undefined ? {} : { lastSeenAt }),
      })),
    ]
  }

  #apply(rows: readonly InboxRow[]): void {
    const next = new Map(this.#rows)
    for (const row of rows) {
      if (row.removed) {
        next.delete(row.id)
        this.#removed.set(row.id, row)
      } else {
        next.set(row.id, row)
        this.#removed.delete(row.id)
      }
      // Whoever was typing has now said it.
      if (row.lastMessage?.authorId === this.#typing.get(row.id)) this.#typingChanged(row.id, undefined)
      this.#rev = Math.max(this.#rev, row.rev)
    }
    this.#rows = next
    this.#isLoaded = true
    this.#changed()
  }

  #typingChanged(conversationId: string, userId: string | undefined): void {
    const { clock } = this.#options
    const timer = this.#typingTimers.get(conversationId)
    if (timer !== undefined) clock.clearTimer(timer)
    this.#typingTimers.delete(conversationId)
    const typing = new Map(this.#typing)
    if (userId === undefined) typing.delete(conversationId)
    else {
      typing.set(conversationId, userId)
      const expire = () => this.#typingChanged(conversationId, undefined)
      this.#typingTimers.set(conversationId, clock.setTimer(expire, TYPING_EXPIRES_MS))
    }
    this.#typing = typing
    this.#changed()
  }

  #connectionChanged(state: ConnectionState): void {
    if (state.phase === 'live') {
      this.#downSince = null
      this.#stopDoubting()
      this.#connection.send({ type: 'presence', status: this.#status })
      this.#askPresence()
    } else if (state.phase === 'idle') this.#downSince = null
    this.#changed()
  }

  /** Who was there may be gone by now: nobody is shown as there without a connection that says so. */
  #lost(): void {
    this.#downSince ??= this.#options.clock.now()
    this.#doubtTimer ??= this.#options.clock.setTimer(() => {
      this.#presence = new Map()
      this.#changed()
    }, PRESENCE_DOUBTED_AFTER_MS)
  }

  #stopDoubting(): void {
    if (this.#doubtTimer !== undefined) this.#options.clock.clearTimer(this.#doubtTimer)
    this.#doubtTimer = undefined
  }

  /** Asks who is there, and again while somebody looks: a cable that is pulled tells nobody, and a large conversation calls nobody. */
  #askPresence(): void {
    this.#stopWatching()
    const hasLarge = [...this.#rows.values()].some((row) => row.memberCount > PUSH_MEMBERS_MAX)
    if (this.#status !== 'online' || (this.#watched.length === 0 && !hasLarge)) return
    this.#connection.send({ type: 'watch', userIds: [...this.#watched] })
    this.#watchTimer = this.#options.clock.setTimer(() => this.#askPresence(), WATCH_EVERY_MS)
  }

  #stopWatching(): void {
    if (this.#watchTimer !== undefined) this.#options.clock.clearTimer(this.#watchTimer)
    this.#watchTimer = undefined
  }

  #changed(): void {
    this.#snapshot = undefined
    for (const listener of this.#listeners) listener()
  }
}
