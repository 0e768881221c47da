/**
 * How often somebody may try. Exact, because one object counts for one account; and by address, so that a
 * stranger's guesses never lock out the owner, whose sessions and other networks are not touched at all.
 */
import { FORGET_AFTER_MS, SIGN_IN_FAILURES_FREE, SIGN_IN_WAIT_MAX_MS } from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'
import type { Store } from './store.ts'

const SECOND_MS = 1_000
const HOUR_MS = 3_600_000

/**
 * Counts an attempt as failed before its password is looked at, so that a hundred at once are not all
 * let through; {@link attemptSucceeded} takes it back.
 * @throws Refusal `rate_limited` without counting, while the wait of the last failure has not passed
 */
export function beginAttempt(store: Store, key: string, now: number): void {
  store.deleteFailuresBefore(now - FORGET_AFTER_MS)
  const { count, lastAt } = store.failure(key) ?? { count: 0, lastAt: 0 }
  const retryAfterMs = lastAt + waitAfter(count) - now
  if (count > 0 && retryAfterMs > 0) throw new Refusal('rate_limited', 'too many attempts', { retryAfterMs })
  store.putFailure({ key, count: count + 1, lastAt: now })
}

export function attemptSucceeded(store: Store, key: string): void {
  store.deleteFailure(key)
}

/** The first failures cost nothing, then 1 s, 2 s, 4 s, … up to a quarter of an hour. */
function waitAfter(failures: number): number {
  if (failures < SIGN_IN_FAILURES_FREE) return 0
  return Math.min(SECOND_MS * 2 ** (failures - SIGN_IN_FAILURES_FREE), SIGN_IN_WAIT_MAX_MS)
}

/** @throws Refusal `rate_limited` when `limit` sign-ups in the last hour came from this address */
export function countSignUp(store: Store, limit: number, now: number): void {
  store.deleteSignUpsBefore(now - HOUR_MS + 1)
  const recent = store.signUps()
  const oldest = recent[recent.length - limit]
  if (oldest !== undefined) {
    throw new Refusal('rate_limited', 'too many sign-ups', { retryAfterMs: oldest + HOUR_MS - now })
  }
  store.addSignUp(now)
}

/** Forgets what no longer counts. @returns true when nothing is left: an object that only counts may vanish */
export function forgetOld(store: Store, now: number): boolean {
  store.deleteFailuresBefore(now - FORGET_AFTER_MS)
  store.deleteSignUpsBefore(now - HOUR_MS + 1)
  return store.signUps().length === 0 && !store.hasFailures()
}
