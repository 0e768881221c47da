/** Who typed lately. Only in memory: losing it costs six seconds of a hint. */
import { TYPING_EXPIRES_MS } from '../protocol/index.ts'

export class Typists {
  readonly #until = new Map<string, number>()

  start(userId: string, now: number): void {
    this.#until.set(userId, now + TYPING_EXPIRES_MS)
  }

  /** @returns whether this person was typing */
  stop(userId: string): boolean {
    return this.#until.delete(userId)
  }

  now(now: number): string[] {
    for (const [userId, until] of this.#until) if (until <= now) this.#until.delete(userId)
    return [...this.#until.keys()]
  }
}
