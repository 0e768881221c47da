/**
 * What this person said and the server has not acknowledged: kept on disk, sent in order, one at a time (a
 * second one under way could overtake a first that is told to wait), and repeated under the same id until
 * there is an answer. Two tabs may both send the same operation: the server makes it happen once.
 */
import { type ErrorCode, SEND_RETRY_MS, SEND_TRIES } from '../protocol/index.ts'
import type { Clock, Timer } from './platform.ts'
import type { Store, StoredOperation } from './store.ts'

export type PendingMessage = {
  id: string
  text: string
  replyTo: number | null
  createdAt: number
  state: 'queued' | 'sending' | 'failed'
  error?: { code: string; message: string }
}

export type OutboxOptions = {
  conversationId: string
  userId: string
  store: Store
  clock: Clock
  /** Puts an operation on the socket. @returns false where there is none */
  transmit: (operation: StoredOperation) => boolean
  onChange: () => void
}

/** An operation and how far it has got. `ackedSeq`: it is on the server's disk, its event is on the way. */
type Entry = { operation: StoredOperation; tries: number; ackedSeq?: number }

/** The server could not take it just now; it may in a moment. */
const PASSING: ReadonlySet<string> = new Set<ErrorCode>(['overloaded', 'unavailable', 'internal'])

export class Outbox {
  readonly #options: OutboxOptions
  #entries: Entry[] = []
  #inFlight: Entry | undefined
  #isLive = false
  #pause: Timer | undefined

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** Takes up what an earlier life of this page left. */
  async load(): Promise<void> {
    const { store, userId, conversationId } = this.#options
    const stored = (await store.operations(userId)).filter((each) => each.conversationId === conversationId)
    const known = new Set(this.#entries.map((entry) => entry.operation.id))
    const missing = stored.filter((each) => !known.has(each.id)).map((operation) => ({ operation, tries: 0 }))
    this.#entries = [...missing, ...this.#entries]
    if (missing.length > 0) this.#changed()
  }

  /** In order, without those whose event has been applied up to `lastSeq`. */
  pending(lastSeq: number): PendingMessage[] {
    this.#entries = this.#entries.filter((entry) => entry.ackedSeq === undefined || entry.ackedSeq > lastSeq)
    return this.#entries.map((entry) => {
      const { id, text, replyTo, createdAt, error } = entry.operation
      const state = error ? 'failed' : this.#isLive || entry.ackedSeq !== undefined ? 'sending' : 'queued'
      return { id, text, replyTo, createdAt, state, ...(error ? { error } : {}) }
    })
  }

  /** On disk first, then on the wire: a crash in between repeats it instead of losing it. */
  async add(operation: StoredOperation): Promise<void> {
    const entry: Entry = { operation, tries: 0 }
    this.#entries.push(entry)
    this.#options.onChange()
    await this.#options.store.put(operation).catch(() => {
      // No disk (a private window, a full one): memory still carries it while the page lives.
    })
    this.#flush()
  }

  /** The connection is live: what waited goes out. */
  resume(): void {
    this.#isLive = true
    this.#changed()
  }

  /** The connection is gone: what was under way may or may not have arrived, and is sent again. */
  suspend(): void {
    this.#isLive = false
    this.#inFlight = undefined
    this.#clearPause()
    this.#options.onChange()
  }

  acked(id: string, seq: number): void {
    const entry = this.#find(id)
    if (!entry) return
    entry.ackedSeq = seq
    this.#settle(entry)
    void this.#options.store.remove(id)
    this.#changed()
  }

  /** @returns false where the refusal was not about one of these operations */
  refused(id: string, error: { code: string; message: string }, retryAfterMs?: number): boolean {
    const entry = this.#find(id)
    if (!entry) return false
    this.#settle(entry)
    entry.tries += 1
    if (error.code === 'rate_limited') this.#pauseFor(retryAfterMs ?? SEND_RETRY_MS)
    else if (PASSING.has(error.code) && entry.tries < SEND_TRIES)
      this.#pauseFor(retryAfterMs ?? SEND_RETRY_MS)
    else this.#fail(entry, error)
    this.#changed()
    return true
  }

  retry(id: string): void {
    const entry = this.#find(id)
    if (!entry?.operation.error) return
    const { error: _, ...operation } = entry.operation
    entry.operation = operation
    entry.tries = 0
    void this.#options.store.put(operation)
    this.#changed()
  }

  discard(id: string): void {
    this.#entries = this.#entries.filter((entry) => entry.operation.id !== id)
    if (this.#inFlight?.operation.id === id) this.#inFlight = undefined
    void this.#options.store.remove(id)
    this.#changed()
  }

  #flush(): void {
    if (!this.#isLive || this.#inFlight || this.#pause !== undefined) return
    const next = this.#entries.find((entry) => entry.ackedSeq === undefined && !entry.operation.error)
    if (next && this.#options.transmit(next.operation)) this.#inFlight = next
  }

  #fail(entry: Entry, error: { code: string; message: string }): void {
    entry.operation = { ...entry.operation, error }
    void this.#options.store.put(entry.operation)
  }

  #pauseFor(ms: number): void {
    this.#clearPause()
    this.#pause = this.#options.clock.setTimer(() => {
      this.#pause = undefined
      this.#flush()
    }, ms)
  }

  #clearPause(): void {
    if (this.#pause !== undefined) this.#options.clock.clearTimer(this.#pause)
    this.#pause = undefined
  }

  #settle(entry: Entry): void {
    if (this.#inFlight === entry) this.#inFlight = undefined
  }

  #changed(): void {
    this.#flush()
    this.#options.onChange()
  }

  #find(id: string): Entry | undefined {
    return this.#entries.find((entry) => entry.operation.id === id)
  }
}
