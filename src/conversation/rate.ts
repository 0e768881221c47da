/** How often is too often. Refilled from timestamps: no timer keeps the object awake. */

/** A smooth rate with room for a burst. */
export class TokenBucket {
  readonly #perMs: number
  readonly #burst: number
  #tokens: number
  #at = 0

  constructor(perSecond: number, burst: number) {
    this.#perMs = perSecond / 1_000
    this.#burst = burst
    this.#tokens = burst
  }

  /** Takes one. @returns 0, or after how many ms the next one may be taken */
  take(now: number): number {
    // A clock that was set back must not empty the bucket.
    const elapsed = Math.max(0, now - this.#at)
    this.#tokens = Math.min(this.#burst, this.#tokens + elapsed * this.#perMs)
    this.#at = now
    if (this.#tokens < 1) return Math.ceil((1 - this.#tokens) / this.#perMs)
    this.#tokens -= 1
    return 0
  }
}

export type SendLimits = { sends10s: number; sends60s: number }

const SHORT_MS = 10_000
const LONG_MS = 60_000

/**
 * How often a person may send: a log of the last minute, so that the limit is exact (a bucket would admit
 * twice the number in a window). After a sleep the log is read back from the messages themselves.
 */
export class SendLog {
  readonly #limits: SendLimits
  readonly #times = new Map<string, number[]>()

  constructor(limits: SendLimits) {
    this.#limits = limits
  }

  /**
   * @param recent when this person sent since the given time, newest first: asked once per person and waking
   * @returns 0 where one more is fine, else after how many ms it will be
   */
  check(userId: string, now: number, recent: (since: number) => number[]): number {
    const known = this.#times.get(userId) ?? recent(now - LONG_MS).reverse()
    // Times ahead of now are of a clock that was set back since: counting them would lock their author out.
    const times = known.filter((time) => time > now - LONG_MS && time <= now)
    this.#times.set(userId, times)
    return Math.max(
      waitFor(times, this.#limits.sends60s, LONG_MS, now),
      waitFor(times, this.#limits.sends10s, SHORT_MS, now),
    )
  }

  count(userId: string, now: number): void {
    this.#times.get(userId)?.push(now)
  }
}

/** Until the `limit`-th newest send is out of the window. */
function waitFor(times: readonly number[], limit: number, windowMs: number, now: number): number {
  const first = times.at(-limit)
  return first === undefined || first <= now - windowMs ? 0 : first + windowMs - now
}
