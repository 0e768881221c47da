/**
 * What a member has not read: counted from the log each time, never a counter that can drift. Whoever writes a
 * lot and never reads (a program) has a long way from their marker to the head: for them a count is kept now
 * and then, with the place up to which it holds, so that the next one goes on from there.
 */
import { COUNT_MAX, COUNTED_MAX, type Summary } from '../protocol/index.ts'
import type { Sql } from '../sqlite/sql.ts'
import { type MemberRow, ownReadSeq } from './rows.ts'

type Counts = Pick<Summary, 'unread' | 'mentions'>
/** Holds for the messages after `base`, up to `up_to`. */
type Kept = { base: number; up_to: number; unread: number; mentions: number }

export class UnreadCounts {
  readonly #sql: Sql
  readonly #keepOver: number

  /** @param keepOver a count over more places than that is kept */
  constructor(sql: Sql, keepOver: number = COUNTED_MAX) {
    this.#sql = sql
    this.#keepOver = keepOver
  }

  /** Messages of the conversation itself after the own marker, of others, not deleted; exact below COUNT_MAX, which means that or more. */
  of(member: MemberRow, head: number): Counts {
    const base = ownReadSeq(member)
    const known = this.#kept(member.user_id, base) ?? { base, up_to: base, unread: 0, mentions: 0 }
    const counts = {
      unread: this.#unread(member.user_id, known, head),
      mentions: this.#mentions(member.user_id, known, head),
    }
    if (head - known.up_to > this.#keepOver) this.#keep(member.user_id, { ...counts, base, up_to: head })
    return counts
  }

  /** A message says something else now, or nothing: what was counted over it is counted anew. */
  changed(seq: number): void {
    this.#sql.run('DELETE FROM unread_counts WHERE base < ? AND up_to >= ?', seq, seq)
  }

  #unread(userId: string, known: Kept, head: number): number {
    const query = `SELECT count(*) AS n FROM (SELECT 1 FROM messages
      WHERE seq > ? AND seq <= ? AND main = 1 AND author_id <> ? AND deleted_at IS NULL LIMIT ?)`
    return this.#more(query, known, head, known.unread, [userId])
  }

  /** Those that name this member, or everyone. */
  #mentions(userId: string, known: Kept, head: number): number {
    const query = `SELECT count(*) AS n FROM (SELECT 1 FROM messages
      WHERE mentions <> '[]' AND seq > ? AND seq <= ? AND main = 1 AND author_id <> ? AND deleted_at IS NULL
        AND EXISTS (SELECT 1 FROM json_each(mentions) WHERE value IN (?, 'all', 'here')) LIMIT ?)`
    return this.#more(query, known, head, known.mentions, [userId, userId])
  }

  /** Goes on counting where the kept count ends, and stops at COUNT_MAX: nobody is shown more. */
  #more(query: string, known: Kept, head: number, count: number, whose: string[]): number {
    if (count >= COUNT_MAX || known.up_to >= head) return count
    const found = this.#sql.first<{ n: number }>(query, known.up_to, head, ...whose, COUNT_MAX - count)
    return count + (found?.n ?? 0)
  }

  /** A marker that has moved makes another count. */
  #kept(userId: string, base: number): Kept | undefined {
    const query = 'SELECT base, up_to, unread, mentions FROM unread_counts WHERE user_id = ? AND base = ?'
    return this.#sql.first<Kept>(query, userId, base)
  }

  #keep(userId: string, { base, up_to, unread, mentions }: Kept): void {
    this.#sql.run(
      'INSERT OR REPLACE INTO unread_counts (user_id, base, up_to, unread, mentions) VALUES (?, ?, ?, ?, ?)',
      userId,
      base,
      up_to,
      unread,
      mentions,
    )
  }
}
