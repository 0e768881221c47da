/** A person's saved messages as the server keeps them, in memory: the calls, and the frames that they cause. */
import type { SavedCalls } from '../../src/client/saved.ts'
import type { InboxSavedFrame } from '../../src/protocol/index.ts'

export class FakeSaved implements SavedCalls {
  rev = 0
  readonly places = new Set<string>()
  /** `on`, `off` or `marks`, in the order in which they arrived. */
  readonly calls: string[] = []
  /** What the next calls answer instead. */
  readonly failures: Error[] = []
  /** Each call waits for this. */
  gate: Promise<void> = Promise.resolve()
  #tell: (frame: InboxSavedFrame) => void = () => {}

  follow(tell: (frame: InboxSavedFrame) => void): void {
    this.#tell = tell
  }

  /** Where it stands: what a socket hears when it connects. */
  get standing(): InboxSavedFrame {
    return { type: 'saved', rev: this.rev, changes: [] }
  }

  /** A change, from here or from another device. */
  set(conversationId: string, seq: number, on: boolean): void {
    const place = `${conversationId} ${seq}`
    if (this.places.has(place) === on) return
    if (on) this.places.add(place)
    else this.places.delete(place)
    this.rev += 1
    this.#tell({ type: 'saved', rev: this.rev, changes: [{ conversationId, seq, on }] })
  }

  save = (conversationId: string, seq: number) => this.#call('on', () => this.set(conversationId, seq, true))
  unsave = (conversationId: string, seq: number) =>
    this.#call('off', () => this.set(conversationId, seq, false))
  savedMarks = () =>
    this.#call('marks', () => {
      const marks: Record<string, number[]> = {}
      for (const place of this.places) {
        const [conversationId = '', seq] = place.split(' ')
        marks[conversationId] = [...(marks[conversationId] ?? []), Number(seq)]
      }
      return { rev: this.rev, marks }
    })

  async #call<T>(name: string, answer: () => T): Promise<T> {
    this.calls.push(name)
    const failure = this.failures.shift()
    if (failure) throw failure
    const answered = answer()
    await this.gate
    return answered
  }
}
