/** Both sides of "is typing": what goes out, at most every 3 s, and who was heard of in the last 6. */
import { TYPING_EVERY_MS, TYPING_EXPIRES_MS } from '../protocol/index.ts'
import type { Clock, Timer } from './platform.ts'

export type TypingOptions = {
  clock: Clock
  /** @returns false where there is no socket: it is only a hint, and is not kept */
  send: (active: boolean) => boolean
  onChange: () => void
}

export class Typing {
  readonly #options: TypingOptions
  readonly #timers = new Map<string, Timer>()
  #ids: readonly string[] = []
  #sentAt: number | undefined

  constructor(options: TypingOptions) {
    this.#options = options
  }

  /** Who types: the same array until someone begins or ends. */
  get ids(): readonly string[] {
    return this.#ids
  }

  /** May be called with every key. */
  set(active: boolean): void {
    if (!active) return this.#stop()
    const now = this.#options.clock.now()
    if (this.#sentAt !== undefined && now - this.#sentAt < TYPING_EVERY_MS) return
    if (this.#options.send(true)) this.#sentAt = now
  }

  /** What was typed has been sent: everyone sees that by the message itself. */
  said(): void {
    this.#sentAt = undefined
  }

  began(userId: string): void {
    const known = this.#timers.get(userId)
    if (known !== undefined) this.#options.clock.clearTimer(known)
    const timer = this.#options.clock.setTimer(() => {
      this.ended(userId)
      this.#options.onChange()
    }, TYPING_EXPIRES_MS)
    this.#timers.set(userId, timer)
    if (known === undefined) this.#ids = [...this.#timers.keys()]
  }

  ended(userId: string): void {
    const timer = this.#timers.get(userId)
    if (timer === undefined) return
    this.#options.clock.clearTimer(timer)
    this.#timers.delete(userId)
    this.#ids = [...this.#timers.keys()]
  }

  /** The socket is gone, or speaks of someone else: nobody is known to type. */
  reset(): void {
    this.#sentAt = undefined
    for (const userId of [...this.#timers.keys()]) this.ended(userId)
  }

  #stop(): void {
    if (this.#sentAt === undefined) return
    this.#sentAt = undefined
    this.#options.send(false)
  }
}
