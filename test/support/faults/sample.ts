/** A small history in which everything is well: what the checker's own tests break, one way at a time. */
import { Timeline } from '../../../src/client/timeline.ts'
import type { Event, Member, Message } from '../../../src/protocol/index.ts'
import { message } from '../messages.ts'
import { ada, alan, grace, uuid } from '../people.ts'
import type { Asked, History, Invocation, SocketRun } from './history.ts'

type Plain<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] }
/** A history that a test may change. */
export type Draft = Plain<History>

const BEGINNING: Member[] = [
  { user: ada, role: 'owner' },
  { user: grace, role: 'member' },
  { user: alan, role: 'member' },
]

const said = (seq: number, by = ada, more: Partial<Message> = {}): Event => ({
  ...{ seq, at: seq, by: by.id, kind: 'message.created' },
  message: message(seq, { authorId: by.id, ...more }),
})

/** Ada and Grace talk; Alan is removed, and let in again. */
const LOG: readonly Event[] = [
  said(1, ada, { text: 'what it says now', editedAt: 4, changedSeq: 4 }),
  said(2, grace, { text: '', deletedAt: 9, changedSeq: 9 }),
  { seq: 3, at: 3, by: grace.id, kind: 'reaction.set', target: 1, emoji: '👍', on: true },
  { seq: 4, at: 4, by: ada.id, kind: 'message.edited', target: 1, text: 'what it says now', editedAt: 4 },
  { seq: 5, at: 5, by: grace.id, kind: 'message.pinned', target: 1, on: true },
  { seq: 6, at: 6, by: ada.id, kind: 'member.removed', userId: alan.id, reason: 'removed' },
  said(7, ada),
  { seq: 8, at: 8, by: ada.id, kind: 'member.added', user: alan, role: 'member' },
  { seq: 9, at: 9, by: grace.id, kind: 'message.deleted', target: 2 },
  said(10, grace),
]

export function soundHistory(): Draft {
  const log = structuredClone([...LOG])
  // Told again, the first message comes as it is now: with its reaction.
  if (log[0]?.kind === 'message.created') log[0].message.reactions = [{ emoji: '👍', userIds: [grace.id] }]
  const { messages, members } = replayed(log)
  const view = (who: string) => ({
    who,
    messages: structuredClone([...messages]),
    members: [...members.values()],
  })
  return {
    beginning: structuredClone(BEGINNING),
    invocations: log.map(invoked),
    sockets: [
      socketOf('ada’s desk', ada.id, log),
      socketOf('grace’s desk', grace.id, log),
      socketOf('alan’s desk', alan.id, log.slice(0, 6)),
      { ...socketOf('alan’s desk', alan.id, log.slice(6)), after: 6, head: 8 },
    ],
    shown: [{ client: 'ada’s desk', seqs: [1, 2, 7, 10] }],
    log,
    server: view('the server'),
    views: [view('ada’s desk'), view('grace’s desk')],
    pins: [
      { who: 'the server', seqs: [1] },
      { who: 'ada’s desk', seqs: [1] },
    ],
  }
}

function replayed(log: readonly Event[]): Timeline {
  const timeline = new Timeline()
  const members = structuredClone(BEGINNING)
  timeline.reset(
    { type: 'resync', reason: 'start', base: 0, messages: [], members, hasOlder: false },
    'sample',
  )
  timeline.apply({ type: 'events', from: 1, to: log.length, events: structuredClone([...log]) })
  return timeline
}

export function socketOf(client: string, userId: string, events: readonly Event[]): SocketRun {
  const [from, to] = [events[0]?.seq ?? 1, events.at(-1)?.seq ?? 0]
  const frame = { type: 'events' as const, from, to, events: structuredClone([...events]) }
  return { client, userId, after: from - 1, head: 0, told: [frame] }
}

/** Each was sent, and acked, before the next was sent. */
function invoked(event: Event): Invocation {
  const { seq, by } = event
  const id = event.kind === 'message.created' ? event.message.id : uuid(100 + seq)
  const client = by === ada.id ? 'ada’s desk' : 'grace’s desk'
  const hasAck = !event.kind.startsWith('member.')
  return {
    ...{ id, client, by, asked: askedOf(event), sentAt: seq * 10, ackedSeqs: hasAck ? [seq] : [] },
    outcome: hasAck ? { is: 'acked', seq, at: seq * 10 + 5 } : { is: 'done' },
  }
}

function askedOf(event: Event): Asked {
  switch (event.kind) {
    case 'message.created':
      return { kind: event.kind, text: event.message.text || 'before', replyTo: null }
    case 'message.edited':
      return { kind: event.kind, target: event.target, text: event.text }
    case 'message.deleted':
      return { kind: event.kind, target: event.target }
    case 'reaction.set':
      return { kind: event.kind, target: event.target, emoji: event.emoji, on: event.on }
    case 'message.pinned':
      return { kind: event.kind, target: event.target, on: event.on }
    case 'member.added':
      return { kind: event.kind, userId: event.user.id }
    case 'member.removed':
      return { kind: event.kind, userId: event.userId }
    default:
      throw new Error(`not in the sample: ${event.kind}`)
  }
}
