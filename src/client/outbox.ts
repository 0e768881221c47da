/**
 * What this person said and the server has not acknowledged: kept on disk, sent in order, one at a time (a
 * second one under way could overtake a first that is told to wait), and repeated under the same id until
 * there is an answer. Two tabs may both send the same operation: the server makes it happen once.
 */
import { ANSWER_WITHIN_MS, type ErrorCode, SEND_RETRY_MS, SEND_TRIES } from '../protocol/index.ts'
import { type FilesOnTheirWay, OutgoingFiles } from './outgoing-files.ts'
import type { Clock, Timer } from './platform.ts'
import { showMessage } from './shown-message.ts'
import { type OutgoingFile, type Store, type StoredOperation, withAttachment } from './store.ts'

export type PendingMessage = {
  id: string
  text: string
  replyTo: number | null
  thread?: number
  alsoToConversation?: true
  createdAt: number
  state: 'queued' | 'sending' | 'failed'
  error?: { code: string; message: string }
  files?: readonly OutgoingFile[]
  /** Percent of its files that are at the server; only where something of them is not yet. */
  uploaded?: number
}

export type OutboxOptions = {
  conversationId: string
  userId: string
  store: Store
  uploads: FilesOnTheirWay
  clock: Clock
  /** Puts an operation on the socket. @returns false where there is none */
  transmit: (operation: StoredOperation) => boolean
  /** A change of a message was refused for good. */
  onRefused: (operation: PendingChange, error: { code: string; message: string }) => void
  /** Nothing came back for too long over a socket that seems alive: another one is to be tried. */
  onUnanswered: () => void
  onChange: () => void
}

/** An edit, deletion, reaction or pin that the server has not confirmed yet. */
export type PendingChange = Exclude<StoredOperation, { type: 'send' }>

/** An operation and how far it has got. */
type Entry = {
  operation: StoredOperation
  /** False until the disk has it, or has said that it cannot: before that it does not go out. */
  isKept: boolean
  /** The disk has it, as far as this page knows. */
  isOnDisk: boolean
  /** How often the server could not take it. */
  tries: number
  /** Also where an earlier life of this page may have sent it: then nobody knows whether it has arrived. */
  wasSent: boolean
  /** It is on the server's disk, its event is on the way. */
  ackedSeq?: number
  /** What was shown last: the same object until something about it changes. */
  shown?: PendingMessage
}

/** The server could not take it just now; it may in a moment. */
const PASSING: ReadonlySet<string> = new Set<ErrorCode>(['overloaded', 'unavailable', 'internal'])

export class Outbox {
  readonly #options: OutboxOptions
  readonly #files: OutgoingFiles
  #entries: Entry[] = []
  /** Every id that was ever here, or was seen in the log: the disk, read late, must not bring it back. */
  readonly #known = new Set<string>()
  #shown: readonly PendingMessage[] = []
  #changes: readonly PendingChange[] = []
  #inFlight: Entry | undefined
  #patience: Timer | undefined
  #isLoaded = false
  #isLive = false
  #pause: Timer | undefined

  constructor(options: OutboxOptions) {
    this.#options = options
    this.#files = new OutgoingFiles(options)
  }

  /** Takes up what an earlier life of this page left. Nothing goes out before: it would overtake. */
  async load(): Promise<void> {
    const { store, userId, conversationId } = this.#options
    // No disk: what is in memory is all there is.
    const stored = await store.operations(userId).catch(() => [])
    const missing = stored.filter(
      (each) => each.conversationId === conversationId && !this.#known.has(each.id),
    )
    for (const { id } of stored) if (this.#known.has(id) && !this.#find(id)) this.#remove(id)
    for (const { id } of missing) this.#known.add(id)
    const taken = missing.map((operation) => ({
      ...{ operation, isKept: true, isOnDisk: true, tries: 0, wasSent: true },
    }))
    this.#entries = [...taken, ...this.#entries]
    for (const { operation } of taken) if (!operation.error) this.#files.ensure(operation)
    this.#isLoaded = true
    this.#changed()
  }

  /** In order, without those whose event has been applied up to `lastSeq`. The same array until it changes. */
  pending(lastSeq: number): readonly PendingMessage[] {
    this.#entries = this.#entries.filter((entry) => entry.ackedSeq === undefined || entry.ackedSeq > lastSeq)
    const shown = this.#entries.flatMap((entry) => this.#show(entry) ?? [])
    const isSame = shown.length === this.#shown.length && shown.every((each, n) => each === this.#shown[n])
    if (!isSame) this.#shown = shown
    return this.#shown
  }

  /** What is still to be done to messages, in order, up to what has been applied. */
  changes(lastSeq: number): readonly PendingChange[] {
    const changes = this.#entries.flatMap(({ operation, ackedSeq }) =>
      operation.type === 'send' || (ackedSeq ?? Number.POSITIVE_INFINITY) <= lastSeq ? [] : [operation],
    )
    const isSame =
      changes.length === this.#changes.length && changes.every((each, n) => each === this.#changes[n])
    if (!isSame) this.#changes = changes
    return this.#changes
  }

