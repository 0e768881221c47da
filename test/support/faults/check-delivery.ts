/** Each socket, and each screen, against the log: a contiguous run of it, and nothing that is not in it. */
import type { Event } from '../../../src/protocol/index.ts'
import { effectOf } from './check-operations.ts'
import type { Violation } from './checker.ts'
import type { History, SocketRun } from './history.ts'

export function checkDelivery(history: History): Violation[] {
  return [
    ...checkLog(history),
    ...history.sockets.flatMap((socket) => [
      ...checkRun(socket),
      ...checkTold(socket, history.log),
      ...checkRemoval(socket),
    ]),
    ...checkShown(history),
  ]
}

/** 1, 2, 3, … without a hole. */
function checkLog({ log }: History): Violation[] {
  return log.flatMap(({ seq }, n) => {
    const before = n === 0 ? 0 : (log[n - 1]?.seq ?? 0)
    if (seq === before + 1) return []
    const name = seq > before ? 'skip' : 'reorder'
    return [{ name, says: `the log goes from ${before} to ${seq}` } as const]
  })
}

/** Frames that follow on each other, and hold what they say that they hold (G4). */
function checkRun({ client, after, told }: SocketRun): Violation[] {
  const found: Violation[] = []
  let last = after
  for (const frame of told) {
    if (frame.type === 'resync') {
      last = frame.base
      continue
    }
    for (const { seq } of frame.events) {
      if (last !== null && seq !== last + 1) {
        const name = seq > last ? 'skip' : 'reorder'
        found.push({ name, says: `${client} was told ${seq} after ${last}` })
      }
      last = seq
    }
    if (frame.from !== frame.events[0]?.seq || frame.to !== last) {
      found.push({ name: 'skip', says: `${client}: not all of ${frame.from} to ${frame.to} is in the frame` })
    }
  }
  return found
}

/** Everyone was told the same, and it is what the log says. */
function checkTold({ client, told }: SocketRun, log: readonly Event[]): Violation[] {
  return told.flatMap((frame) => {
    if (frame.type !== 'events') return []
    return frame.events.flatMap((event): Violation[] => {
      const kept = log[event.seq - 1]
      if (!kept)
        return [{ name: 'aborted read', says: `${client} was told ${event.seq}, which is not there` }]
      if (effectOf(kept) === effectOf(event) && kept.at === event.at) return []
      const says = `${client} was told ${effectOf(event)} at ${event.seq}, where the log has ${effectOf(kept)}`
      return [{ name: 'divergence', says }]
    })
  })
}

/** The removal is the last that a socket hears; a later socket, of one who is back, may tell the story (G6). */
function checkRemoval({ client, userId, head, told }: SocketRun): Violation[] {
  const events = told.flatMap((frame) => (frame.type === 'events' ? frame.events : []))
  const removal = events.find(
    (event) => event.kind === 'member.removed' && event.userId === userId && event.seq > head,
  )
  if (!removal) return []
  const later = events.filter(({ seq }) => seq > removal.seq)
  return later.length === 0
    ? []
    : [{ name: 'read after removal', says: `${client} was removed at ${removal.seq}, told ${later[0]?.seq}` }]
}

/** What a screen shows is a run of the log's messages, from wherever it began. */
function checkShown({ shown, log }: History): Violation[] {
  const seqs = log.flatMap((event) => (event.kind === 'message.created' ? [event.seq] : []))
  const places = new Map(seqs.map((seq, place) => [seq, place]))
  return shown.flatMap(({ client, seqs: run }) =>
    run.flatMap((seq, n): Violation[] => {
      const before = run[n - 1]
      const place = places.get(seq)
      if (place === undefined) return [{ name: 'aborted read', says: `${client} showed ${seq}` }]
      if (before === undefined || places.get(before) === place - 1) return []
      const name = seq > before ? 'skip' : 'reorder'
      return [{ name, says: `${client} showed ${seq} after ${before}` }]
    }),
  )
}
