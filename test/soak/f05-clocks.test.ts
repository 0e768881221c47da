/**
 * People whose clocks are a day ahead, a day behind, or jump, talk in turns: each waits for the answer before the next
 * one speaks. Their client ids carry those times. What stands in the log is the order in which it was said.
 *
 * Seen to fail where a lease that seems to have run out is asked for again at once (153 questions in two seconds).
 *
 * The server's own clock, which no test can turn outside of workerd, is turned in test/worker (see in-workerd.mjs).
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createClient, type OpenConversation } from '../../src/client/client.ts'
import { type Clock, systemClock } from '../../src/client/platform.ts'
import type { Message } from '../../src/protocol/index.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { Dice } from '../support/faults/dice.ts'
import { NO_LIMITS, openRoom, signUp } from '../support/soak/crowd.ts'
import { prove } from '../support/soak/proof.ts'
import { byTier, SEED, WITHIN_MS } from '../support/soak/tier.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** One person each. */
const OFFSETS_MS = [DAY_MS, -DAY_MS, HOUR_MS, 0]
const MESSAGES = byTier({ smoke: 120, full: 1_000 })
const ANSWERED_WITHIN_MS = 10_000
/** Between the server's clock and this process's: it is the same machine. */
const NOW_WITHIN_MS = 60_000

const proof = prove({
  id: 'F5',
  fault: 'clients whose clocks are ±24 h off, and jump by hours; client ids with those times',
  target:
    'the order is the one in which it was said, times are the server’s, nobody asks for leases in a loop',
})

let edgewise: Edgewise
let conversations: OpenConversation[]
/** Client ids as they were said, one after the other. */
const said: string[] = []
let log: readonly Message[]
let leases = 0

beforeAll(async () => {
  const dice = new Dice(SEED)
  edgewise = await startEdgewise({ mode: 'serve', vars: NO_LIMITS })
  const { url } = edgewise
  const people = await signUp(url, OFFSETS_MS.length)
  const { id } = await openRoom(url, people)
  const clocks = OFFSETS_MS.map((offset) => new WrongClock(offset))
  const counting: typeof fetch = (where, how) => {
    if (String(where).endsWith('/auth/lease')) leases += 1
    return fetch(where, how)
  }
  conversations = people.map(({ authorize, user }, n) =>
    createClient({ baseUrl: url, authorize, fetch: counting, ...clockOf(clocks[n]) }).conversation(id, user),
  )
  for (let n = 0; n < MESSAGES; n += 1) {
    const speaker = dice.whole(conversations.length)
    if (dice.chance(0.1)) clocks[speaker]?.jump((dice.below(2) - 1) * HOUR_MS)
    await sayAndWait(conversations[speaker], `${n}`)
  }
  await vi.waitFor(() => expect(conversations.map(countOf)).toEqual(conversations.map(() => MESSAGES)), {
    timeout: ANSWERED_WITHIN_MS,
    interval: 20,
  })
  log = conversations[0]?.state.messages ?? []
  proof.load(`${MESSAGES} messages of ${OFFSETS_MS.length} people, one after the other`)
  const inOrder = log.filter(({ id }, n) => id === said[n]).length
  const earlier = said.filter((id, n) => id < (said[n - 1] ?? '')).length
  proof.saw(
    `${inOrder} of ${MESSAGES} in their place, though ${earlier} ids claim to be older than the one before; ${leases} leases asked for`,
  )
}, WITHIN_MS)

afterAll(async () => {
  for (const conversation of conversations ?? []) conversation.close()
  await edgewise?.stop()
})

it('G3 the log has the order in which it was said, whatever the ids say', () => {
  expect(said.filter((id, n) => id < (said[n - 1] ?? '')).length).toBeGreaterThan(MESSAGES / 10)
  expect(log.map(({ id }) => id)).toEqual(said)
})

it('G4 everyone shows it in that order', () => {
  for (const { state } of conversations) expect(state.messages.map(({ id }) => id)).toEqual(said)
})

it('S3 the times are the server’s, and never go back', () => {
  const times = log.map(({ createdAt }) => createdAt)
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect(Math.abs((times.at(-1) ?? 0) - Date.now())).toBeLessThan(NOW_WITHIN_MS)
})

it('R6 a clock that is ahead asks for one lease, not for one after the other', () => {
  expect(leases).toBeLessThanOrEqual(OFFSETS_MS.length)
})

class WrongClock implements Clock {
  #offsetMs: number

  constructor(offsetMs: number) {
    this.#offsetMs = offsetMs
  }

  now(): number {
    return Date.now() + this.#offsetMs
  }

  jump(ms: number): void {
    this.#offsetMs += ms
  }

  setTimer = systemClock.setTimer
  clearTimer = systemClock.clearTimer
}

function clockOf(clock: Clock | undefined): { clock?: Clock } {
  return clock ? { clock } : {}
}

async function sayAndWait(conversation: OpenConversation | undefined, text: string): Promise<void> {
  if (!conversation) throw new Error('nobody is there')
  said.push(conversation.send(text))
  await vi.waitFor(() => expect(conversation.state.pending).toEqual([]), {
    timeout: ANSWERED_WITHIN_MS,
    interval: 1,
  })
}

function countOf({ state }: OpenConversation): number {
  return state.messages.length
}
