/** Each operation against the log: there once where it was answered, nowhere where it was refused. */
import type { Event } from '../../../src/protocol/index.ts'
import type { Violation } from './checker.ts'
import type { Asked, History, Invocation } from './history.ts'

export function checkOperations(history: History): Violation[] {
  const claimed = new Map<number, Invocation>()
  return [
    ...checkAcks(history, claimed),
    ...checkUnclaimed(history, claimed),
    ...checkUndone(history, claimed),
    ...checkTexts(history, claimed),
    ...checkRealTime(history),
  ]
}

/** Where an answer says that it is, it is; two answers say the same; two operations are in two places. */
function checkAcks({ invocations, log }: History, claimed: Map<number, Invocation>): Violation[] {
  const found: Violation[] = []
  for (const invocation of invocations) {
    const { outcome, ackedSeqs, id, client } = invocation
    if (new Set(ackedSeqs).size > 1) {
      found.push({ name: 'duplicate', says: `${client}: ${id} was answered with ${ackedSeqs}` })
    }
    if (outcome.is !== 'acked') continue
    const event = log[outcome.seq - 1]
    if (!event || !isOf(event, invocation)) {
      found.push({ name: 'lost write', says: `${client}: ${say(invocation)} is not at ${outcome.seq}` })
      continue
    }
    const other = claimed.get(outcome.seq)
    if (other && other.id !== id) {
      found.push({ name: 'lost write', says: `${say(invocation)} and ${say(other)} share ${outcome.seq}` })
    }
    claimed.set(outcome.seq, invocation)
  }
  return found
}

/** What is in the log beyond what was acked belongs, once each, to operations whose answer nobody heard. */
function checkUnclaimed({ invocations, log }: History, claimed: Map<number, Invocation>): Violation[] {
  const found: Violation[] = []
  const done = groupByEffect(invocations, ({ outcome }) => outcome.is === 'done')
  const perhaps = groupByEffect(
    invocations,
    ({ outcome, sentAt }) => outcome.is === 'unknown' || (outcome.is === 'withdrawn' && sentAt !== null),
  )
  const refused = groupByEffect(invocations, ({ outcome }) => outcome.is === 'refused')
  const acked = groupByEffect(invocations, ({ outcome }) => outcome.is === 'acked' || outcome.is === 'done')
  for (const event of log) {
    if (claimed.has(event.seq)) continue
    const effect = effectOf(event)
    const owner = done.get(effect)?.shift() ?? perhaps.get(effect)?.shift()
    if (owner) claimed.set(event.seq, owner)
    else if (acked.has(effect)) found.push({ name: 'duplicate', says: `${effect} again at ${event.seq}` })
    else if (refused.has(effect))
      found.push({ name: 'aborted read', says: `refused, and at ${event.seq}: ${effect}` })
    else found.push({ name: 'phantom', says: `nobody asked for ${effect} at ${event.seq}` })
  }
  for (const [effect, left] of done) {
    for (const { client } of left) found.push({ name: 'lost write', says: `${client}: ${effect} is nowhere` })
  }
  return found
}

/** What a client took back before it went out is nothing, or both halves of it. */
function checkUndone({ invocations }: History, claimed: ReadonlyMap<number, Invocation>): Violation[] {
  const happened = new Set([...claimed.values()].map(({ id }) => id))
  return invocations.flatMap((invocation) => {
    const { undoes, id, client } = invocation
    if (undoes === undefined || happened.has(id) === happened.has(undoes)) return []
    return [{ name: 'half undone', says: `${client}: ${say(invocation)}` } as const]
  })
}

/** A message says what was last made of it: byte for byte, but for the white space around it (TX1). */
function checkTexts({ server }: History, claimed: ReadonlyMap<number, Invocation>): Violation[] {
  const asked = new Map<number, Invocation>()
  for (const [seq, invocation] of [...claimed].sort(([a], [b]) => a - b)) {
    const { kind } = invocation.asked
    if (kind === 'message.created') asked.set(seq, invocation)
    if (kind === 'message.edited') asked.set(invocation.asked.target, invocation)
  }
  return server.messages.flatMap((message) => {
    const last = asked.get(message.seq)
    // Which of two that nobody answered it is, its place in the log does not tell.
    if (!last || !('text' in last.asked) || last.outcome.is !== 'acked') return []
    const text = message.deletedAt === null ? last.asked.text.trim() : ''
    if (message.text === text) return []
    return [{ name: 'lost write', says: `${say(last)} became ${JSON.stringify(message.text)}` } as const]
  })
}

/** If an answer for a came before b was sent, a is before b (G3). */
function checkRealTime({ invocations }: History): Violation[] {
  const acked = invocations.flatMap(({ id, sentAt, outcome }) =>
    outcome.is === 'acked' && sentAt !== null ? [{ id, sentAt, ackedAt: outcome.at, seq: outcome.seq }] : [],
  )
  const byAck = [...acked].sort((a, b) => a.ackedAt - b.ackedAt)
  const bySent = [...acked].sort((a, b) => a.sentAt - b.sentAt)
  const found: Violation[] = []
  let at = 0
  let newest = 0
  for (const { id, sentAt, seq } of bySent) {
    for (let next = byAck[at]; next && next.ackedAt < sentAt; next = byAck[at]) {
      newest = Math.max(newest, next.seq)
      at += 1
    }
    if (seq < newest) {
      found.push({ name: 'real-time order', says: `${id} at ${seq} was sent after ${newest} was acked` })
    }
  }
  return found
}

function groupByEffect(
  invocations: readonly Invocation[],
  isMeant: (invocation: Invocation) => boolean,
): Map<string, Invocation[]> {
  const groups = new Map<string, Invocation[]>()
  for (const invocation of invocations) {
    if (!isMeant(invocation)) continue
    const effect = effectOf({ ...invocation.asked, by: invocation.by, id: invocation.id })
    groups.set(effect, [...(groups.get(effect) ?? []), invocation])
  }
  return groups
}

function isOf(event: Event, { asked, by, id }: Invocation): boolean {
  return effectOf(event) === effectOf({ ...asked, by, id })
}

/** What an event did, as far as the log still tells: a text may have been replaced or erased since. */
export function effectOf(event: Event | (Asked & { by: string; id: string })): string {
  const { kind, by } = event
  switch (kind) {
    case 'message.created':
      return `${kind} by ${by}: ${'message' in event ? event.message.id : event.id}`
    case 'message.edited':
    case 'message.deleted':
      return `${kind} by ${by}: ${event.target}`
    case 'reaction.set':
      return `${kind} by ${by}: ${event.target} ${event.emoji} ${event.on}`
    case 'message.pinned':
      return `${kind} by ${by}: ${event.target} ${event.on}`
    case 'member.added':
      return `${kind} by ${by}: ${'user' in event ? event.user.id : event.userId}`
    case 'member.removed':
      return `${kind} by ${by}: ${event.userId}`
    case 'member.changed':
      return `${kind} by ${by}: ${event.userId} ${event.role}`
    default:
      return `${kind} by ${by}`
  }
}

function say({ asked, by, id }: Invocation): string {
  return `${effectOf({ ...asked, by, id })} (${id})`
}
