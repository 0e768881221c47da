/** When what was not taken is offered again (SPEC O2): by letters to D1 and to other objects, and by R2's eraser. */
import {
  OUTBOX_RETRY_MAX_MS,
  OUTBOX_RETRY_MIN_MS,
  OUTBOX_RETRY_SOON,
  OUTBOX_RETRY_SOON_MAX_MS,
} from './protocol/index.ts'

/**
 * Doubling, but only to a few seconds while the trouble may be a short one: a minute without D1 must not become
 * two for everybody's lists. ±50 %, so that who failed together comes back apart.
 * @param attempts how often it has failed before
 */
export function retryAt(attempts: number, now: number): number {
  const soonMs = Math.min(OUTBOX_RETRY_MIN_MS * 2 ** attempts, OUTBOX_RETRY_SOON_MAX_MS)
  const isLong = attempts >= OUTBOX_RETRY_SOON
  const waitMs = isLong
    ? Math.min(soonMs * 2 ** (attempts - OUTBOX_RETRY_SOON + 1), OUTBOX_RETRY_MAX_MS)
    : soonMs
  return Math.round(now + waitMs * (0.5 + Math.random()))
}
