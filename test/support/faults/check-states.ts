/** The ends: everyone's state is the server's, byte for byte, and so is what the log makes of nothing. */
import { Timeline } from '../../../src/client/timeline.ts'
import type { Event, Member, Message, ServerFrameOf } from '../../../src/protocol/index.ts'
import type { Violation } from './checker.ts'
import type { History, View } from './history.ts'

const EVENTS_PER_FRAME = 20

export function checkStates(history: History): Violation[] {
  const { server, views } = history
  const timeline = replay(startOf(history), history.log)
  return [
    ...views.flatMap((view) => differences(view, server)),
    ...differences(viewOf('the replayed log', timeline), heldOf(timeline, server)),
    ...checkSnapshots(history),
    ...checkPins(history),
  ]
}

/** apply(snapshot(a), events(a, b]) = snapshot(b), for every window that anyone was given. */
function checkSnapshots({ sockets, log, server }: History): Violation[] {
  const found: Violation[] = []
  const windows = sockets.flatMap(({ client, told }) =>
    told.flatMap((frame) => (frame.type === 'resync' ? [{ client, window: frame }] : [])),
  )
  for (const { client, window } of windows) {
    const { messages, members } = replay(structuredClone(window), log)
    const first = messages[0]?.seq ?? 0
    const end = { ...server, messages: server.messages.filter(({ seq }) => seq >= first) }
    const view = {
      who: `${client} from the window at ${window.base}`,
      messages,
      members: [...members.values()],
    }
    for (const { says } of differences(view, end)) found.push({ name: 'snapshot law', says })
  }
  return found
}

/** What the log says is pinned, the last pinned first, is what everyone holds. */
function checkPins({ log, pins }: History): Violation[] {
  const pinned = new Set<number>()
  for (const event of log) {
    if (event.kind !== 'message.deleted' && event.kind !== 'message.pinned') continue
    pinned.delete(event.target)
    if (event.kind === 'message.pinned' && event.on) pinned.add(event.target)
  }
  const expected = [...pinned].reverse()
  return pins.flatMap(({ who, seqs }) => {
    if (String(seqs) === String(expected)) return []
    return [{ name: 'divergence', says: `${who} has ${seqs} pinned, by the log ${expected}` } as const]
  })
}

function startOf({ beginning }: History): ServerFrameOf<'resync'> {
  const members = [...beginning]
  return { type: 'resync', reason: 'start', base: 0, messages: [], members, hasOlder: false }
}

/** By the client's own rules, some events at a time. */
function replay(window: ServerFrameOf<'resync'>, log: readonly Event[]): Timeline {
  const timeline = new Timeline()
  timeline.reset(window, 'checked')
  for (let from = window.base; from < log.length; from += EVENTS_PER_FRAME) {
    const events = structuredClone(log.slice(from, from + EVENTS_PER_FRAME))
    timeline.apply({ type: 'events', from: from + 1, to: from + events.length, events })
  }
  return timeline
}

/** Of a log that is longer than a timeline gets, the part that it still holds. */
function heldOf({ hasOlder, messages }: Timeline, server: View): View {
  const first = hasOlder ? (messages[0]?.seq ?? 0) : 0
  return { ...server, messages: server.messages.filter(({ seq }) => seq >= first) }
}

function viewOf(who: string, { messages, members }: Timeline): View {
  return { who, messages, members: [...members.values()] }
}

function differences(view: View, server: View): Violation[] {
  const found: Violation[] = []
  const held = new Map(view.messages.map((message) => [message.seq, message]))
  if (held.size < view.messages.length) {
    found.push({ name: 'divergence', says: `${view.who} holds a message twice` })
  }
  for (const message of server.messages) {
    const mine = held.get(message.seq)
    held.delete(message.seq)
    if (mine && canonical(mine) === canonical(message)) continue
    const says = `${view.who} holds ${mine ? canonical(mine) : 'nothing'}, the server ${canonical(message)}`
    found.push({ name: 'divergence', says })
  }
  for (const seq of held.keys()) found.push({ name: 'divergence', says: `${view.who} alone holds ${seq}` })
  const [mine, theirs] = [view.members, server.members].map(canonicalMembers)
  if (mine !== theirs) found.push({ name: 'divergence', says: `${view.who}: members ${mine}, not ${theirs}` })
  return found
}

function canonicalMembers(members: readonly Member[]): string {
  return canonical([...members].sort((a, b) => (a.user.id < b.user.id ? -1 : 1)))
}

/** JSON with the fields of every object in one order: the same bytes for the same value. */
export function canonical(value: Message | Member | readonly Member[]): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
