/**
 * G5 apply(snapshot(a), events(a, b]) = snapshot(b), by the server's store and the client's timeline. A part of F15
 * that needs no process: a few hundred histories with the other tests here, 5,000 in `npm run soak`.
 *
 * Seen to fail where the timeline passes over one change in 50.
 */
import { expect, it } from 'vitest'
import { playHistory } from '../support/faults/snapshot-law.ts'
import { byTier, SEED, WITHIN_MS } from '../support/soak/tier.ts'

const HISTORIES = byTier({ smoke: 200, full: 5_000 })

it(
  `G5 in ${HISTORIES} histories from seed ${SEED}, any window and what follows make the same end, told live or again`,
  () => {
    const played = Array.from({ length: HISTORIES }, (_, n) => playHistory(SEED + n))
    expect(played.flatMap(({ broken }) => broken).slice(0, 5)).toEqual([])
    const sum = (of: 'events' | 'pairs') => played.reduce((all, each) => all + each[of], 0)
    // Some are a step long, and refusals change nothing: it is what an average history comes to.
    expect(sum('events')).toBeGreaterThan(HISTORIES * 15)
    expect(sum('pairs')).toBeGreaterThan(HISTORIES * 2)
  },
  WITHIN_MS,
)
