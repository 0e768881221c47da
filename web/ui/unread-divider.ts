/** Where "3 new messages" stands: frozen when it is set, so that it can be looked for (ML-8). */
import type { ConversationState } from '../../src/client/conversation.ts'
import type { Message } from '../../src/protocol/index.ts'

export type Divider = {
  /** The first unread message. */
  seq: number
  count: number
}

/** The messages of others after a read marker; null where there are none. */
export function dividerAfter(messages: readonly Message[], readSeq: number, meId: string): Divider | null {
  const unread = messages.filter((message) => message.seq > readSeq && isNews(message, meId))
  const [first] = unread
  return first ? { seq: first.seq, count: unread.length } : null
}

/**
 * After messages came while nobody was looking: they join a divider that has not been passed, or get one of
 * their own.
 */
export function dividerAfterArrival(
  divider: Divider | null,
  news: { messages: readonly Message[]; newestBefore: number; readSeq: number; meId: string },
): Divider | null {
  const arrived = dividerAfter(news.messages, news.newestBefore, news.meId)
  if (!arrived) return divider
  if (divider && news.readSeq < divider.seq) return { seq: divider.seq, count: divider.count + arrived.count }
  return arrived
}

export function isNews(message: Message, meId: string): boolean {
  return message.authorId !== meId && message.deletedAt === null && message.kind !== 'system'
}

/** Whether the first unread message may be older than what is in memory. */
export function isUnreadAbove({
  main,
  hasOlder,
  readSeq,
}: Pick<ConversationState, 'main' | 'hasOlder' | 'readSeq'>): boolean {
  const oldest = main[0]?.seq
  return hasOlder && (oldest === undefined || oldest > readSeq + 1)
}