  /** Whether anything waits that its author has not been told has failed. */
  get hasUnsent(): boolean {
    return this.#entries.some((entry) => !entry.operation.error)
  }

  /** On disk first, then on the wire: a crash in between repeats it instead of losing it. */
  async add(operation: StoredOperation): Promise<void> {
    if (this.#cancelsOut(operation)) return this.#changed()
    const entry: Entry = { operation, isKept: false, isOnDisk: false, tries: 0, wasSent: false }
    this.#known.add(operation.id)
    this.#entries.push(entry)
    this.#options.onChange()
    // No disk (a private window, a full one): memory still carries it while the page lives.
    entry.isOnDisk = await this.#keep(operation, this.#files.bytesOf(operation))
    entry.isKept = true
    this.filesMoved()
    this.#flush()
  }

  /** Files have got further: how far is news, an id goes to disk, a refusal is the message's. */
  filesMoved(): void {
    const going = this.#entries.filter(
      ({ operation, ackedSeq }) =>
        !operation.error && ackedSeq === undefined && !this.#files.areThere(operation),
    )
    if (going.length === 0) return
    for (const entry of going) {
      const { failure, arrived } = this.#files.look(entry.operation)
      if (failure) this.#fail(entry, failure)
      else if (entry.isKept)
        for (const { id, attachmentId } of arrived) void this.#adopt(entry, id, attachmentId)
    }
    this.#changed()
  }

  /** The connection is live: what waited goes out. */
  resume(): void {
    this.#isLive = true
    this.#changed()
  }

  /** The connection is gone: what was under way may or may not have arrived, and is sent again. */
  suspend(): void {
    this.#isLive = false
    this.#setInFlight(undefined)
    this.#clearPause()
    this.#options.onChange()
  }

  /**
   * Stored as `seq`: the server has said so, or the operations' own events have come. All that came together
   * are settled before anyone is told: none is seen both here and in the log.
   */
  acked(stored: readonly { id: string; seq: number }[]): void {
    let isNews = false
    for (const { id, seq } of stored) {
      this.#known.add(id)
      const entry = this.#find(id)
      if (!entry || entry.ackedSeq !== undefined) continue
      isNews = true
      entry.ackedSeq = seq
      this.#settle(entry)
      this.#files.forget(entry.operation)
      this.#remove(id)
    }
    if (isNews) this.#changed()
  }

  /** @returns false where the refusal was not about one of these operations */
  refused(id: string, error: { code: string; message: string }, retryAfterMs?: number): boolean {
    const entry = this.#find(id)
    if (!entry) return false
    this.#settle(entry)
    // Being told to wait is not a failed try, however often it happens.
    if (PASSING.has(error.code)) entry.tries += 1
    const isPassing = error.code === 'rate_limited' || (PASSING.has(error.code) && entry.tries < SEND_TRIES)
    if (isPassing) this.#pauseFor(retryAfterMs ?? SEND_RETRY_MS)
    else if (entry.operation.type === 'send') this.#fail(entry, { code: error.code, message: error.message })
    else {
      // A change that is refused is undone on the screen, with a word why; there is nothing to try again.
      this.#drop(id)
      this.#options.onRefused(entry.operation, { code: error.code, message: error.message })
    }
    this.#changed()
    return true
  }

  retry(id: string): void {
    const entry = this.#find(id)
    if (!entry?.operation.error) return
    const { error, ...operation } = entry.operation
    entry.operation = this.#files.again(operation, error)
    entry.tries = 0
    void this.#keep(entry.operation)
    this.#changed()
  }

  discard(id: string): void {
    const entry = this.#find(id)
    if (entry) this.#files.cancel(entry.operation)
    this.#drop(id)
    this.#changed()
  }

