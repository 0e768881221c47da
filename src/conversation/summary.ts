/** A conversation as one of its members sees it in a list: always computed, never a counter that can drift. */
import { COUNT_MAX, type Preview, previewOf, SUMMARY_MEMBERS_MAX, type Summary } from '../protocol/index.ts'
import { type ConversationRow, type MemberRow, ownReadSeq, toUser } from './rows.ts'
import type { Store } from './store.ts'

/** What is the same for every member, so that it is read once for all of them. */
export type Shared = {
  conversation: ConversationRow
  faces: MemberRow[]
  memberCount: number
  lastMessage: Preview | null
  /** When the newest reply in a thread came; undefined where the conversation itself has gone on since. */
  repliedAt: number | undefined
}

export function shared(store: Store): Shared {
  const members = store.members()
  const last = store.lastMessage()
  const conversation = store.conversation()
  const isReply = conversation.last_reply > (last?.seq ?? 0)
  return {
    conversation,
    faces: members.slice(0, SUMMARY_MEMBERS_MAX),
    memberCount: members.length,
    lastMessage: last ? previewOf(last) : null,
    repliedAt: isReply ? store.message(conversation.last_reply)?.createdAt : undefined,
  }
}

export function summarize(store: Store, common: Shared, member: MemberRow): Summary {
  const { conversation, faces, memberCount, lastMessage, repliedAt } = common
  return {
    id: conversation.id,
    kind: conversation.kind,
    name: conversation.name,
    description: conversation.description,
    role: member.role,
    members: faces.map(toUser),
    memberCount,
    lastMessage,
    ...countsOf(store, conversation, member),
    readSeq: ownReadSeq(member),
    ...(isMarked(member, lastMessage) ? { markedUnread: true as const } : {}),
    level: 'all',
    archivedAt: conversation.archived_at,
    updatedAt: lastMessage?.createdAt ?? conversation.created_at,
    ...(repliedAt === undefined ? {} : { repliedAt }),
  }
}

/** What is unread here: in the conversation itself, and in threads. A reply that stands in both counts once. */
function countsOf(
  store: Store,
  conversation: ConversationRow,
  member: MemberRow,
): Pick<Summary, 'unread' | 'mentions' | 'inThreads'> {
  const { unread, mentions } = store.unread.of(member, conversation.head)
  const inThreads = store.threads.unread(member, conversation)
  if (inThreads.unread === 0) return { unread, mentions }
  return {
    unread: Math.min(unread + inThreads.unread, COUNT_MAX),
    mentions: Math.min(mentions + inThreads.mentions, COUNT_MAX),
    inThreads,
  }
}

/** Marked as unread by hand, and nothing was said since: a number would be a lie about what is new. */
function isMarked(member: MemberRow, last: Preview | null): boolean {
  return member.unread_from !== null && (last?.seq ?? 0) <= member.unread_head
}

/** Orders the inbox rows that a member gets: grows with every event and every change of the member's own. */
export function versionOf(common: Shared, member: MemberRow): number {
  return common.conversation.head + member.rev
}
