/** How much of the fault plan runs, and on which draws. */

/** `smoke` is in `npm test`, a few seconds each; `full` is `npm run soak`, the numbers of the plan. */
export const TIER = process.env.SOAK === 'full' ? 'full' : 'smoke'

/** Every draw of a run follows from it: the same one replays the run, as far as a real network and disk can. */
export const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000)

/** Longer than any scenario of the full tier: what hangs is found all the same. */
export const WITHIN_MS = 12 * 60_000

/** The number for this tier. */
export function byTier<T>(of: { smoke: T; full: T }): T {
  return of[TIER]
}
