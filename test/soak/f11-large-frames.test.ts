/**
 * Frames of 33 KiB, 1 MiB and 33 MiB, and a body of 33 MiB, from a member of a conversation in which another talks.
 *
 * Seen to fail where the size is not looked at before the frame is parsed (an answer in place of the code).
 */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { frame, HostileSocket, NO_CLOSE } from '../support/soak/hostile-socket.ts'
import { NO_STATUS, statusOf } from '../support/soak/malformed-http.ts'
import { MIB, residentBytes, workerds } from '../support/soak/memory.ts'
import { everyLine, troubleIn } from '../support/soak/output.ts'
import { group, type Person, person } from '../support/soak/person.ts'
import { prove } from '../support/soak/proof.ts'
import { Speaker, socketOf } from '../support/soak/speaker.ts'
import { byTier, WITHIN_MS } from '../support/soak/tier.ts'

/** At once: as many sockets as one person may have. */
const TIMES = byTier({ smoke: 2, full: 8 })
const SIZES = { '33 KiB': 33 * 1_024, '1 MiB': MIB, '33 MiB': 33 * MIB }
/** The runtime tells a client that its message was too large only after some ten seconds: smoke does not wait. */
const CLOSED_WITHIN_MS = byTier({ smoke: 1_500, full: 20_000 })
const NOT_TOLD_YET = 0
/** An object has looked into it. */
const ANSWERED = -1
const MAY_BE = byTier({ smoke: [1009, NO_CLOSE, NOT_TOLD_YET], full: [1009, NO_CLOSE] })
const RETURNS_WITHIN_MS = byTier({ smoke: 5_000, full: 30_000 })
const MAY_STAY_BYTES = 40 * MIB

const proof = prove({
  id: 'F11',
  fault: 'frames of 33 KiB, 1 MiB and 33 MiB, and bodies of 33 MiB',
  target:
    'over 32 KiB: 4504 before it is parsed; 33 MiB: the runtime’s 1009; memory back to its baseline + 40 MB',
})

let edgewise: Edgewise
let ada: Person
let eve: Person
let id: string
let peer: Speaker
let processes: number[]
let [baseline, highest, settled] = [0, 0, 0]
const codes: Record<string, number[]> = {}
const statuses: number[] = []

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve', vars: { LIMIT_SENDS_10S: 1_000, LIMIT_SENDS_60S: 5_000 } })
  ada = await person(edgewise.url, 'ada')
  eve = await person(edgewise.url, 'eve')
  id = await group('Large frames', [ada, eve])
  peer = await Speaker.open(await socketOf(edgewise.port, ada, id))
  await peer.speak({ perS: 20, forMs: 1_000, text: 'before' })
  processes = workerds(edgewise)
  baseline = residentBytes(edgewise)
  for (const [name, size] of Object.entries(SIZES)) {
    codes[name] = await Promise.all(Array.from({ length: TIMES }, (_, n) => closeCodeAfter(size, n)))
    highest = Math.max(highest, residentBytes(edgewise))
  }
  for (let n = 0; n < TIMES; n += 1) statuses.push(await statusOfBody(33 * MIB))
  await peer.speak({ perS: 20, forMs: 1_000, text: 'after' })
  const giveUpAt = performance.now() + RETURNS_WITHIN_MS
  do {
    settled = residentBytes(edgewise)
    if (settled <= baseline + MAY_STAY_BYTES) break
    await wait(250)
  } while (performance.now() < giveUpAt)

  proof.load(`${TIMES} of each size, a healthy peer beside them`)
  const told = Object.entries(codes).map(
    ([name, each]) => `${name}: ${[...new Set(each)].map((code) => code || 'no code yet').join(' or ')}`,
  )
  const [grown, stayed] = [highest - baseline, settled - baseline].map((bytes) => Math.round(bytes / MIB))
  proof.saw(`${told.join(', ')}; memory + ${grown} MiB at most, + ${stayed} MiB in the end`)
}, WITHIN_MS)

afterAll(() => edgewise?.stop())

it('F1 a frame over 32 KiB is closed with 4504 and is not parsed: it is no JSON, and nothing says so', () => {
  expect(codes['33 KiB']).toEqual(Array(TIMES).fill(4504))
  expect(codes['1 MiB']).toEqual(Array(TIMES).fill(4504))
})

it('33 MiB never reach an object: the runtime closes with 1009, or hangs up', () => {
  for (const code of codes['33 MiB'] ?? []) expect(MAY_BE).toContain(code)
})

it('a body of 33 MiB is refused, or hung up on', () => {
  expect(statuses).toHaveLength(TIMES)
  for (const status of statuses) expect([413, NO_STATUS]).toContain(status)
})

it('the process lives, and nothing was a bug', async () => {
  expect(workerds(edgewise)).toEqual(processes)
  expect(troubleIn(everyLine())).toEqual([])
  expect(peer.errors).toEqual([])
  expect((await ada.client.api.events(id, 0)).head).toBe(peer.acked)
})

it('G7 the memory comes back', () => {
  expect(settled - baseline).toBeLessThanOrEqual(MAY_STAY_BYTES)
})

/** Not JSON, so that whatever parses it answers `bad_frame`: as text, and by turns as bytes. */
async function closeCodeAfter(size: number, n: number): Promise<number> {
  const socket = await HostileSocket.open(await socketOf(edgewise.port, eve, id))
  let isAnswered = false
  socket.hear = ({ type }) => {
    isAnswered ||= type === 'error'
  }
  socket.write(frame({ payload: Buffer.alloc(size, '{'), opcode: n % 2 === 0 ? 1 : 2 }))
  const code = await Promise.race([socket.closed, wait(CLOSED_WITHIN_MS, NOT_TOLD_YET)])
  socket.destroy()
  return isAnswered ? ANSWERED : code
}

/** Written byte by byte: the answer comes, and the connection ends, long before the body does. */
async function statusOfBody(size: number): Promise<number> {
  const head = [
    ...[`POST /api/conversations/${id}/messages HTTP/1.1`, `host: localhost:${edgewise.port}`],
    ...[`content-length: ${size}`, 'content-type: application/json'],
    ...Object.entries(await eve.authorize()).map(([name, value]) => `${name}: ${value}`),
    ...['', ''],
  ]
  return statusOf(edgewise.port, Buffer.concat([Buffer.from(head.join('\r\n')), Buffer.alloc(size, '[')]))
}
