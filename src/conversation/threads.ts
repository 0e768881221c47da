/**
 * Threads: what a root says of its replies, and where each member is in them. The replies themselves are messages
 * of the log like any other. What is unread is counted from the log each time, as in unread.ts.
 */
import {
  COUNT_MAX,
  type Message,
  type Replies,
  type Summary,
  THREADS_TOLD_MAX,
  THREADS_WAITING_MAX,
} from '../protocol/index.ts'
import type { Sql } from '../sqlite/sql.ts'
import type { ConversationRow, MemberRow } from './rows.ts'

type Counts = NonNullable<Summary['inThreads']>

/** Where a member is in a thread. `follows` is null where they have never followed it nor stopped to. */
export type ThreadMark = { follows: boolean | null; readSeq: number }
/** `namedIn`: the reply that they follow for alone, because an edit named them there. */
export type OwnMark = ThreadMark & { namedIn: number | null }

type MarkRow = { follows: number | null; read_seq: number; named_in: number | null }

export class Threads {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  // ── what a root says ──────────────────────────────────────────────────────────────────────────────────

  /** A reply has been appended. @returns what its root says now */
  added(root: Message, { seq, authorId, createdAt: at }: Message): Replies {
    const { count = 0, rev = 0 } = root.replies ?? {}
    return this.#say(root.seq, { count: count + 1, last: { seq, authorId, at }, rev: rev + 1 })
  }

