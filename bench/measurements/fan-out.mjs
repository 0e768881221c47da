/** Everyone in one room, or in each of many, at the rate at which the server acks. */
import { performance } from 'node:perf_hooks'
import { saturate } from '../load/saturate.mjs'
import { cpuSecondsOf } from '../load/usage.mjs'

/** Said before it counts: what runs for the first time is compiled, connected and allocated. */
const WARM_UP_SHARE = 0.25

export async function fanOut({ rooms, count, pids, load }) {
  const warmUp = Math.ceil(count * WARM_UP_SHARE)
  await everywhere(rooms, (room) => said(room, warmUp, 0, load))
  const cpu = cpuSecondsOf(pids)
  const ownCpu = process.cpuUsage()
  const start = performance.now()
  await everywhere(rooms, (room) => said(room, count, warmUp, load))
  const seconds = (performance.now() - start) / 1_000
  const deliveries = rooms.reduce((all, room) => all + count * room.clients.length, 0)
  const { user, system } = process.cpuUsage(ownCpu)
  return {
    'deliveries a second': deliveries / seconds,
    'messages a second': (count * rooms.length) / seconds,
    'CPU s per 100,000 deliveries': ((cpuSecondsOf(pids) - cpu) / deliveries) * 100_000,
    'load client, cores': (user + system) / 1_000_000 / seconds,
  }
}

/** Resolves when the last client has the last message. */
async function said(room, count, before, load) {
  const arrived = room.delivered((before + count) * room.clients.length)
  await saturate(room, count, load)
  await arrived
}

function everywhere(rooms, work) {
  return Promise.all(rooms.map(work))
}
