/**
 * R4: six devices of four people do everything that there is to do, at random, while networks, tabs, objects
 * and processes fail; in the end everyone holds what the server holds, byte for byte.
 *
 *   OPERATIONS=10000 npx vitest run --project e2e test/e2e/all-operations.test.ts    the full number
 *   SEED=…                                                                           the same draws again
 *
 * Seen to fail where one fan-out in 300 is not sent (skip), the timeline passes over a reaction in 50 (divergence,
 * snapshot law), retries of changes are done again (duplicate, aborted read), and a removed member's sockets stay
 * (read after removal).
 *
 * What is drawn is in support/faults/kinds.ts, what strikes in faults.ts, what must hold in checker.ts.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { check, type Violation, type ViolationName } from '../support/faults/checker.ts'
import { type Ended, runAll } from '../support/faults/run.ts'

const OPERATIONS = Number(process.env.OPERATIONS ?? 3_000)
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000)
const WITHIN_MS = 20 * 60_000

let ended: Ended
let found: Violation[]

beforeAll(async () => {
  console.log(`SEED=${SEED} OPERATIONS=${OPERATIONS}`)
  ended = await runAll({ operations: OPERATIONS, seed: SEED })
  found = ended.histories.flatMap(check)
  const events = ended.histories.map(({ log }) => log.length)
  console.log(`${ended.seconds} s, ${events} events`, ended.counts)
}, WITHIN_MS)

afterAll(async () => {
  await ended?.stop()
})

it.each<[string, ViolationName[]]>([
  [
    'G1 G2 every answered operation is in the log once, and nothing else',
    ['lost write', 'duplicate', 'phantom'],
  ],
  ['G2 what was refused or taken back has left no trace', ['aborted read', 'half undone']],
  ['G3 what was answered before another began stands before it', ['real-time order']],
  ['G4 everyone was told, and shown, a contiguous run of the log', ['skip', 'reorder']],
  ['G6 nobody was told anything after their removal', ['read after removal']],
  ['R4 every state, and the replayed log, equals the server’s byte for byte', ['divergence']],
  ['G5 any window and the events after it make the same end', ['snapshot law']],
])('%s', (_, names) => {
  expect(found.filter(({ name }) => names.includes(name)).slice(0, 10)).toEqual([])
})

it('the run was what it claims to be: operations, cuts, evictions and kills', () => {
  const { histories, counts } = ended
  for (const { log } of histories) expect(log.length).toBeGreaterThan(OPERATIONS / 5)
  const struck = ['cut', 'cut in a frame', 'stall', 'evict', 'kill -9', 'remove or leave']
  expect(struck.filter((name) => counts[name] === undefined)).toEqual([])
})
