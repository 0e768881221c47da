/**
 * What is pinned in one conversation: which messages is kept by the log, like everything else. What those say
 * that lie further back than the messages in memory is asked for once somebody looks; a conversation without
 * pins costs no call.
 */
import type { Event, Message } from '../protocol/index.ts'
import { applyChange, type Change, withPending } from './changes.ts'
import type { PendingChange } from './outbox.ts'
import { placeOf } from './timeline.ts'

/** `message`: null until it has been asked for. */
export type Pin = { seq: number; message: Message | null }

export type PinsOptions = {
  /** Asks the server for what is pinned. */
  fetch: () => Promise<readonly Message[]>
  onChange: () => void
}

const NONE: readonly Pin[] = []

export class Pins {
  readonly #options: PinsOptions
  /** The last pinned first, as the log has it. */
  #seqs: readonly number[] = []
  readonly #fetched = new Map<number, Message>()
  #loading: 'idle' | 'loading' | 'failed' = 'idle'
  /** Changes that came while an answer was on its way: it may be from before them. */
  #meanwhile: Change[] = []
  /** Counts the windows: an answer from before one may lack what happened in between. */
  #windows = 0
  #shown: readonly Pin[] = NONE

  constructor(options: PinsOptions) {
    this.#options = options
  }

  get loading(): 'idle' | 'loading' | 'failed' {
    return this.#loading
  }

  /** The last pinned first. */
  get seqs(): readonly number[] {
    return this.#seqs
  }

  /** Starts over, with a window. */
  reset(seqs: readonly number[]): void {
    this.#seqs = seqs
    this.#fetched.clear()
    this.#meanwhile = []
    this.#windows += 1
  }

  /** Events that follow, each once and in order. */
  apply(events: readonly Event[]): void {
    for (const event of events) {
      switch (event.kind) {
        case 'message.pinned':
          this.#seqs = withPin(this.#seqs, event.target, event.on)
          break
        case 'message.deleted':
          this.#seqs = withPin(this.#seqs, event.target, false)
          this.#change(event)
          break
        case 'message.edited':
        case 'reaction.set':
          this.#change(event)
          break
      }
    }
  }

  /**
   * The last pinned first, with this person's own pending changes on top. The same array until it changes.
   * @param messages what is in memory, as it is shown
   */
  shown(messages: readonly Message[], changes: readonly PendingChange[]): readonly Pin[] {
    const seqs = changes.reduce(foretell, this.#seqs)
    const pins = seqs.map((seq, n) => {
      const held = messages[placeOf(messages, seq)]
      const message = held?.seq === seq ? held : this.#fetchedAt(seq, changes)
      const known = this.#shown[n]
      return known?.seq === seq && known.message === message ? known : { seq, message }
    })
    const isSame = pins.length === this.#shown.length && pins.every((pin, n) => pin === this.#shown[n])
    if (!isSame) this.#shown = pins
    return this.#shown
  }

  /** Asks for what they say. Failing is a state, not a throw. */
  async load(): Promise<void> {
    if (this.#loading === 'loading') return
    this.#loading = 'loading'
    this.#options.onChange()
    try {
      await this.#fetch()
      this.#loading = 'idle'
    } catch {
      this.#loading = 'failed'
    }
    this.#meanwhile = []
    this.#options.onChange()
  }

  async #fetch(): Promise<void> {
    const windows = this.#windows
    const messages = await this.#options.fetch()
    if (windows !== this.#windows) return this.#fetch()
    for (const message of messages) this.#fetched.set(message.seq, message)
    for (const change of this.#meanwhile) this.#place(change)
  }

  #change(change: Change): void {
    if (this.#loading === 'loading') this.#meanwhile.push(change)
    this.#place(change)
  }

  #place(change: Change): void {
    const message = this.#fetched.get(change.target)
    if (message) this.#fetched.set(change.target, applyChange(message, change))
  }

  #fetchedAt(seq: number, changes: readonly PendingChange[]): Message | null {
    const message = this.#fetched.get(seq)
    if (!message) return null
    const own = changes.filter((change) => change.target === seq)
    return withPending([message], own)[0] ?? null
  }
}

/** What is pinned once one of this person's own changes is done. */
function foretell(seqs: readonly number[], change: PendingChange): readonly number[] {
  if (change.type === 'pin') return withPin(seqs, change.target, change.on)
  return change.type === 'delete' ? withPin(seqs, change.target, false) : seqs
}

/** Pinned again is pinned last. The same array where nothing changes. */
function withPin(seqs: readonly number[], seq: number, on: boolean): readonly number[] {
  if (on ? seqs[0] === seq : !seqs.includes(seq)) return seqs
  const others = seqs.filter((each) => each !== seq)
  return on ? [seq, ...others] : others
}
