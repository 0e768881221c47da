/**
 * Which messages this person has saved, on this device: marks that the server counts, so that whoever missed a
 * change knows it and asks for all of them. Who never saved anything asks for nothing.
 */
import type { InboxSavedFrame, SavedChange, SavedMarksAnswer } from '../protocol/index.ts'
import type { Api } from './api.ts'

/** Conversation id → the seqs of what is saved there. */
export type SavedMarks = ReadonlyMap<string, ReadonlySet<number>>
export type SavedCalls = Pick<Api, 'savedMarks' | 'save' | 'unsave'>
export type SavedOptions = { api: SavedCalls; onChange: () => void }

/** One's own change on its way. `isHeard`: the server has told of this message since. */
type Pending = SavedChange & { isHeard: boolean }

export class Saved {
  readonly #options: SavedOptions
  #marks: SavedMarks = new Map()
  /** Where the marks are, and where the server has said that they should be. */
  #rev = 0
  #heard = 0
  #isLoading = false
  #pending: readonly Pending[] = []
  /** The call before: two about one message must not overtake each other. */
  #last: Promise<void> = Promise.resolve()
  #shown: SavedMarks | undefined

  constructor(options: SavedOptions) {
    this.#options = options
  }

  get rev(): number {
    return this.#rev
  }

  /** With one's own pending changes on top. The same map until something changes. */
  get marks(): SavedMarks {
    this.#shown ??= this.#pending.reduce(withChange, this.#marks)
    return this.#shown
  }

  /** What the inbox socket says. */
  hear({ rev, changes }: InboxSavedFrame): void {
    this.#heard = rev
    if (changes.length > 0 && rev === this.#rev + changes.length) {
      this.#rev = rev
      this.#set(changes.reduce(withChange, this.#marks))
    }
    for (const pending of this.#pending) {
      if (changes.some((change) => isSamePlace(change, pending))) pending.isHeard = true
    }
    if (this.#rev !== this.#heard) void this.#load()
  }

  /** Shows at once, and is taken back where the server does not take it. @throws ApiError then */
  async change(change: SavedChange): Promise<void> {
    const pending: Pending = { ...change, isHeard: false }
    this.#pending = [...this.#pending, pending]
    this.#set(this.#marks)
    const { conversationId, seq, on } = change
    const { save, unsave } = this.#options.api
    const call = this.#last.then(() => (on ? save : unsave)(conversationId, seq))
    this.#last = call.catch(() => undefined)
    try {
      await call
      // What was heard since is newer than this answer.
      if (!pending.isHeard) this.#marks = withChange(this.#marks, change)
    } finally {
      this.#pending = this.#pending.filter((each) => each !== pending)
      this.#set(this.#marks)
    }
  }

  async #load(): Promise<void> {
    if (this.#isLoading) return
    this.#isLoading = true
    // A failure leaves what is known: the next connection says again where it stands.
    const answer = await this.#options.api.savedMarks().catch(() => undefined)
    this.#isLoading = false
    if (!answer) return
    this.#rev = answer.rev
    this.#set(toMarks(answer))
    // An answer from before what was heard meanwhile; one from after it is only early.
    if (answer.rev < this.#heard) await this.#load()
  }

  #set(marks: SavedMarks): void {
    this.#marks = marks
    this.#shown = undefined
    this.#options.onChange()
  }
}

function withChange(marks: SavedMarks, { conversationId, seq, on }: SavedChange): SavedMarks {
  const seqs = new Set(marks.get(conversationId))
  if (on) seqs.add(seq)
  else seqs.delete(seq)
  return new Map(marks).set(conversationId, seqs)
}

function toMarks({ marks }: SavedMarksAnswer): SavedMarks {
  return new Map(Object.entries(marks).map(([conversationId, seqs]) => [conversationId, new Set(seqs)]))
}

function isSamePlace(a: SavedChange, b: SavedChange): boolean {
  return a.conversationId === b.conversationId && a.seq === b.seq
}
