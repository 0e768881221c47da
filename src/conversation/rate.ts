/** How often a person may send: exactly, and without a timer that would keep the object awake. */
import { SENDS_LONG_MS, SENDS_SHORT_MS } from '../protocol/index.ts'

export type SendLimits = { sends10s: number; sends60s: number }

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
    const since = now - SENDS_LONG_MS
    let times = this.#times.get(userId) ?? recent(since).sort((a, b) => a - b)
    // Times ahead of now are of a clock that was set back since: counting them would lock their author out.
    if ((times.at(-1) ?? now) > now) times = times.filter((time) => time <= now)
    // They stand in order: looking at those that are over is enough, however many a high limit lets stand.
    const first = times.findIndex((time) => time > since)
    times.splice(0, first < 0 ? times.length : first)
    this.#times.set(userId, times)
    return Math.max(
      waitFor(times, this.#limits.sends60s, SENDS_LONG_MS, now),
      waitFor(times, this.#limits.sends10s, SENDS_SHORT_MS, now),
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
