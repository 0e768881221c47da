/** The rows of the outbox: that something is to be told, under what key, and when. */
import type { Sql } from '../sqlite/sql.ts'

export class OutboxRows {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /**
   * True where the alarm has to be set: it was not there yet, or waits for somebody who may hear of it late, and
   * others would wait with them. One that is due before then covers this change too; one that failed keeps its
   * patience.
   */
  put(key: string, dueAt: number): boolean {
    const query = 'SELECT attempts, due_at FROM outbox WHERE key = ?'
    const known = this.#sql.first<{ attempts: number; due_at: number }>(query, key)
    if (known && (known.attempts > 0 || known.due_at <= dueAt)) return false
    this.postpone(key, 0, dueAt)
    return true
  }

  has(key: string): boolean {
    return this.dueAt(key) !== undefined
  }

  /** When this is to be told; undefined where it is not waiting. */
  dueAt(key: string): number | undefined {
    return this.#sql.first<{ due_at: number }>('SELECT due_at FROM outbox WHERE key = ?', key)?.due_at
  }

  due(now: number, limit: number): { key: string; attempts: number }[] {
    const query = 'SELECT key, attempts FROM outbox WHERE due_at <= ? ORDER BY due_at LIMIT ?'
    return this.#sql.all<{ key: string; attempts: number }>(query, now, limit)
  }

  postpone(key: string, attempts: number, dueAt: number): void {
    this.#sql.run(
      `INSERT INTO outbox (key, attempts, due_at) VALUES (?, ?, ?)
        ON CONFLICT (key) DO UPDATE SET attempts = excluded.attempts, due_at = excluded.due_at`,
      key,
      attempts,
      dueAt,
    )
  }

  delete(key: string): void {
    this.#sql.run('DELETE FROM outbox WHERE key = ?', key)
  }

  /** When the next of them is due; undefined where nothing waits. */
  nextDue(): number | undefined {
    return this.#sql.first<{ due: number | null }>('SELECT min(due_at) AS due FROM outbox')?.due ?? undefined
  }
}
