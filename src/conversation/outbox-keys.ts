/** What the conversation still has to tell others, by key. A key says what to tell; the value is read when it is told. */
import { INDEX_EVERY_MS } from '../protocol/index.ts'
import type { ConversationRow } from './rows.ts'

/** The last message or a property changed: the D1 row, and every member's inbox row. */
export const SUMMARY = 'summary'

/** Only the D1 row: telling it failed, and it is asked again with patience of its own. */
export const INDEX = 'index'

/** One membership changed: the D1 member row, and that person's inbox row. */
export function memberKey(userId: string): string {
  return `member:${userId}`
}

export function isMemberKey(key: string): boolean {
  return key.startsWith('member:')
}

/** Only this person's inbox row: a read marker moved, or telling them failed before. */
export function inboxKey(userId: string): string {
  return `inbox:${userId}`
}

/** The person a `member:` or `inbox:` key is about. */
export function userOf(key: string): string {
  return key.slice(key.indexOf(':') + 1)
}

/** At once when quiet; at most one D1 write per conversation in INDEX_EVERY_MS when busy. */
export function dueForIndex(conversation: ConversationRow, now: number): number {
  return pacedAt(conversation.indexed_at, INDEX_EVERY_MS, now)
}

/** When something that was last done at `lastAt` may be done again. A clock that was set back delays nothing. */
export function pacedAt(lastAt: number, everyMs: number, now: number): number {
  const next = lastAt + everyMs
  return next > now && next <= now + everyMs ? next : now
}
