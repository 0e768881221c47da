/**
 * 200 wrong passwords for one account at once; and the clock of wrong passwords for names that are known and names
 * that are not, by turns, one at a time.
 *
 * Seen to fail where an unknown name is refused without the work (clock).
 */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { percentile } from '../../bench/statistics.ts'
import { type ErrorBody, SIGN_IN_FAILURES_FREE } from '../../src/protocol/index.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { Dice } from '../support/faults/dice.ts'
import { everyLine, troubleIn } from '../support/soak/output.ts'
import { type Person, person } from '../support/soak/person.ts'
import { prove } from '../support/soak/proof.ts'
import { byTier, SEED, WITHIN_MS } from '../support/soak/tier.ts'

const FLOOD = 200
const SAMPLES = byTier({ smoke: 15, full: 200 })
/** In per cent. Fifteen samples on a shared machine do not tell 5 % from noise; two hundred do. */
const DIFFERENCE_MAX = byTier({ smoke: 30, full: 5 })
/** Of the waits after a flood: 1 s, 2 s, … */
const ROUNDS = byTier({ smoke: 1, full: 4 })
/** A clock that is read on two sides of a network. */
const LATE_MS = 20
/** What is another in each answer, and is to be. */
const OWN = ['date', 'x-request-id', 'retry-after']

const proof = prove({
  id: 'F19',
  fault: 'a flood of sign-ins, and a clock at the door',
  target:
    'the throttle is exact, known and unknown names take as long within 5 %, a session is not locked out',
})

type Answered = { status: number; headers: string[]; error: ErrorBody['error']; ms: number }

let edgewise: Edgewise
let owner: Person
let flood: Answered[]
let floodMs: number
let ownerCalls: number
const rounds: { passed: Answered; refused: Answered }[] = []
const known: Answered[] = []
const unknown: Answered[] = []
let sixth: Answered[]

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve', vars: { LIMIT_SIGN_UPS_1H: 1_000 } })
  owner = await person(edgewise.url, 'the_owner')
  await owner.client.api.me()
  const startedAt = performance.now()
  const calls = ownersCalls()
  flood = await Promise.all(Array.from({ length: FLOOD }, () => signIn('the_owner')))
  floodMs = performance.now() - startedAt
  ownerCalls = await calls
  await followThrottle()

  const accounts = Math.ceil(SAMPLES / SIGN_IN_FAILURES_FREE)
  for (let n = 0; n < accounts; n += 1) await person(edgewise.url, `known_${n}`)
  await compareClocks()
  sixth = [await overrun('known_0'), await overrun('nobody_0')]

  const [a, b] = medians()
  proof.load(`${FLOOD} wrong passwords at once, ${SAMPLES} of known and ${SAMPLES} of unknown names`)
  proof.saw(
    `${FLOOD - refused().length} of ${FLOOD} looked at; median ${a.toFixed(1)} ms known, ${b.toFixed(1)} ms unknown ` +
      `(${difference().toFixed(1)} % apart); ${ownerCalls} calls of the owner’s session meanwhile`,
  )
}, WITHIN_MS)

afterAll(() => edgewise?.stop())

it('of 200 at once exactly the free ones are looked at, and one for each wait that has passed', () => {
  let waits = 0
  while (1_000 * (2 ** (waits + 1) - 1) <= floodMs) waits += 1
  const looked = flood.filter(({ status }) => status === 401)
  expect(looked.length + refused().length).toBe(FLOOD)
  expect(looked.length).toBeGreaterThanOrEqual(SIGN_IN_FAILURES_FREE)
  expect(looked.length).toBeLessThanOrEqual(SIGN_IN_FAILURES_FREE + waits)
})

it('after each wait exactly one is looked at, and the next waits twice as long', () => {
  expect(rounds).toHaveLength(ROUNDS)
  for (const { passed, refused } of rounds) {
    expect(passed.status).toBe(401)
    expect(refused.status).toBe(429)
  }
  const waits = rounds.map(({ refused }) => Math.ceil((refused.error.retryAfterMs ?? 0) / 1_000))
  expect(waits).toEqual(waits.map((_, n) => (waits[0] ?? 0) * 2 ** n))
})

it('the owner’s session is not locked out meanwhile', () => {
  expect(ownerCalls).toBeGreaterThan(0)
})

it('a known and an unknown name are answered alike: status, headers, body', () => {
  const shapes = new Set([...known, ...unknown].map(shapeOf))
  expect([...shapes]).toHaveLength(1)
  expect(known.every(({ status }) => status === 401)).toBe(true)
  expect(new Set(sixth.map(shapeOf)).size).toBe(1)
  expect(sixth.map(({ status }) => status)).toEqual([429, 429])
})

it(`a known and an unknown name take as long, within ${DIFFERENCE_MAX} %`, () => {
  expect(difference()).toBeLessThan(DIFFERENCE_MAX)
})

it('nothing of it was a bug', () => expect(troubleIn(everyLine())).toEqual([]))

/** Three at once, after the free ones: whatever wait has passed, the last of them is too many. */
async function overrun(username: string): Promise<Answered> {
  const answers = await Promise.all(Array.from({ length: 3 }, () => signIn(username)))
  return answers.sort((a, b) => a.status - b.status).at(-1) ?? signIn(username)
}

/** A whole wait, then one that is looked at, then one at once that is not. */
async function followThrottle(): Promise<void> {
  let last = await signIn('the_owner')
  for (let n = 0; n < ROUNDS; n += 1) {
    while (last.status === 429) {
      await wait((last.error.retryAfterMs ?? 0) + LATE_MS)
      last = await signIn('the_owner')
    }
    const passed = last
    last = await signIn('the_owner')
    rounds.push({ passed, refused: last })
  }
}

/** By turns and in any order, one at a time: what the machine does beside it strikes both alike. */
async function compareClocks(): Promise<void> {
  const dice = new Dice(SEED)
  for (let n = 0; n < SAMPLES; n += 1) {
    const account = Math.floor(n / SIGN_IN_FAILURES_FREE)
    const both = [
      async () => known.push(await signIn(`known_${account}`)),
      async () => unknown.push(await signIn(`nobody_${account}`)),
    ]
    for (const one of dice.chance(0.5) ? both : both.reverse()) await one()
  }
}

async function ownersCalls(): Promise<number> {
  let calls = 0
  for (; calls < 5; calls += 1) {
    await owner.client.api.me()
    await wait(20)
  }
  return calls
}

async function signIn(username: string): Promise<Answered> {
  const startedAt = performance.now()
  const answer = await fetch(`${edgewise.url}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: 'not what it is' }),
  })
  const { error }: ErrorBody = JSON.parse(await answer.text())
  const ms = performance.now() - startedAt
  const headers = [...answer.headers].filter(([name]) => !OWN.includes(name)).map(String)
  return { status: answer.status, headers, error, ms }
}

function refused(): Answered[] {
  return flood.filter(({ status }) => status === 429)
}

/** Everything that an attacker could compare, but the clock. */
function shapeOf({ status, headers, error }: Answered): string {
  const { requestId: _, retryAfterMs, ...said } = error
  // The number of the request, which has so many digits for everyone.
  const lengths = headers.filter((line) => !line.startsWith('content-length'))
  return JSON.stringify({ status, said, headers: lengths, waits: retryAfterMs !== undefined })
}

function medians(): [number, number] {
  const median = (answers: readonly Answered[]) =>
    percentile(
      answers.map(({ ms }) => ms),
      50,
    )
  return [median(known), median(unknown)]
}

function difference(): number {
  const [a, b] = medians()
  return (Math.abs(a - b) / Math.min(a, b)) * 100
}
