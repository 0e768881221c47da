/** One conversation, told more and more until it is late; then told far too much, and left alone again. */
import { startEdgewise } from '../../test/support/edgewise.ts'
import { cpuSecondsOf, memoryOf } from '../load/usage.mjs'
import { UNLIMITED } from '../peers/edgewise/peer.mjs'
import { Rooms } from '../peers/edgewise/rooms.mjs'
import { percentile } from '../statistics.ts'
import { Crowd } from './crowd.mjs'

/** Messages a second, each for STEP_MS. */
const RATES = [2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000]
const STEP_MS = 4_000
/** What people still take for at once: later than that, and the room is full. */
const LATE_MS = 250
const SETTLE_MS = 60_000
/** How much more than it takes a room is told, in the end. */
const EXCESS = 4

/** @returns for each size: the most messages a second that arrived in time, and what came of EXCESS times as many */
export async function fillRooms(sizes, say) {
  const server = await startEdgewise({ mode: 'serve', vars: UNLIMITED })
  try {
    const rooms = new Rooms(server)
    const results = []
    for (const size of sizes) {
      const { seats } = await rooms.open(`a room of ${size}`, size)
      const crowd = new Crowd()
      await crowd.join(seats)
      const most = await mostInTime(crowd, server.processes(), (line) => say(`${size} sockets  ${line}`))
      const excess = await tellTooMuch(crowd, server.processes(), most.rate * EXCESS)
      say(`${size} sockets  too much: ${JSON.stringify(excess)}`)
      results.push({ size, most, excess })
      crowd.close()
    }
    return results
  } finally {
    await server.stop()
  }
}

async function mostInTime(crowd, pids, say) {
  let best = { rate: 0, deliveries: 0, ackMs: 0, cores: 0 }
  for (const rate of RATES) {
    const step = await inTimeOrNot(crowd, pids, rate)
    say(
      `${rate} messages a second: ack ${step.ackMs.toFixed(0)} ms, all delivered ${step.settledMs.toFixed(0)} ms later`,
    )
    if (isLate(step)) break
    best = { rate, deliveries: rate * crowd.seats.length, ackMs: step.ackMs, cores: step.cores }
  }
  return best
}

/** Once more where it was late: something else on the machine may have been. */
async function inTimeOrNot(crowd, pids, rate) {
  const step = await tell(crowd, pids, rate)
  return isLate(step) ? tell(crowd, pids, rate) : step
}

function isLate({ ackMs, settledMs }) {
  return ackMs > LATE_MS || settledMs > LATE_MS
}

async function tellTooMuch(crowd, pids, rate) {
  const memory = memoryOf(pids)
  const told = await tell(crowd, pids, rate)
  const grown = memoryOf(pids) - memory
  const after = await tell(crowd, pids, RATES[0])
  return { rate, ...told, grownBytes: grown, faults: crowd.faults(), ackMsAfterwards: after.ackMs }
}

/** @returns the 95th percentile of acks, and how long after the last send everyone had everything */
async function tell(crowd, pids, rate) {
  crowd.ackedAfterMs = []
  crowd.acked = 0
  crowd.refused = new Map()
  const cpu = cpuSecondsOf(pids)
  const sent = await crowd.speak(rate, STEP_MS)
  const settledMs = await crowd.settled(SETTLE_MS)
  if (settledMs === null) throw new Error(`not settled within ${SETTLE_MS} ms of ${rate} messages a second`)
  const cores = (cpuSecondsOf(pids) - cpu) / ((STEP_MS + settledMs) / 1_000)
  const refused = [...crowd.refused.values()].reduce((sum, count) => sum + count, 0)
  if (crowd.acked + refused !== sent) throw new Error('something was sent that nobody answered')
  return { sent, acked: crowd.acked, refused, ackMs: percentile(crowd.ackedAfterMs, 95), settledMs, cores }
}
