/** Time in the test's hand. Nothing happens by itself: `advance` runs what is due, in order. */
import type { Clock, Timer } from '../../src/client/platform.ts'

type Due = { at: number; work: () => void }

export class FakeClock implements Clock {
  #now = 1_800_000_000_000
  #timers = new Map<number, Due>()
  #made = 0

  now(): number {
    return this.#now
  }

  setTimer(work: () => void, ms: number): Timer {
    this.#made += 1
    this.#timers.set(this.#made, { at: this.#now + Math.max(0, Math.ceil(ms)), work })
    return this.#made
  }

  clearTimer(timer: Timer): void {
    this.#timers.delete(timer as number)
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.size
  }

  /** Lets time pass. After each timer all promises that can settle have done so. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    await settle()
    for (let next = this.#next(); next && next.due.at <= until; next = this.#next()) {
      this.#now = next.due.at
      this.#timers.delete(next.timer)
      next.due.work()
      await settle()
    }
    this.#now = until
  }

  /** The earliest; of two at the same time the one that was set first. */
  #next(): { timer: number; due: Due } | undefined {
    let first: { timer: number; due: Due } | undefined
    for (const [timer, due] of this.#timers) if (!first || due.at < first.due.at) first = { timer, due }
    return first
  }
}

/** All promises that wait for nothing but other promises. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
