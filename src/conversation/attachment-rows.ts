/**
 * The files of a conversation: whose they are, what they are, and where in their life. The bytes lie in R2.
 *
 * pending (bytes are coming) → stored (they are there) → sent (a message has them). Whatever is given up or
 * taken back is `erased`: its name is gone at once, and the row stays until R2 has deleted the bytes.
 */
import { type Attachment, UPLOAD_KEPT_MS, UPLOAD_WITHIN_MS } from '../protocol/index.ts'
import type { Row, Sql } from '../sqlite/sql.ts'

export type AttachmentState = 'pending' | 'stored' | 'sent' | 'erased'

export type AttachmentRow = Row & {
  id: string
  uploader_id: string
  state: AttachmentState
  name: string
  media_type: string
  /** Bytes. */
  size: number
  width: number | null
  height: number | null
  created_at: number
  /** The message that it was sent with. */
  seq: number | null
  /** How often R2 has failed to delete it. */
  attempts: number
  due_at: number | null
}

const ERASE = `UPDATE attachments SET state = 'erased', name = '', media_type = '', attempts = 0, due_at = ?`

export class AttachmentRows {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Bytes are about to come; the alarm looks after it should nobody else. */
  begin(upload: { id: string; uploaderId: string; name: string; size: number }, now: number): void {
    this.#sql.run(
      `INSERT INTO attachments (id, uploader_id, state, name, media_type, size, created_at, attempts, due_at)
        VALUES (?, ?, 'pending', ?, '', ?, ?, 0, ?)`,
      upload.id,
      upload.uploaderId,
      upload.name,
      upload.size,
      now,
      now + UPLOAD_KEPT_MS,
    )
  }

  stored(id: string, found: Pick<Attachment, 'mediaType' | 'width' | 'height'>): void {
    this.#sql.run(
      "UPDATE attachments SET state = 'stored', media_type = ?, width = ?, height = ? WHERE id = ?",
      found.mediaType,
      found.width ?? null,
      found.height ?? null,
      id,
    )
  }

  sent(id: string, seq: number): void {
    this.#sql.run("UPDATE attachments SET state = 'sent', seq = ?, due_at = NULL WHERE id = ?", seq, id)
  }

  /** One that is not erased, or undefined. */
  get(id: string): AttachmentRow | undefined {
    return this.#sql.first<AttachmentRow>("SELECT * FROM attachments WHERE id = ? AND state <> 'erased'", id)
  }

  /** What this person has uploaded and not sent: how many, and when the first of them is given up. */
  unsentOf(uploaderId: string, now: number): { count: number; firstDueAt: number } {
    const row = this.#sql.first<{ n: number; due: number | null }>(
      `SELECT count(*) AS n, min(due_at) AS due FROM attachments WHERE due_at IS NOT NULL AND uploader_id = ?
        AND (state = 'stored' OR (state = 'pending' AND created_at > ?))`,
      uploaderId,
      now - UPLOAD_WITHIN_MS,
    )
    return { count: row?.n ?? 0, firstDueAt: row?.due ?? now }
  }

  erase(id: string, now: number): void {
    this.#sql.run(`${ERASE} WHERE id = ?`, now, id)
  }

  /** All files of a message, as its row still names them. */
  eraseOf(seq: number, now: number): void {
    const ids = `SELECT json_extract(file.value, '$.id') FROM messages, json_each(messages.attachments) AS file
      WHERE messages.seq = ?`
    this.#sql.run(`${ERASE} WHERE id IN (${ids})`, now, seq)
  }

  /** Gives up what nobody has sent in time. */
  eraseUnsent(now: number): void {
    this.#sql.run(`${ERASE} WHERE due_at <= ? AND state IN ('pending', 'stored')`, now, now)
  }

  /** Erased ones whose bytes R2 is to be asked to delete now. */
  toDelete(now: number, limit: number): { id: string; attempts: number }[] {
    const query = `SELECT id, attempts FROM attachments WHERE due_at <= ? AND state = 'erased'
      ORDER BY due_at LIMIT ?`
    return this.#sql.all<{ id: string; attempts: number }>(query, now, limit)
  }

  postpone(id: string, attempts: number, dueAt: number): void {
    this.#sql.run('UPDATE attachments SET attempts = ?, due_at = ? WHERE id = ?', attempts, dueAt, id)
  }

  /** The bytes are gone: so is the last that was known of them. */
  forget(id: string): void {
    this.#sql.run('DELETE FROM attachments WHERE id = ?', id)
  }

  /** When the alarm is to look at the next of them. */
  nextDue(): number | undefined {
    const query = 'SELECT min(due_at) AS due FROM attachments WHERE due_at IS NOT NULL'
    return this.#sql.first<{ due: number | null }>(query)?.due ?? undefined
  }
}

export function toAttachment(row: AttachmentRow): Attachment {
  const { width, height } = row
  return {
    id: row.id,
    name: row.name,
    mediaType: row.media_type,
    size: row.size,
    ...(width === null || height === null ? {} : { width, height }),
  }
}
