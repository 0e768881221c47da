/** The nouns on the wire (CONTRACT 3). Times are ms since 1970. */
import * as v from 'valibot'
import { ConversationId, Position, Seq, Uuid } from './ids.ts'

export const Time = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

export const User = v.object({
  id: Uuid,
  username: v.string(),
  displayName: v.string(),
  avatarUrl: v.nullable(v.string()),
})
export type User = v.InferOutput<typeof User>

export const Role = v.picklist(['owner', 'admin', 'member', 'guest'])
export type Role = v.InferOutput<typeof Role>

export const Member = v.object({ user: User, role: Role })
export type Member = v.InferOutput<typeof Member>

export const ConversationKind = v.picklist(['direct', 'private', 'public'])
export type ConversationKind = v.InferOutput<typeof ConversationKind>

export const Level = v.picklist(['all', 'mentions', 'none'])
export type Level = v.InferOutput<typeof Level>

/** A file of a message. What it is was read from its bytes, not from what its sender called it. */
export const Attachment = v.object({
  id: v.string(),
  name: v.string(),
  mediaType: v.string(),
  /** Bytes. */
  size: v.number(),
  /** Pixels, as it is shown; there for every image that is shown inline. */
  width: v.optional(v.number()),
  height: v.optional(v.number()),
})
export type Attachment = v.InferOutput<typeof Attachment>

export const Reaction = v.object({ emoji: v.string(), userIds: v.array(Uuid) })

/** Whom a text names, decided by the server. */
export const Mentions = v.array(v.union([Uuid, v.picklist(['all', 'here'])]))

/** What a thread's root says of it. */
export const Replies = v.object({
  /** Without the deleted ones. */
  count: v.number(),
  /** The newest that is not deleted. */
  last: v.nullable(v.object({ seq: Seq, authorId: Uuid, at: Time })),
  /** Grows with each change: of two, the higher is the newer. */
  rev: v.number(),
})
export type Replies = v.InferOutput<typeof Replies>

export const Message = v.object({
  seq: Seq,
  /** The client id: unique per author for the life of the conversation. */
  id: Uuid,
  authorId: Uuid,
  kind: v.picklist(['text', 'image', 'file', 'system']),
  /** As it was sent; empty once deleted. */
  text: v.string(),
  mentions: Mentions,
  replyTo: v.nullable(Seq),
  /** The root of the thread that it is a reply in. */
  thread: v.nullable(Seq),
  /** There where a reply stands in the conversation, too. */
  alsoToConversation: v.optional(v.literal(true)),
  /** There where it is the root of a thread. */
  replies: v.optional(Replies),
  attachments: v.array(Attachment),
  reactions: v.array(Reaction),
  createdAt: Time,
  editedAt: v.nullable(Time),
  deletedAt: v.nullable(Time),
  /**
   * The event that changed it last: this is what the message is after it, and events up to there have nothing
   * to add, whoever is told of them when. Absent where nothing has changed it.
   */
  changedSeq: v.optional(Seq),
})
export type Message = v.InferOutput<typeof Message>

/** Whether a message stands in the conversation itself, and not in a thread alone. */
export function isInMain({
  thread,
  alsoToConversation,
}: Pick<Message, 'thread' | 'alsoToConversation'>): boolean {
  return thread === null || alsoToConversation === true
}

/** What a list says of a message's files: the first one's name, and how many. */
export const AttachmentPreview = v.object({
  kind: v.picklist(['image', 'video', 'audio', 'file']),
  name: v.string(),
  count: v.number(),
})
export type AttachmentPreview = v.InferOutput<typeof AttachmentPreview>

export const Preview = v.object({
  seq: Seq,
  authorId: Uuid,
  preview: v.string(),
  /** There where the message has files. */
  attachment: v.optional(AttachmentPreview),
  createdAt: Time,
})
export type Preview = v.InferOutput<typeof Preview>

/** A conversation as one of its members sees it in a list. */
export const Summary = v.object({
  id: ConversationId,
  kind: ConversationKind,
  name: v.nullable(v.string()),
  description: v.nullable(v.string()),
  role: Role,
  /** At most SUMMARY_MEMBERS_MAX; of a direct conversation, both. */
  members: v.array(User),
  memberCount: v.number(),
  lastMessage: v.nullable(Preview),
  /**
   * Messages after the read marker that are neither mine nor deleted, and replies to me in threads: exact to 99,
   * 100 means more.
   */
  unread: v.number(),
  mentions: v.number(),
  /** Of those, the ones that are replies in threads: there where there are any. */
  inThreads: v.optional(v.object({ unread: v.number(), mentions: v.number() })),
  readSeq: Position,
  /** There where I marked it as unread myself, and nothing was said since. */
  markedUnread: v.optional(v.literal(true)),
  level: Level,
  archivedAt: v.nullable(Time),
  /** Its newest activity; lists are ordered by it. */
  updatedAt: Time,
  /** When the newest reply in a thread came, where it is newer than that: lists stand still for it, searches do not. */
  repliedAt: v.optional(Time),
})
export type Summary = v.InferOutput<typeof Summary>
