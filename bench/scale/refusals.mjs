/** What is said to one too many, as Edgewise is served: no limit is lifted but that of sign-ups. */
import WebSocket from 'ws'
import {
  CONNECTIONS_MAX,
  CONNECTIONS_PER_MEMBER_MAX,
  SENDS_10S,
  SUBPROTOCOL,
} from '../../src/protocol/index.ts'
import { startEdgewise } from '../../test/support/edgewise.ts'
import { Rooms } from '../peers/edgewise/rooms.mjs'
import { Crowd } from './crowd.mjs'

/** Messages a second of one person, and for how long: below the window in which sends are counted. */
const FLOOD = 200
const FLOOD_MS = 5_000
const SETTLE_MS = 10_000

export async function refusals() {
  const server = await startEdgewise({ mode: 'serve', vars: { LIMIT_SIGN_UPS_1H: 1_000 } })
  try {
    const rooms = new Rooms(server)
    return { flood: await flood(rooms), crowded: await crowded(rooms) }
  } finally {
    await server.stop()
  }
}

/** One person of a conversation of ten sends as fast as a program can. */
async function flood(rooms) {
  const { seats } = await rooms.open('one who floods', 10)
  const [flooding, others] = [new Crowd(), new Crowd()]
  await Promise.all([flooding.join(seats.slice(0, 1)), others.join(seats.slice(1))])
  const sent = await flooding.speak(FLOOD, FLOOD_MS)
  await flooding.settled(SETTLE_MS)
  await others.speak(5, 2_000)
  const othersSettled = await others.settled(SETTLE_MS)
  const result = {
    ...{ sent, acked: flooding.acked, refused: Object.fromEntries(flooding.refused), limit: SENDS_10S },
    othersWaitMs: Math.max(...others.ackedAfterMs),
    isAllAnswered: othersSettled !== null && flooding.acked + sum(flooding.refused) === sent,
  }
  flooding.close()
  others.close()
  return result
}

/** A conversation whose places are all taken. */
async function crowded(rooms) {
  const { seats } = await rooms.open('all places taken', CONNECTIONS_MAX + CONNECTIONS_PER_MEMBER_MAX)
  const crowd = new Crowd()
  await crowd.join(seats.slice(0, CONNECTIONS_MAX))
  const { url, headers } = seats[CONNECTIONS_MAX]
  const code = await new Promise((resolve, reject) => {
    const socket = new WebSocket(url, [SUBPROTOCOL], { headers, perMessageDeflate: false })
    socket.on('close', resolve)
    socket.on('error', reject)
  })
  const sent = await crowd.speak(2, 2_000)
  const settledMs = await crowd.settled(SETTLE_MS)
  const result = { places: CONNECTIONS_MAX, code, sent, settledMs, faults: crowd.faults() }
  crowd.close()
  return result
}

function sum(counts) {
  return [...counts.values()].reduce((all, count) => all + count, 0)
}
