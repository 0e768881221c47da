/** The load's own process, one for each measurement of each peer: nothing is left of the one before. */
import { fanOut } from '../measurements/fan-out.mjs'
import { history, seedHistory } from '../measurements/history.mjs'
import { latency } from '../measurements/latency.mjs'
import { memory } from '../measurements/memory.mjs'
import { resume } from '../measurements/resume.mjs'
import { peers } from '../peers/index.mjs'
import { Room } from './room.mjs'

/** A run that takes longer hangs, or has lost something. */
const WITHIN_MS = 120_000

const measurements = {
  latency: connected(latency),
  fanOut: connected(fanOut),
  seedHistory: connected(seedHistory),
  history: async (job) => ({
    values: await history({ ...job, history: job.rooms[0].history }),
    problems: [],
  }),
  resume,
  memory,
}

process.once('message', async (job) => {
  const failed = Promise.withResolvers()
  const late = setTimeout(() => failed.reject(new Error('not done in time')), WITHIN_MS)
  const { dialect } = peers.find(({ name }) => name === job.peer)
  const context = { ...job, dialect, fail: failed.reject, seats: job.rooms[0].seats }
  try {
    process.send(await Promise.race([measurements[job.measurement](context), failed.promise]))
  } catch (error) {
    process.send({ values: {}, problems: [error.stack] })
  }
  clearTimeout(late)
  process.disconnect()
})

// Also where the run was ended in the middle: its sockets, or those of a run that failed, are still open.
process.once('disconnect', () => process.exit())

/** In rooms whose seats are all taken, and where everything that is said is checked. */
function connected(measure) {
  return async (job) => {
    const rooms = job.rooms.map(() => new Room(job))
    await Promise.all(rooms.map((room, place) => room.connect(job.rooms[place].seats)))
    const values = await measure({ ...job, rooms })
    const problems = (await Promise.all(rooms.map((room) => room.problems()))).flat()
    for (const room of rooms) room.close()
    return { values, problems }
  }
}
