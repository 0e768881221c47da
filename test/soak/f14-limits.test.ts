/**
 * S4: three sockets of one person ask for 2, 5 and 50 times what is allowed, each in a conversation of its own,
 * while all objects lose their memory once. What is taken is the limit, to the message; who keeps to it never notices.
 *
 * Seen to fail where what was sent before the eviction is not read back: up to twice the limit is taken.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServerFrameOf, uuidv7 } from '../../src/protocol/index.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { group, type Person, person } from '../support/soak/person.ts'
import { prove } from '../support/soak/proof.ts'
import { RawSocket } from '../support/soak/raw-socket.ts'
import { byTier, WITHIN_MS } from '../support/soak/tier.ts'

const LIMIT = 100
const WINDOW_MS = 10_000
const TIMES_OVER = [2, 5, 50]
const SOCKETS = 3
const OPERATIONS_MAX = 1_000
/** In the smoke tier the slower ones end within their first window, so that nobody waits for a second one. */
const FOR_MS = byTier({ smoke: 5_500, full: 60_000 })
const EVICT_AFTER_MS = 1_000
const MODEST_EVERY_MS = 250

type Answer = ServerFrameOf<'ack'> | ServerFrameOf<'error'>
type Flood = { timesOver: number; ms: number; answers: Answer[]; modest: Answer[]; stored: number[] }

const proof = prove({
  id: 'F14',
  fault: 'sends far over the limit, on three sockets at once, and an eviction of every object',
  target:
    'taken is the limit ± 1 per person and conversation, across sockets; across the eviction at most one burst more',
})

let edgewise: Edgewise
let floods: Flood[]

beforeAll(async () => {
  const vars = { LIMIT_SENDS_10S: LIMIT, LIMIT_SENDS_60S: 1_000_000 }
  edgewise = await startEdgewise({ mode: 'serve', vars })
  const { url } = edgewise
  const [ada, grace] = [await person(url, 'ada'), await person(url, 'grace')]
  const flooding = TIMES_OVER.map((timesOver) => flood(timesOver, ada, grace))
  await wait(EVICT_AFTER_MS)
  edgewise.evict()
  floods = await Promise.all(flooding)

  for (const each of floods) {
    const taken = acksOf(each.answers).length
    proof.load(`${each.answers.length} sends at ${each.timesOver} × the limit`)
    proof.saw(`at ${each.timesOver} ×: ${taken} taken of ${expected(each)} allowed`)
  }
}, WITHIN_MS)

afterAll(async () => {
  await edgewise?.stop()
})

describe.each(TIMES_OVER)('S4 at %i times the limit', (timesOver) => {
  const here = () => floods.find((flood) => flood.timesOver === timesOver) as Flood

  it('what is taken is the limit', () => {
    expect(Math.abs(acksOf(here().answers).length - expected(here()))).toBeLessThanOrEqual(1)
  })

  it('in no window, by the times of the server, there is one too many', () => {
    const times = acksOf(here().answers).map(({ at }) => at)
    for (const from of times) {
      expect(times.filter((at) => at >= from && at < from + WINDOW_MS).length).toBeLessThanOrEqual(LIMIT)
    }
  })

  it('what is refused says when to come back, and is not stored', () => {
    const refused = here().answers.filter((answer) => answer.type === 'error')
    expect(refused.length).toBeGreaterThan(0)
    for (const { code, retryAfterMs = 0 } of refused) {
      expect(code).toBe('rate_limited')
      expect(retryAfterMs).toBeGreaterThan(0)
      expect(retryAfterMs).toBeLessThanOrEqual(WINDOW_MS)
    }
    const acked = [...here().answers, ...here().modest].flatMap((answer) =>
      'seq' in answer ? [answer.seq] : [],
    )
    expect(here().stored).toEqual(acked.sort((a, b) => a - b))
  })

  it('who keeps to the limit is never refused beside it', () => {
    expect(here().modest.length).toBeGreaterThan(0)
    expect(here().modest.filter(({ type }) => type === 'error')).toEqual([])
  })
})

async function flood(timesOver: number, ada: Person, grace: Person): Promise<Flood> {
  const id = await group(`${timesOver} times over`, [ada, grace])
  const sockets = await Promise.all(
    Array.from({ length: SOCKETS }, () => RawSocket.open(edgewise.url, ada, id)),
  )
  const quiet = await RawSocket.open(edgewise.url, grace, id)
  const perSecond = (timesOver * LIMIT * 1_000) / WINDOW_MS
  const operations = Math.min(OPERATIONS_MAX, Math.floor((perSecond * FOR_MS) / 1_000))
  const startedAt = performance.now()
  const modest: Promise<Answer>[] = []
  const ticking = setInterval(() => modest.push(say(quiet)), MODEST_EVERY_MS)
  const answers: Promise<Answer>[] = []
  // Until the last of them is sent: its answer may come when the next window has begun.
  let ms = 0
  for (let n = 0; n < operations; n += 1) {
    ms = performance.now() - startedAt
    answers.push(say(sockets[n % SOCKETS] as RawSocket))
    await wait(Math.max(0, startedAt + ((n + 1) * 1_000) / perSecond - performance.now()))
  }
  const ended = await Promise.all(answers)
  clearInterval(ticking)
  const others = await Promise.all(modest)
  const { events } = await ada.client.api.events(id, 0)
  const log = await restOf(
    ada,
    id,
    events.map(({ seq }) => seq),
  )
  for (const socket of [...sockets, quiet]) socket.close()
  return { timesOver, ms, answers: ended, modest: others, stored: log }
}

function say(socket: RawSocket): Promise<Answer> {
  return socket.ask({ type: 'send', id: uuidv7(), text: 'again' })
}

/** The log's seqs beyond its first page. */
async function restOf(who: Person, id: string, seqs: number[]): Promise<number[]> {
  const { events, head } = await who.client.api.events(id, seqs.at(-1) ?? 0)
  const all = [...seqs, ...events.map(({ seq }) => seq)]
  return (all.at(-1) ?? 0) >= head ? all : restOf(who, id, all)
}

/** A burst at the start of each window, which the next one allows when the first of it is that old. */
function expected({ ms }: Flood): number {
  return Math.ceil(ms / WINDOW_MS) * LIMIT
}

function acksOf(answers: readonly Answer[]): ServerFrameOf<'ack'>[] {
  return answers.filter((answer) => answer.type === 'ack')
}