  /** A message has been erased. @returns its root and what that says now; undefined where it was no reply */
  erased(seq: number): { thread: number; replies: Replies } | undefined {
    const found = this.#sql.first<{ thread: number; replies: string }>(
      'SELECT m.thread, r.replies FROM messages m JOIN messages r ON r.seq = m.thread WHERE m.seq = ?',
      seq,
    )
    if (!found) return undefined
    const before: Replies = JSON.parse(found.replies)
    const last = this.#sql.first<{ seq: number; authorId: string; at: number }>(
      `SELECT seq, author_id AS authorId, created_at AS at FROM messages
        WHERE thread = ? AND deleted_at IS NULL ORDER BY seq DESC LIMIT 1`,
      found.thread,
    )
    const now = { count: before.count - 1, last: last ? { ...last } : null, rev: before.rev + 1 }
    return { thread: found.thread, replies: this.#say(found.thread, now) }
  }

  // ── where a member is ─────────────────────────────────────────────────────────────────────────────────

  /** Up to where nothing waits for the member in this thread: they have read it, or it was none of their business. */
  mark(member: MemberRow, thread: number): ThreadMark {
    const { follows, readSeq } = this.ownMark(member, thread)
    return { follows, readSeq: Math.max(readSeq, member.threads_read) }
  }

  /** Up to where the member has read this thread themselves. */
  ownMark(member: MemberRow, thread: number): OwnMark {
    const row = this.#sql.first<MarkRow>(
      'SELECT follows, read_seq, named_in FROM thread_marks WHERE user_id = ? AND thread = ?',
      member.user_id,
      thread,
    )
    const follows = row?.follows ?? null
    return {
      follows: follows === null ? null : follows === 1,
      readSeq: Math.max(row?.read_seq ?? 0, member.threads_cleared),
      namedIn: row?.named_in ?? null,
    }
  }

  setMark(
    userId: string,
    thread: number,
    { follows, readSeq }: ThreadMark,
    namedIn: number | null = null,
  ): void {
    this.#sql.run(
      `INSERT INTO thread_marks (user_id, thread, follows, read_seq, named_in) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (user_id, thread) DO UPDATE SET follows = excluded.follows, read_seq = excluded.read_seq,
          named_in = excluded.named_in`,
      userId,
      thread,
      follows === null ? null : Number(follows),
      readSeq,
      namedIn,
    )
  }

  /** The threads that a member follows, the newest roots first, at most THREADS_TOLD_MAX. */
  followed(member: MemberRow): { seq: number; readSeq: number }[] {
    const query = `SELECT thread AS seq, max(read_seq, ?) AS readSeq FROM thread_marks
      WHERE user_id = ? AND follows = 1 ORDER BY thread DESC LIMIT ?`
    return this.#sql.all(query, member.threads_read, member.user_id, THREADS_TOLD_MAX)
  }

  // ── what is unread ────────────────────────────────────────────────────────────────────────────────────

  /**
   * Replies that are in threads alone, of others, not deleted, after the member's place in their thread: in those
   * that the member follows, and wherever one names them, or everyone.
   */
  unread(member: MemberRow, { last_reply }: Pick<ConversationRow, 'last_reply'>): Counts {
    if (last_reply <= member.threads_read) return { unread: 0, mentions: 0 }
    const followed = this.#inFollowed(member)
    const [named, namedElsewhere] = this.#naming(member)
    return { unread: Math.min(followed + namedElsewhere, COUNT_MAX), mentions: named }
  }

  /** The threads that {@link unread} counts in, and how much in each: the newest reply first. */
  waiting({ user_id, threads_read }: MemberRow): { thread: number; unread: number }[] {
    const query = `SELECT thread, count(*) AS unread FROM (
        SELECT m.thread AS thread, m.seq AS seq FROM thread_marks t CROSS JOIN messages m
          ON m.thread = t.thread AND m.seq > max(t.read_seq, ?1)
        WHERE t.user_id = ?2 AND t.follows = 1 AND m.main = 0 AND m.author_id <> ?2 AND m.deleted_at IS NULL
        UNION ALL
        SELECT m.thread, m.seq FROM messages m INDEXED BY replies_with_mentions
          LEFT JOIN thread_marks t ON t.user_id = ?2 AND t.thread = m.thread
        WHERE m.main = 0 AND m.mentions <> '[]' AND m.seq > ?1 AND m.seq > coalesce(t.read_seq, 0)
          AND coalesce(t.follows, 0) = 0 AND m.author_id <> ?2 AND m.deleted_at IS NULL
          AND EXISTS (SELECT 1 FROM json_each(m.mentions) WHERE value IN (?2, 'all', 'here'))
      ) GROUP BY thread ORDER BY max(seq) DESC LIMIT ?3`
    return this.#sql.all(query, threads_read, user_id, THREADS_WAITING_MAX)
  }

  #inFollowed({ user_id, threads_read }: MemberRow): number {
    const query = `SELECT count(*) AS n FROM (SELECT 1 FROM thread_marks t CROSS JOIN messages m
        ON m.thread = t.thread AND m.seq > max(t.read_seq, ?)
      WHERE t.user_id = ? AND t.follows = 1 AND m.main = 0 AND m.author_id <> ? AND m.deleted_at IS NULL LIMIT ?)`
    return this.#sql.first<{ n: number }>(query, threads_read, user_id, user_id, COUNT_MAX)?.n ?? 0
  }

  /** @returns how many name this member, and how many of those are in threads that they do not follow */
  #naming({ user_id, threads_read }: MemberRow): [number, number] {
    const query = `SELECT count(*) AS n, coalesce(sum(elsewhere), 0) AS elsewhere FROM (
      SELECT coalesce(t.follows, 0) = 0 AS elsewhere FROM messages m INDEXED BY replies_with_mentions
        LEFT JOIN thread_marks t ON t.user_id = ? AND t.thread = m.thread
      WHERE m.main = 0 AND m.mentions <> '[]' AND m.seq > ? AND m.seq > coalesce(t.read_seq, 0)
        AND m.author_id <> ? AND m.deleted_at IS NULL
        AND EXISTS (SELECT 1 FROM json_each(m.mentions) WHERE value IN (?, 'all', 'here')) LIMIT ?)`
    const found = this.#sql.first<{ n: number; elsewhere: number }>(
      query,
      user_id,
      threads_read,
      user_id,
      user_id,
      COUNT_MAX,
    )
    return [found?.n ?? 0, found?.elsewhere ?? 0]
  }

  #say(root: number, replies: Replies): Replies {
    this.#sql.run('UPDATE messages SET replies = ? WHERE seq = ?', JSON.stringify(replies), root)
    return replies
  }
}
