/** A message that a search has found, and where. */
import type { Message } from '../protocol/index.ts'

export type SearchHit = { conversationId: string; message: Message }

/** Names a hit among those of all conversations. */
export function hitKey({ conversationId, message }: SearchHit): string {
  return `${conversationId}/${message.seq}`
}

/** For sorting. Of one millisecond: as their log has them, and otherwise in an order that stays the same. */
export function newestFirst(a: SearchHit, b: SearchHit): number {
  const byTime = b.message.createdAt - a.message.createdAt
  if (byTime !== 0) return byTime
  if (a.conversationId === b.conversationId) return b.message.seq - a.message.seq
  return a.conversationId < b.conversationId ? -1 : 1
}
