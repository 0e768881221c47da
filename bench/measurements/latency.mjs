/** One person says something to another, while nothing else happens: how long until the ack, and until it is there. */
import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { nextText } from '../load/saturate.mjs'
import { percentile } from '../statistics.ts'

/** Longer than any server here holds a message back: each is said while all is quiet. */
const PAUSE_MS = 25
const WARM_UP = 20

export async function latency({ rooms: [room], count }) {
  const [ada] = room.clients
  const acks = []
  const deliveries = []
  for (let said = 1; said <= count + WARM_UP; said += 1) {
    const start = performance.now()
    const arrived = room.delivered(said * room.clients.length).then(() => performance.now() - start)
    await room.say(ada, nextText())
    const ack = performance.now() - start
    const delivery = await arrived
    if (said > WARM_UP) {
      acks.push(ack)
      deliveries.push(delivery)
    }
    await wait(PAUSE_MS)
  }
  return {
    'ack, median ms': percentile(acks, 50),
    'ack, p99 ms': percentile(acks, 99),
    'delivery, median ms': percentile(deliveries, 50),
    'delivery, p99 ms': percentile(deliveries, 99),
  }
}