  #drop(id: string): void {
    this.#entries = this.#entries.filter((entry) => entry.operation.id !== id)
    if (this.#inFlight?.operation.id === id) this.#setInFlight(undefined)
    this.#remove(id)
  }

  /**
   * What waits and has become pointless goes: a reaction put on and taken off again is nothing, an edit gives
   * way to the next, and nothing needs changing in what is to be deleted. What is under way stays.
   * @returns whether the new one is pointless with it
   */
  #cancelsOut(added: StoredOperation): boolean {
    if (added.type === 'send') return false
    const waiting = this.#entries.filter(
      (entry) => entry !== this.#inFlight && entry.ackedSeq === undefined && entry.operation.type !== 'send',
    )
    for (const { operation, wasSent } of waiting) {
      if (operation.type === 'send' || operation.target !== added.target) continue
      // Two that undo each other both go, unless the first may have arrived: then the second has to follow it.
      const isToggle = !wasSent && isOpposite(operation, added)
      const isReplaced = added.type === 'delete' || (added.type === 'edit' && operation.type === 'edit')
      if (isToggle || isReplaced) this.#drop(operation.id)
      if (isToggle) return true
    }
    return false
  }

  #flush(): void {
    if (!this.#isLive || !this.#isLoaded || this.#inFlight || this.#pause !== undefined) return
    const next = this.#next()
    // One that is not on disk yet holds back those after it too: order is kept.
    if (!next?.isKept || !this.#options.transmit(next.operation)) return
    next.wasSent = true
    this.#setInFlight(next)
  }

  /** In order. A message whose files are still going up holds back the messages after it, and only those. */
  #next(): Entry | undefined {
    const waiting = this.#entries.filter((entry) => entry.ackedSeq === undefined && !entry.operation.error)
    const held = waiting.findIndex(({ operation }) => !this.#files.areThere(operation))
    return waiting.find((entry, at) => held < 0 || at < held || entry.operation.type !== 'send')
  }

  /** What the server calls a file is on disk before it is sent: after a crash the same message is sent again. */
  async #adopt(entry: Entry, fileId: string, attachmentId: string): Promise<void> {
    const { id } = entry.operation
    const kept = entry.isOnDisk ? await this.#files.adopt(id, fileId, attachmentId) : attachmentId
    // Sent or deleted by another tab, which will be told by the log.
    if (kept === undefined) this.discard(id)
    else entry.operation = withAttachment(entry.operation, fileId, kept)
    this.#changed()
  }

  #show(entry: Entry): PendingMessage | undefined {
    if (entry.operation.type !== 'send') return undefined
    const { operation } = entry
    const isUnderWay = this.#isLive || entry.ackedSeq !== undefined
    const uploaded = entry.ackedSeq === undefined ? this.#files.percent(operation) : undefined
    entry.shown = showMessage(operation, { isUnderWay, uploaded }, entry.shown)
    return entry.shown
  }

  #fail(entry: Entry, error: { code: string; message: string }): void {
    entry.operation = { ...entry.operation, error }
    void this.#keep(entry.operation)
  }

  /** A disk that fails is no reason to fail: what it does not hold, memory does. */
  async #keep(operation: StoredOperation, files?: ReadonlyMap<string, Blob>): Promise<boolean> {
    return this.#options.store.put(operation, files).then(
      () => true,
      () => false,
    )
  }

  #remove(id: string): void {
    // What stays on disk is sent once more after a reload, and answered as the duplicate that it is.
    this.#options.store.remove(id).catch(() => undefined)
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
    if (this.#inFlight === entry) this.#setInFlight(undefined)
  }

  #setInFlight(entry: Entry | undefined): void {
    const { clock, onUnanswered } = this.#options
    if (this.#patience !== undefined) clock.clearTimer(this.#patience)
    this.#patience = entry && clock.setTimer(onUnanswered, ANSWER_WITHIN_MS)
    this.#inFlight = entry
  }

  #changed(): void {
    this.#flush()
    this.#options.onChange()
  }

  #find(id: string): Entry | undefined {
    return this.#entries.find((entry) => entry.operation.id === id)
  }
}

/** Puts on and takes off the same. */
function isOpposite(waiting: StoredOperation, added: StoredOperation): boolean {
  if (waiting.type === 'react' && added.type === 'react') {
    return waiting.emoji === added.emoji && waiting.on !== added.on
  }
  return waiting.type === 'pin' && added.type === 'pin' && waiting.on !== added.on
}
