/**
 * 50 sockets whose clients take nothing from the network any more, while 200 messages of 1 KiB a second are said.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { percentile } from '../../bench/statistics.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { HostileSocket } from '../support/soak/hostile-socket.ts'
import { MIB, residentBytes } from '../support/soak/memory.ts'
import { everyLine, troubleIn } from '../support/soak/output.ts'
import { group, type Person, person } from '../support/soak/person.ts'
import { prove } from '../support/soak/proof.ts'
import { Speaker, socketOf } from '../support/soak/speaker.ts'
import { byTier, WITHIN_MS } from '../support/soak/tier.ts'

const READERS = 50
/** As many sockets as one person may have in a conversation, and one to come back with. */
const EACH = 7
const PACE = { perS: 200, text: 'x'.repeat(1_024) }
const STALLED_MS = byTier({ smoke: 5_000, full: 60_000 })
/** As long as the fault: a runtime that has just started takes memory for whatever it does, and keeps it. */
const BASELINE_MS = byTier({ smoke: 2_500, full: 60_000 })
const GROWTH_BYTES_MAX = 64 * MIB
/** Below this a p99 is the scheduler of a shared machine: the fault plan's own floor for an ack. */
const NOISE_MS = 50

const proof = prove({
  id: 'F9',
  fault: 'readers that stall, at 200 messages of 1 KiB a second',
  target: 'memory grows by 64 MB at most, a healthy p99 at most twice its own, each later has the full log',
})

let edgewise: Edgewise
let id: string
let peer: Speaker
let acks: { calm: number[]; stalled: number[] }
let [baseline, highest] = [0, 0]
let readers: { who: Person; socket: HostileSocket; seqs: number[] }[]
let head: number
let openAfter = 0

beforeAll(async () => {
  const vars = { LIMIT_SENDS_10S: 1_000_000, LIMIT_SENDS_60S: 1_000_000 }
  edgewise = await startEdgewise({ mode: 'serve', vars })
  const people = await Promise.all(
    Array.from({ length: Math.ceil(READERS / EACH) + 1 }, (_, n) => person(edgewise.url, `person_${n}`)),
  )
  const [ada, ...others] = people
  if (!ada) throw new Error('nobody is there')
  id = await group('Stalled readers', people)
  peer = await Speaker.open(await socketOf(edgewise.port, ada, id))
  await peer.speak({ ...PACE, forMs: 1_000 })
  const fresh = residentBytes(edgewise)
  const calm = await peer.speak({ ...PACE, forMs: BASELINE_MS })

  readers = await Promise.all(
    Array.from({ length: READERS }, (_, n) => reader(others[Math.floor(n / EACH)], peer.acked)),
  )
  for (const { socket } of readers) socket.pause()
  baseline = residentBytes(edgewise)
  const watch = setInterval(() => {
    highest = Math.max(highest, residentBytes(edgewise))
  }, 250)
  const stalled = await peer.speak({ ...PACE, forMs: STALLED_MS })
  clearInterval(watch)
  acks = { calm, stalled }
  head = peer.acked

  for (const { socket } of readers) socket.resume()
  await Promise.all(readers.map(catchUp))
  const [was, is] = [calm, stalled].map((each) => percentile(each, 99).toFixed(1))
  proof.load(`${READERS} stalled for ${STALLED_MS / 1_000} s, ${stalled.length} messages`)
  proof.saw(
    `memory + ${Math.round((baseline - fresh) / MIB)} MiB in as long without them, + ${Math.round((highest - baseline) / MIB)} MiB with them, p99 of acks ${was} ms before, ${is} ms meanwhile; ` +
      `${READERS} whole logs of ${head} events, ${openAfter} of them over the same socket`,
  )
}, WITHIN_MS)

afterAll(() => edgewise?.stop())

it('G7 what stalled readers have not taken costs the object at most their windows', () => {
  expect(highest - baseline).toBeLessThanOrEqual(GROWTH_BYTES_MAX)
})

it('G7 nobody waits for them', () => {
  expect(peer.errors).toEqual([])
  const [calm, stalled] = [percentile(acks.calm, 99), percentile(acks.stalled, 99)]
  expect(stalled).toBeLessThanOrEqual(Math.max(2 * calm, NOISE_MS))
})

it('G5 each of them has the full log in the end', () => {
  for (const { seqs } of readers) {
    expect(seqs.length).toBeGreaterThan(0)
    expect(seqs.at(-1)).toBe(head)
    expect(seqs.every((seq, n) => n === 0 || seq === (seqs[n - 1] ?? 0) + 1)).toBe(true)
  }
})

it('nothing of it was a bug', () => expect(troubleIn(everyLine())).toEqual([]))

/** One who is live; from then on it keeps the seq of each event, and confirms it. */
async function reader(who: Person | undefined, after: number) {
  if (!who) throw new Error('nobody reads')
  const seqs: number[] = []
  const socket = await follow(who, after, seqs)
  return { who, socket, seqs }
}

function follow(who: Person, after: number, seqs: number[]): Promise<HostileSocket> {
  return new Promise((resolve, reject) => {
    socketOf(edgewise.port, who, id, `?after=${after}`)
      .then((where) => HostileSocket.open(where))
      .then((socket) => {
        socket.hear = (frame) => {
          if (frame.type === 'live') resolve(socket)
          if (frame.type !== 'events') return
          seqs.push(...frame.events.map(({ seq }) => seq))
          socket.say({ type: 'got', seq: frame.to })
        }
      })
      .catch(reject)
  })
}

/** Over its socket where that still stands; else as a client does that comes back: from where it was. */
async function catchUp(reader: (typeof readers)[number]): Promise<void> {
  const { who, socket, seqs } = reader
  while (socket.isOpen && (seqs.at(-1) ?? 0) < head) await wait(20)
  if (socket.isOpen) openAfter += 1
  for (let at = seqs.at(-1) ?? 0; at < head; at = seqs.at(-1) ?? 0) {
    const page = await who.client.api.events(id, at)
    seqs.push(...page.events.map(({ seq }) => seq))
  }
}
