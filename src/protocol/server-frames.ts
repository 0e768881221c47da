/** What the server says on a conversation's socket (CONTRACT 4). */
import * as v from 'valibot'
import { ERROR_CODES } from './errors.ts'
import { Event } from './events.ts'
import { Position, Seq, Uuid } from './ids.ts'
import { Member, Message, Role, Time } from './model.ts'

export const Limits = v.object({
  textMax: v.number(),
  frameBytesMax: v.number(),
  sends10s: v.number(),
  sends60s: v.number(),
  /** Bytes of a file; not said by servers from before there were attachments. */
  attachmentBytesMax: v.optional(v.number()),
})
export type Limits = v.InferOutput<typeof Limits>

export const HelloFrame = v.object({
  type: v.literal('hello'),
  epoch: v.string(),
  head: Position,
  me: v.object({ userId: Uuid, role: Role }),
  leaseExpiresAt: Time,
  /** Up to where each member has read; in a large conversation only mine. */
  reads: v.record(v.string(), Position),
  present: v.array(Uuid),
  typing: v.array(Uuid),
  limits: Limits,
  /** Threads that I follow and up to where I have read each: at most THREADS_TOLD_MAX, the newest roots. */
  threads: v.optional(v.array(v.object({ seq: Seq, readSeq: Position }))),
})

export const EventsFrame = v.object({
  type: v.literal('events'),
  from: Seq,
  to: Seq,
  events: v.array(Event),
})

export const LiveFrame = v.object({ type: v.literal('live'), head: Position })

export const ResyncFrame = v.object({
  type: v.literal('resync'),
  reason: v.picklist(['start', 'far_behind', 'epoch', 'ahead']),
  base: Position,
  messages: v.array(Message),
  members: v.array(Member),
  hasOlder: v.boolean(),
  /** What is pinned, the last pinned first: seqs only, most of them are on the screen. Missing: nothing. */
  pins: v.optional(v.array(Seq)),
})

export const AckFrame = v.object({
  type: v.literal('ack'),
  id: Uuid,
  seq: Seq,
  at: Time,
  duplicate: v.optional(v.literal(true)),
})

export const ErrorFrame = v.object({
  type: v.literal('error'),
  code: v.picklist(ERROR_CODES),
  message: v.string(),
  id: v.optional(v.string()),
  retryAfterMs: v.optional(v.number()),
})

export const ReadMarkFrame = v.object({ type: v.literal('read'), userId: Uuid, seq: Position })
/** To one's own sockets: where one is in the thread of this root. */
export const ThreadMarkFrame = v.object({
  type: v.literal('thread'),
  seq: Seq,
  follows: v.boolean(),
  readSeq: Position,
})
export const TypingMarkFrame = v.object({ type: v.literal('typing'), userId: Uuid, active: v.boolean() })
export const PresenceStatus = v.picklist(['online', 'away', 'busy', 'offline'])
export type PresenceStatus = v.InferOutput<typeof PresenceStatus>
export const PresenceFrame = v.object({
  type: v.literal('presence'),
  userId: Uuid,
  status: PresenceStatus,
  lastSeenAt: v.optional(Time),
})

export const ServerFrame = v.variant('type', [
  HelloFrame,
  EventsFrame,
  LiveFrame,
  ResyncFrame,
  AckFrame,
  ErrorFrame,
  ReadMarkFrame,
  ThreadMarkFrame,
  TypingMarkFrame,
  PresenceFrame,
])
export type ServerFrame = v.InferOutput<typeof ServerFrame>
export type ServerFrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>
