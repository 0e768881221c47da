/** One run: the servers, the rounds, and who measures what when. */
import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peers } from './peers/index.mjs'

const LOAD = new URL('load/main.mjs', import.meta.url).pathname
/** Of a hundred thousand messages at a time: each load process has only so long. */
const SEED_AT_ONCE = 25_000
const SEED_SEATS = 4

/**
 * Takes every measurement of every peer in each round, one after the other: what slows the machine for a minute
 * slows them all.
 *
 * @param stopping rejects where the run is to end before its time
 * @returns by measurement key, by peer name, by what was measured: the values of the rounds
 */
export async function runBench({ rounds, historyMessages, measurements }, say, stopping) {
  const state = mkdtempSync(join(tmpdir(), 'edgewise-bench-'))
  const results = {}
  const longRooms = {}
  try {
    for (let round = 1; round <= rounds; round += 1) {
      await withServers(state, stopping, async (servers) => {
        for (const each of measurements) {
          for (const peer of peers.filter(({ cannot }) => !cannot.includes(each.key))) {
            const server = servers.get(peer.name)
            if (each.key === 'history') {
              longRooms[peer.name] ??= await seed(peer, server, historyMessages, say)
            }
            const values = await measure(each, peer, server, round, longRooms[peer.name])
            say(`${round}/${rounds}  ${each.title}  ${peer.name}  ${describe(values)}`)
            collect(results, each.key, peer.name, values)
          }
        }
      })
    }
  } finally {
    rmSync(state, { recursive: true, force: true })
  }
  return results
}

/** New processes for each round: what one has learnt or leaked is not handed to the next. */
async function withServers(state, stopping, work) {
  const servers = new Map()
  try {
    for (const peer of peers) {
      const own = join(state, peer.name.replace(/\W/g, '-'))
      mkdirSync(own, { recursive: true })
      servers.set(peer.name, await peer.start(own))
    }
    // Whoever ends the run in the middle leaves no server behind.
    await Promise.race([work(servers), stopping])
  } finally {
    await Promise.all([...servers.values()].map((server) => server.stop()))
  }
}

async function measure(each, peer, server, round, longRoom) {
  const { rooms: count = 1, seats = 1, key, title, ...job } = each
  const rooms = []
  for (let room = 0; room < count; room += 1) {
    rooms.push(
      key === 'history'
        ? await peer.openRoom(server, longRoom, SEED_SEATS)
        : await peer.openRoom(server, `${key}-${round}-${room}`, seats),
    )
  }
  const { values, problems } = await load(peer, server, { ...job, rooms })
  if (problems.length > 0) throw new Error(`${peer.name}, ${title}: ${problems.join('; ')}`)
  return values
}

/** @returns the room's name */
async function seed(peer, server, messages, say) {
  const name = 'history'
  say(`filling a room with ${messages.toLocaleString('en')} messages  ${peer.name}`)
  for (let there = 0; there < messages; there += SEED_AT_ONCE) {
    const count = Math.min(SEED_AT_ONCE, messages - there)
    const room = await peer.openRoom(server, name, SEED_SEATS)
    const { problems } = await load(peer, server, {
      ...{ measurement: 'seedHistory', rooms: [room], count, after: there === 0 ? undefined : there },
    })
    if (problems.length > 0) throw new Error(`${peer.name} could not be filled: ${problems.join('; ')}`)
  }
  return name
}

/** Does a job in a process of its own. */
function load(peer, server, job) {
  return new Promise((resolve, reject) => {
    const child = fork(LOAD)
    let result
    child.on('message', (message) => {
      result = message
    })
    child.on('exit', (code) => {
      if (result) resolve(result)
      else reject(new Error(`the load for ${peer.name} ended with code ${code}`))
    })
    child.send({ peer: peer.name, pids: server.processes(), ...job })
  })
}

function collect(results, key, name, values) {
  results[key] ??= {}
  results[key][name] ??= {}
  for (const [what, value] of Object.entries(values)) {
    results[key][name][what] ??= []
    results[key][name][what].push(value)
  }
}

function describe(values) {
  return Object.entries(values)
    .map(([what, value]) => `${what}: ${value.toPrecision(3)}`)
    .join(', ')
}
