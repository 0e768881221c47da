/**
 * Everyone talks and listens through networks that are cut, half of the times in the middle of a frame, and some
 * that go silent without a word. In the end everyone holds the same log.
 *
 * Seen to fail where one fan-out in 50 is not sent (skip).
 */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import type { Violation } from '../support/faults/checker.ts'
import { Dice } from '../support/faults/dice.ts'
import type { History } from '../support/faults/history.ts'
import { Crowd, NO_LIMITS } from '../support/soak/crowd.ts'
import { prove } from '../support/soak/proof.ts'
import { spread } from '../support/soak/spread.ts'
import { byTier, SEED, WITHIN_MS } from '../support/soak/tier.ts'

const PEOPLE = byTier({ smoke: 6, full: 20 })
const EVENTS = byTier({ smoke: 200, full: 1_000 })
/** Half of them whole, half of them in a frame. */
const CUTS = byTier({ smoke: 20, full: 300 })
/** Each takes as long as the heartbeat's patience: more than the smoke tier has. */
const HALF_OPEN_EACH = byTier({ smoke: 0, full: 3 })
const NOTICED_WITHIN_MS = 36_000
/** Of a frame with one message: it is cut somewhere within. */
const FRAME_BYTES = 400
const SEND_EVERY_MS = byTier({ smoke: 20, full: 100 })
const CUT_EVERY_MS = byTier({ smoke: 150, full: 300 })

const proof = prove({
  id: 'F2',
  fault: 'networks that are cut, whole or in the middle of a frame, and half-open ones',
  target: 'every log contiguous and identical; a half-open connection is noticed ≤ 36 s',
})

let edgewise: Edgewise
let crowd: Crowd
let history: History
let violations: Violation[]
let wholeCuts = 0
/** ms from the silence to the client's own finding that nobody is there. */
const noticed: number[] = []

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve', vars: NO_LIMITS })
  const { url, port } = edgewise
  crowd = await Crowd.start({ url, port, people: PEOPLE, seed: SEED })
  await Promise.all([talk(), cutAtRandom(), ...listeners().map(goSilent)])
  const ended = await crowd.end()
  history = ended.history
  violations = ended.violations
  proof.load(
    `${PEOPLE} clients, ${EVENTS} messages, ${wholeCuts + cutsInFrames()} cuts (${cutsInFrames()} in a frame), ${noticed.length} half-open`,
  )
  const same = history.views.filter(({ messages }) => messages.length === history.server.messages.length)
  proof.saw(
    `${violations.length} violations; ${same.length} of ${PEOPLE} hold all ${history.server.messages.length}` +
      (noticed.length > 0 ? `; half-open noticed: ${spread(noticed)}` : ''),
  )
}, WITHIN_MS)

afterAll(async () => {
  await crowd?.stop()
  await edgewise?.stop()
})

it('the networks were cut as often as the plan says, half of the times in a frame', () => {
  expect(wholeCuts).toBeGreaterThanOrEqual(CUTS / 2)
  expect(cutsInFrames()).toBeGreaterThanOrEqual(CUTS / 2)
  expect(noticed).toHaveLength(listeners().length * HALF_OPEN_EACH)
})

it('G4 G5 every log is contiguous, and the same for all', () => {
  expect(violations.slice(0, 10)).toEqual([])
  expect(history.views).toHaveLength(PEOPLE)
  const ids = (messages: readonly { id: string }[]) => messages.map(({ id }) => id)
  for (const { messages } of history.views) expect(ids(messages)).toEqual(ids(history.server.messages))
})

it('G1 G2 everything that was said is there once', () => {
  // And the last word.
  expect(history.server.messages).toHaveLength(EVENTS + 1)
})

it('a half-open connection is noticed within 36 s', () => {
  expect(Math.max(0, ...noticed)).toBeLessThanOrEqual(NOTICED_WITHIN_MS)
})

/** Those of the first half: whoever says something notices sooner, by the answer that does not come. */
async function talk(): Promise<void> {
  const talkers = crowd.speakers.slice(0, PEOPLE / 2)
  for (let n = 0; n < EVENTS; n += 1) {
    const speaker = talkers[n % talkers.length]
    if (speaker) crowd.say(speaker.player)
    for (const { player } of crowd.speakers) player.look(crowd.room.id)
    await wait(SEND_EVERY_MS)
  }
}

function listeners() {
  return crowd.speakers.slice(PEOPLE / 2)
}

async function cutAtRandom(): Promise<void> {
  const dice = new Dice(SEED)
  while (wholeCuts + cutsInFrames() < CUTS || wholeCuts < CUTS / 2 || cutsInFrames() < CUTS / 2) {
    const live = crowd.speakers.filter(({ phases, player }) => phases.isLive && !silent.has(player.name))
    const { player } = dice.pick(live) ?? {}
    // What there is too much of already waits for the other.
    if (player && cutsInFrames() < CUTS / 2 && (wholeCuts >= CUTS / 2 || dice.chance(0.6))) {
      player.proxy.cutAfter(1 + dice.whole(FRAME_BYTES))
    } else if (player && wholeCuts < CUTS / 2) {
      player.proxy.cut()
      wholeCuts += 1
    }
    await wait(CUT_EVERY_MS)
  }
}

function cutsInFrames(): number {
  return crowd.speakers.reduce((sum, { player }) => sum + player.proxy.cutsInFrames, 0)
}

const silent = new Set<string>()

async function goSilent({ player, phases }: Crowd['speakers'][number]): Promise<void> {
  for (let n = 0; n < HALF_OPEN_EACH; n += 1) {
    await phases.untilLive()
    silent.add(player.name)
    player.proxy.silence()
    const from = performance.now()
    await phases.untilLost()
    noticed.push(performance.now() - from)
    player.proxy.cut()
    player.proxy.heal()
    silent.delete(player.name)
    await wait(player.dice.below(3_000))
  }
}
