/** Sockets that are only there: what each adds to what the server's processes hold. */
import { setTimeout as wait } from 'node:timers/promises'
import { Room } from '../load/room.mjs'
import { saturate } from '../load/saturate.mjs'
import { memoryOf } from '../load/usage.mjs'

/** Sockets and messages first, so that what is loaded once is there already. */
const FIRST = 10
const FIRST_MESSAGES = 200
const SETTLE_MS = 1_000

export async function memory({ dialect, fail, seats, pids }) {
  const room = new Room({ dialect, fail })
  await room.connect(seats.slice(0, FIRST))
  const arrived = room.delivered(FIRST_MESSAGES * FIRST)
  await saturate(room, FIRST_MESSAGES)
  await arrived
  const problems = await room.problems()
  await wait(SETTLE_MS)
  const before = memoryOf(pids)
  const idle = new Room({ dialect, fail })
  await idle.connect(seats.slice(FIRST))
  await wait(SETTLE_MS)
  const bytes = memoryOf(pids) - before
  room.close()
  idle.close()
  return { values: { 'KB per socket': bytes / (seats.length - FIRST) / 1_000 }, problems }
}
