/** The log: durable changes of a conversation, each with its `seq` (CONTRACT 4). */
import * as v from 'valibot'
import { Seq, Uuid } from './ids.ts'
import { ConversationKind, Mentions, Message, Replies, Role, Time, User } from './model.ts'

/** What every event says of itself: its place, when (the server's clock) and by whom. */
const base = { seq: Seq, at: Time, by: Uuid }

export const MessageCreated = v.object({
  ...base,
  kind: v.literal('message.created'),
  message: Message,
  /** There where it is a reply: what its root says of the thread now. */
  replies: v.optional(Replies),
})
export const MessageEdited = v.object({
  ...base,
  kind: v.literal('message.edited'),
  target: Seq,
  /** What the message says now, also when an older edit is told again; empty once it was deleted. */
  text: v.string(),
  mentions: v.optional(Mentions),
  editedAt: Time,
})
export const MessageDeleted = v.object({
  ...base,
  kind: v.literal('message.deleted'),
  target: Seq,
  /** There where it was a reply: its root, and what that says of the thread now. */
  thread: v.optional(Seq),
  replies: v.optional(Replies),
})
export const ReactionSet = v.object({
  ...base,
  kind: v.literal('reaction.set'),
  target: Seq,
  emoji: v.string(),
  on: v.boolean(),
})
export const MessagePinned = v.object({
  ...base,
  kind: v.literal('message.pinned'),
  target: Seq,
  on: v.boolean(),
})
export const MemberAdded = v.object({ ...base, kind: v.literal('member.added'), user: User, role: Role })
export const MemberChanged = v.object({
  ...base,
  kind: v.literal('member.changed'),
  userId: Uuid,
  role: Role,
  /** There when the person's name or picture changed. */
  user: v.optional(User),
})
export const MemberRemoved = v.object({
  ...base,
  kind: v.literal('member.removed'),
  userId: Uuid,
  reason: v.picklist(['left', 'removed', 'banned', 'deleted']),
})
export const ConversationChanged = v.object({
  ...base,
  kind: v.literal('conversation.changed'),
  name: v.optional(v.nullable(v.string())),
  description: v.optional(v.nullable(v.string())),
  conversationKind: v.optional(ConversationKind),
  archivedAt: v.optional(v.nullable(Time)),
})

export const Event = v.variant('kind', [
  MessageCreated,
  MessageEdited,
  MessageDeleted,
  ReactionSet,
  MessagePinned,
  MemberAdded,
  MemberChanged,
  MemberRemoved,
  ConversationChanged,
])
export type Event = v.InferOutput<typeof Event>
export type EventOf<K extends Event['kind']> = Extract<Event, { kind: K }>
