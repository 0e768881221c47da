/** Between rows and the nouns on the wire. */
import type { Event, Member, Message, Replies, Role, User } from '../protocol/index.ts'
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
  /** The newest message of the conversation itself, and the newest that is in a thread alone; 0 for none. */
  last_main: number
  last_reply: number
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
  /** Up to where there is nothing for this member to read in any thread. */
  threads_read: number
  /** Up to where they have read all threads themselves, or came later: a name in there is no news any more. */
  threads_cleared: number
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
  /** 0 for a reply that is in its thread alone. */
  main: number
  /** Of a root: Replies, as JSON. */
  replies: string | null
  attachments: string
  reactions: string
  created_at: number
  edited_at: number | null
  deleted_at: number | null
  changed_seq: number | null
}

/** Columns of a page of messages: not the hash, which nobody is shown. */
export const MESSAGE_COLUMNS =
  'seq, author_id, client_id, kind, text, mentions, reply_to, thread, main, replies, attachments, reactions, created_at, edited_at, deleted_at, changed_seq'

/** The same, of a table that is called so in a query. */
export function messageColumnsOf(table: string): string {
  return MESSAGE_COLUMNS.split(', ')
    .map((column) => `${table}.${column}`)
    .join(', ')
}

export type EventRow = Row & {
  seq: number
  kind: string
  at: number
  by: string
  body: string
  /** Of an edit: what its message says now. */
  target_text: string | null
  target_mentions: string | null
  /** Of the deletion of a reply: what its root says of the thread now. */
  root_replies: string | null
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
    ...(row.thread !== null && row.main === 1 ? { alsoToConversation: true as const } : {}),
    ...(row.replies === null ? {} : { replies: JSON.parse(row.replies) }),
    attachments: JSON.parse(row.attachments),
    reactions: JSON.parse(row.reactions),
    createdAt: row.created_at,
    editedAt: row.edited_at,
    deletedAt: row.deleted_at,
    ...(row.changed_seq === null ? {} : { changedSeq: row.changed_seq }),
  }
}

/**
 * A message as the event that made it. Its body is the current one: what was erased is never told again.
 * @param replies of a reply: what its root says of the thread now, told again or not
 */
export function toCreated(message: Message, replies?: Replies): Event {
  const { seq, createdAt: at, authorId: by } = message
  return { seq, kind: 'message.created', at, by, message, ...(replies ? { replies } : {}) }
}

/** An edit tells what its message says now: the text of the time is nowhere any more. */
export function toEvent(row: EventRow): Event {
  const edited =
    row.kind === 'message.edited'
      ? { text: row.target_text ?? '', mentions: JSON.parse(row.target_mentions ?? '[]') }
      : {}
  const replies = row.root_replies === null ? {} : { replies: JSON.parse(row.root_replies) }
  return {
    ...JSON.parse(row.body),
    ...edited,
    ...replies,
    seq: row.seq,
    kind: row.kind,
    at: row.at,
    by: row.by,
  }
}
