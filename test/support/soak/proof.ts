/**
 * What one scenario of the soak leaves for docs/proof.md: what struck, what must hold, what was seen. Whether it
 * held is Vitest's to say (scripts/soak.mjs puts the two together), so that no scenario can praise itself.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect } from 'vitest'
import { secretsIn } from './canaries.ts'
import { everyLine } from './output.ts'

import { SEED, TIER } from './tier.ts'

const FOLDER = 'test-results/soak'

export type Proof = {
  /** What was done to it, in numbers. */
  load(says: string): void
  /** What came of it, in numbers. */
  saw(says: string): void
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
