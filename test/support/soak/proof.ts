/**
 * What one scenario of the soak leaves for docs/proof.md: what struck, what must hold, what was seen. Whether it
 * held is Vitest's to say (scripts/soak.mjs puts the two together), so that no scenario can praise itself.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect } from 'vitest'
import { secretsIn } from './canaries.ts'
import { everyLine } from './output.ts'

/** `smoke` is in `npm test`, a few seconds each; `full` is `npm run soak`, the numbers of the plan. */
export const TIER = process.env.SOAK === 'full' ? 'full' : 'smoke'

/** Every draw of a run follows from it: the same one replays the run, as far as a real network and disk can. */
export const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000)

/** Longer than any scenario of the full tier: what hangs is found all the same. */
export const WITHIN_MS = 12 * 60_000

const FOLDER = 'test-results/soak'

export type Proof = {
  /** What was done to it, in numbers. */
  load(says: string): void
  /** What came of it, in numbers. */
  saw(says: string): void
}

/** The number for this tier. */
export function byTier<T>(of: { smoke: T; full: T }): T {
  return of[TIER]
}

/**
 * Opens the record of this file's scenario; it is written when all of the file's tests have run.
 * @param id its place in the fault plan, as `F1`
 */
export function prove({ id, fault, target }: { id: string; fault: string; target: string }): Proof {
  const loads: string[] = []
  const seen: string[] = []
  let startedAt = 0
  beforeAll(() => {
    startedAt = performance.now()
    console.log(`${id}: npm run soak -- --only ${id} --tier ${TIER} --seed ${SEED}`)
  })
  afterAll(() => {
    const seconds = Math.round((performance.now() - startedAt) / 1_000)
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(`${FOLDER}/${id}.json`, JSON.stringify({ id, fault, target, loads, seen, seconds }))
    // Whatever struck: no server has written down what somebody said, or lets anyone in (F26).
    expect(secretsIn(everyLine())).toEqual([])
  })
  return {
    load: (says) => void loads.push(says),
    saw(says) {
      console.log(`${id}: ${says}`)
      seen.push(says)
    },
  }
}
