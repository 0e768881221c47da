/**
 * The object that everyone talks in loses its memory again and again: most of the times its sockets are closed, as
 * when a new version is deployed, and sometimes they stay, as when it sleeps.
 *
 * Seen to fail where an object that wakes does not send its first fan-out (skip, and clients that leave over the gap).
 */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { percentile } from '../../bench/statistics.ts'
import { type Edgewise, type Eviction, startEdgewise } from '../support/edgewise.ts'
import type { Violation } from '../support/faults/checker.ts'
import type { History } from '../support/faults/history.ts'
import { Crowd, NO_LIMITS } from '../support/soak/crowd.ts'
import { prove } from '../support/soak/proof.ts'
import { spread } from '../support/soak/spread.ts'
import { byTier, SEED, WITHIN_MS } from '../support/soak/tier.ts'

const PEOPLE = byTier({ smoke: 5, full: 10 })
const SENDS_PER_S = 200
const CLOSES = byTier({ smoke: 3, full: 30 })
const HIBERNATIONS = byTier({ smoke: 1, full: 10 })
const RESUMED_WITHIN_MS = 2_000
/** Between two evictions: the traffic goes on in it. */
const CALM_MS = 700
/** A socket that an eviction took is known to be gone long before. */
const SEEN_WITHIN_MS = 500
const TICK_MS = 25

const proof = prove({
  id: 'F3',
  fault: 'evictions of all objects in the middle of sends: their sockets closed, or kept',
  target: '0 lost; a hibernation keeps 100 % of the sockets; p95 of resuming ≤ 2 s',
})

let edgewise: Edgewise
let crowd: Crowd
let history: History
let violations: Violation[]
let isTalking = true
let seconds = 0
/** Sockets that were there before the hibernations, and those of them that were there after. */
const kept = { before: 0, after: 0 }
const resumes: number[] = []

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve', vars: NO_LIMITS })
  const { url, port } = edgewise
  crowd = await Crowd.start({ url, port, people: PEOPLE, seed: SEED })
  const talking = talk()
  for (const kind of evictions()) {
    await wait(CALM_MS)
    await evict(kind)
  }
  isTalking = false
  await talking
  const ended = await crowd.end()
  history = ended.history
  violations = ended.violations
  proof.load(
    `${crowd.said} sends of ${PEOPLE} clients, ${Math.round(crowd.said / seconds)} a second; ${CLOSES} evictions that close the sockets, ${HIBERNATIONS} that keep them`,
  )
  proof.saw(
    `${violations.length} violations; ${kept.after} of ${kept.before} sockets kept in hibernations; resumed: ${spread(resumes)}`,
  )
}, WITHIN_MS)

afterAll(async () => {
  await crowd?.stop()
  await edgewise?.stop()
})

it('G1 G2 G3 G4 nothing was lost, doubled, skipped or reordered', () => {
  expect(violations.slice(0, 10)).toEqual([])
  // And the last word.
  expect(history.server.messages).toHaveLength(crowd.said + 1)
})

it('the sends went on through all of it, at the pace of the plan', () => {
  expect(crowd.said / seconds).toBeGreaterThan(SENDS_PER_S * 0.8)
})

it('a hibernation keeps every socket', () => {
  expect(kept.before).toBe(PEOPLE * HIBERNATIONS)
  expect(kept.after).toBe(kept.before)
})

it('G5 p95 of resuming is at most 2 s', () => {
  expect(resumes).toHaveLength(PEOPLE * CLOSES)
  expect(percentile(resumes, 95)).toBeLessThanOrEqual(RESUMED_WITHIN_MS)
})

/** As many as are due by now: a machine that is busy for a moment makes up for it. */
async function talk(): Promise<void> {
  const from = performance.now()
  while (isTalking) {
    const due = ((performance.now() - from) / 1_000) * SENDS_PER_S
    while (crowd.said < due) {
      const speaker = crowd.speakers[crowd.said % PEOPLE]
      if (speaker) crowd.say(speaker.player)
    }
    await wait(TICK_MS)
  }
  seconds = (performance.now() - from) / 1_000
}

/** The hibernations spread among the others. */
function evictions(): Eviction[] {
  const each = (CLOSES + HIBERNATIONS) / HIBERNATIONS
  return Array.from({ length: CLOSES + HIBERNATIONS }, (_, n) =>
    n % each === each - 1 ? 'hibernate' : 'close',
  )
}

async function evict(kind: Eviction): Promise<void> {
  await crowd.allLive()
  const from = performance.now()
  await edgewise.evict(kind)
  await wait(SEEN_WITHIN_MS)
  const lost = crowd.speakers.filter(({ phases }) => phases.lostSince(from))
  if (kind === 'hibernate') {
    kept.before += PEOPLE
    kept.after += PEOPLE - lost.length
  } else {
    await crowd.allLive()
    resumes.push(...crowd.speakers.flatMap(({ phases }) => phases.resumesSince(from)))
  }
}
