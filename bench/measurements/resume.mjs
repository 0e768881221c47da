/** A network is back: many come at once, and each has missed the same. */
import { performance } from 'node:perf_hooks'
import { Room } from '../load/room.mjs'
import { saturate } from '../load/saturate.mjs'

/** Of what is there when they left. */
const HELD = 50
const SENDERS = 8

export async function resume({ dialect, fail, seats, missed }) {
  const before = new Room({ dialect, fail })
  await before.connect(seats.slice(0, SENDERS))
  const count = HELD + missed
  const arrived = before.delivered(count * before.clients.length)
  await saturate(before, count)
  await arrived
  const problems = await before.problems()
  before.close()

  const room = new Room({ dialect, fail, after: HELD, sent: before.textsAfter(HELD) })
  const start = performance.now()
  const all = room.delivered(missed * seats.length)
  await Promise.all([room.connect(seats), all])
  const seconds = (performance.now() - start) / 1_000
  problems.push(...(await room.problems()))
  room.close()
  return { values: { 'all have everything, s': seconds }, problems }
}
