/** Between rows and the nouns on the wire. */
import type { Event, Member, Message, Role, User } from '../protocol/index.ts'
import type { Row } from '../sqlite/sql.ts'

export type ConversationRow = Row & {
  id: string
  kind: 'direct' | 'private' | 'public'
  name: string | null
  description: string | null
  epoch: string
  head: number
  created_at: number
  created_by: string
  created_hash: string
  archived_at: number | null
  indexed_at: number
}

export type MemberRow = Row & {
  user_id: string
  username: string
  display_name: string
  avatar_url: string | null
  role: Role
  read_seq: number
  /** Grows with each change of this row: with the head it makes the version of a member's inbox row. */
  rev: number
  removed_at: number | null
  /** From where this member marked the conversation as unread. */
  unread_from: number | null
  /** The head then. */
  unread_head: number
  /** Bits of HIDES. */
  hides: number
}

/** What a member may hide from the others; hiding it is mutual. */
export const HIDES = { receipts: 1, typing: 2, presence: 4 } as const

export type MessageRow = Row & {
  seq: number
  author_id: string
  client_id: string
  kind: Message['kind']
  text: string
  mentions: string
  reply_to: number | null
  thread: number | null
  attachments: string
  reactions: string
  created_at: number
  edited_at: number | null
  deleted_at: number | null
  changed_seq: number | null
}

/** Columns of a page of messages: not the hash, which nobody is shown. */
export const MESSAGE_COLUMNS =
  'seq, author_id, client_id, kind, text, mentions, reply_to, thread, attachments, reactions, created_at, edited_at, deleted_at, changed_seq'

export type EventRow = Row & {
  seq: number
  kind: string
  at: number
  by: string
  body: string
  /** Of an edit: what its message says now. */
  target_text: string | null
  target_mentions: string | null
}

export function toUser(row: MemberRow): User {
  return { id: row.user_id, username: row.username, displayName: row.display_name, avatarUrl: row.avatar_url }
}

/** Up to where a member has read as they see it themselves: marking unread takes it back for no one else. */
export function ownReadSeq(row: MemberRow): number {
  return row.unread_from === null ? row.read_seq : Math.min(row.read_seq, row.unread_from - 1)
}

export function toMember(row: MemberRow): Member {
  return { user: toUser(row), role: row.role }
}

export function toMessage(row: MessageRow): Message {
  return {
    seq: row.seq,
    id: row.client_id,
    authorId: row.author_id,
    kind: row.kind,
    text: row.text,
    mentions: JSON.parse(row.mentions),
    replyTo: row.reply_to,
    thread: row.thread,
    attachments: JSON.parse(row.attachments),
    reactions: JSON.parse(row.reactions),
    createdAt: row.created_at,
    editedAt: row.edited_at,
    deletedAt: row.deleted_at,
    ...(row.changed_seq === null ? {} : { changedSeq: row.changed_seq }),
  }
}

/** A message as the event that made it. Its body is the current one: what was erased is never told again. */
export function toCreated(message: Message): Event {
  return { seq: message.seq, kind: 'message.created', at: message.createdAt, by: message.authorId, message }
}

/** An edit tells what its message says now: the text of the time is nowhere any more. */
export function toEvent(row: EventRow): Event {
  const edited =
    row.kind === 'message.edited'
      ? { text: row.target_text ?? '', mentions: JSON.parse(row.target_mentions ?? '[]') }
      : {}
  return { ...JSON.parse(row.body), ...edited, seq: row.seq, kind: row.kind, at: row.at, by: row.by }
}
