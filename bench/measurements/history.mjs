/** Pages of a long room, one after the other, from anywhere in it. */
import { performance } from 'node:perf_hooks'
import { saturate } from '../load/saturate.mjs'
import { percentile } from '../statistics.ts'

const PAGE = 50
const WARM_UP = 20
/** A step that is prime to every length here: places all over the room, the same ones for every server. */
const STEP = 61_803

/** Fills the room, once. */
export async function seedHistory({ rooms: [room], count }) {
  const arrived = room.delivered(count * room.clients.length)
  await saturate(room, count)
  await arrived
  return {}
}

export async function history({ history: { url, headers }, messages, count }) {
  const times = []
  for (let page = 0; page < count + WARM_UP; page += 1) {
    const before = ((page * STEP) % (messages - PAGE)) + PAGE + 1
    const address = new URL(url)
    address.searchParams.set('before', before)
    address.searchParams.set('limit', PAGE)
    const start = performance.now()
    const answer = await (await fetch(address, { headers })).json()
    if (page >= WARM_UP) times.push(performance.now() - start)
    const seqs = answer.messages.map(({ seq }) => seq)
    if (seqs.length !== PAGE || seqs.at(-1) !== before - 1)
      throw new Error(`the page before ${before} is wrong`)
  }
  return { 'page, median ms': percentile(times, 50), 'page, p99 ms': percentile(times, 99) }
}
