/** The rows of what a person has saved: where a message stands, never what it says. */
import type { Row, Sql } from '../sqlite/sql.ts'

export type SavedRow = Row & { conversationId: string; seq: number; savedAt: number }

const SAVED = 'conversation_id AS conversationId, seq, saved_at AS savedAt'

export class SavedRows {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  has(conversationId: string, seq: number): boolean {
    const query = 'SELECT 1 AS found FROM saved WHERE conversation_id = ? AND seq = ?'
    return this.#sql.first(query, conversationId, seq) !== undefined
  }

  count(): number {
    return this.#sql.first<{ n: number }>('SELECT count(*) AS n FROM saved')?.n ?? 0
  }

  /** After all that are there: a page goes on from a time, which therefore is no one else's. */
  add(conversationId: string, seq: number, now: number): void {
    const newest = this.#sql.first<{ at: number | null }>('SELECT max(saved_at) AS at FROM saved')?.at ?? 0
    this.#sql.run('INSERT INTO saved VALUES (?, ?, ?)', conversationId, seq, Math.max(now, newest + 1))
  }

  remove(conversationId: string, seq: number): void {
    this.#sql.run('DELETE FROM saved WHERE conversation_id = ? AND seq = ?', conversationId, seq)
  }

  clear(): void {
    this.#sql.run('DELETE FROM saved')
  }

  /** Last saved first, from before a time on. */
  page(before: number, limit: number): SavedRow[] {
    const query = `SELECT ${SAVED} FROM saved WHERE saved_at < ? ORDER BY saved_at DESC LIMIT ?`
    return this.#sql.all(query, before, limit)
  }

  all(): SavedRow[] {
    return this.#sql.all(`SELECT ${SAVED} FROM saved ORDER BY conversation_id, seq`)
  }

  rev(): number {
    return this.#sql.first<{ rev: number }>('SELECT rev FROM saved_rev')?.rev ?? 0
  }

  countChange(): number {
    this.#sql.run('INSERT INTO saved_rev VALUES (1, 1) ON CONFLICT DO UPDATE SET rev = rev + 1')
    return this.rev()
  }
}
