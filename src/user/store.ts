/** Every SQL statement of a person's object. What the rows mean is decided in the files that ask for them. */
import type { Level, PresenceStatus } from '../protocol/index.ts'
import { isMigrated, migrate } from '../sqlite/migrate.ts'
import type { Row, Sql } from '../sqlite/sql.ts'
import { SavedRows } from './saved-rows.ts'
import { MIGRATIONS } from './schema.ts'

export type AccountState = 'claiming' | 'active' | 'abandoned' | 'deleted'
export type AccountRow = Row & {
  state: AccountState
  userId: string
  username: string
  displayName: string
  avatarUrl: string | null
  passwordHash: string
  createdAt: number
  rev: number
}
export type SessionRow = Row & {
  id: string
  device: string
  createdAt: number
  lastSeenAt: number
  generation: number
  confirmedAt: number
  isNextOffered: number
}
export type FailureRow = Row & { key: string; count: number; lastAt: number }
export type InboxRow = Row & {
  conversationId: string
  version: number
  head: number
  rev: number
  updatedAt: number
  isLarge: number
  /** The last one known, also of a conversation that this person no longer belongs to. */
  summary: string | null
  removed: number
  level: Level
  mutedUntil: number
  pinned: number
  hiddenAtSeq: number | null
  draft: string | null
}
export type PresenceRow = Row & {
  chosen: PresenceStatus
  lastSeenAt: number
  offlineAt: number | null
  showsReceipts: number
  showsTyping: number
  showsPresence: number
}
export type OutboxRow = Row & { key: string; rev: number; payload: string; attempts: number; nextAt: number }

export type Store = ReturnType<typeof personStore>

const ACCOUNT = `state, user_id AS userId, username, display_name AS displayName, avatar_url AS avatarUrl,
  password_hash AS passwordHash, created_at AS createdAt, rev`
const SESSION = `id, device, created_at AS createdAt, last_seen_at AS lastSeenAt, generation,
  confirmed_at AS confirmedAt, is_next_offered AS isNextOffered`
const INBOX = `conversation_id AS conversationId, version, head, rev, updated_at AS updatedAt, is_large AS isLarge, summary, removed, level,
  muted_until AS mutedUntil, pinned, hidden_at_seq AS hiddenAtSeq, draft`
const PRESENCE = `chosen, last_seen_at AS lastSeenAt, offline_at AS offlineAt, shows_receipts AS showsReceipts,
  shows_typing AS showsTyping, shows_presence AS showsPresence`
const OUTBOX = 'key, rev, payload, attempts, next_at AS nextAt'

/** Reads and writes of one person's database. Only `open` makes tables; nothing else may be called before. */
export function personStore(sql: Sql) {
  let isOpened = false
  return {
    sql,
    saved: new SavedRows(sql),
    transaction: <T>(work: () => T): T => sql.transaction(work),

    /** False for an object that was only asked: it has no tables, and asking must not make any. */
    isOpen(): boolean {
      if (!isOpened && isMigrated(sql)) this.open()
      return isOpened
    },
    open(): void {
      if (isOpened) return
      migrate(sql, MIGRATIONS)
      isOpened = true
    },
    /** To be called when the storage was wiped underneath. */
    forget(): void {
      isOpened = false
    },

    account: (): AccountRow | undefined => sql.first(`SELECT ${ACCOUNT} FROM account`),
    putAccount: (row: AccountRow): void =>
      sql.run(
        'INSERT OR REPLACE INTO account VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)',
        ...[row.state, row.userId, row.username, row.displayName, row.avatarUrl],
        ...[row.passwordHash, row.createdAt, row.rev],
      ),

    session: (id: string): SessionRow | undefined =>
      sql.first(`SELECT ${SESSION} FROM sessions WHERE id = ?`, id),
    /** The longest unused first. */
    sessions: (): SessionRow[] => sql.all(`SELECT ${SESSION} FROM sessions ORDER BY last_seen_at, id`),
    putSession: (row: SessionRow): void =>
      sql.run(
        'INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?)',
        ...[row.id, row.device, row.createdAt, row.lastSeenAt],
        ...[row.generation, row.confirmedAt, row.isNextOffered],
      ),
    deleteSession(id: string): void {
      sql.run('DELETE FROM sessions WHERE id = ?', id)
      sql.run('DELETE FROM session_conversations WHERE session_id = ?', id)
    },
    addSessionConversation: (sessionId: string, conversationId: string): void =>
      sql.run('INSERT OR IGNORE INTO session_conversations VALUES (?, ?)', sessionId, conversationId),
    conversationsOfSession: (sessionId: string): string[] =>
      sql
        .all<{ id: string }>(
          'SELECT conversation_id AS id FROM session_conversations WHERE session_id = ?',
          sessionId,
        )
        .map((row) => row.id),

    failure: (key: string): FailureRow | undefined =>
      sql.first('SELECT key, count, last_at AS lastAt FROM failures WHERE key = ?', key),
    putFailure: (row: FailureRow): void =>
      sql.run('INSERT OR REPLACE INTO failures VALUES (?, ?, ?)', row.key, row.count, row.lastAt),
    deleteFailure: (key: string): void => sql.run('DELETE FROM failures WHERE key = ?', key),
    deleteFailuresBefore: (at: number): void => sql.run('DELETE FROM failures WHERE last_at < ?', at),

    hasFailures: (): boolean => sql.first('SELECT 1 AS found FROM failures LIMIT 1') !== undefined,

    /** Oldest first. */
    signUps: (): number[] =>
      sql.all<{ at: number }>('SELECT at FROM sign_ups ORDER BY at').map((row) => row.at),
    addSignUp: (at: number): void => sql.run('INSERT INTO sign_ups VALUES (?)', at),
    deleteSignUpsBefore: (at: number): void => sql.run('DELETE FROM sign_ups WHERE at < ?', at),

    inboxRow: (conversationId: string): InboxRow | undefined =>
      sql.first(`SELECT ${INBOX} FROM inbox WHERE conversation_id = ?`, conversationId),
    putInboxRow: (row: InboxRow): void =>
      sql.run(
        `INSERT OR REPLACE INTO inbox (conversation_id, version, head, rev, updated_at, is_large, summary, removed, level,
          muted_until, pinned, hidden_at_seq, draft) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[
          row.conversationId,
          row.version,
          row.head,
          row.rev,
          row.updatedAt,
          row.isLarge,
          row.summary,
          row.removed,
        ],
        ...[row.level, row.mutedUntil, row.pinned, row.hiddenAtSeq, row.draft],
      ),
    /** What changed after a place, in the order in which it changed. */
    inboxAfter: (rev: number): InboxRow[] =>
      sql.all(`SELECT ${INBOX} FROM inbox WHERE rev > ? ORDER BY rev`, rev),
    inboxRev: (): number => sql.first<{ rev: number | null }>('SELECT max(rev) AS rev FROM inbox')?.rev ?? 0,
    /** Newest activity first, from before a place on. */
    inboxPage: (before: { updatedAt: number; conversationId: string }, limit: number): InboxRow[] =>
      sql.all(
        `SELECT ${INBOX} FROM inbox
          WHERE summary IS NOT NULL AND removed = 0 AND (updated_at, conversation_id) < (?, ?)
          ORDER BY updated_at DESC, conversation_id DESC LIMIT ?`,
        ...[before.updatedAt, before.conversationId, limit],
      ),
    /** Conversations that tell nobody: id and the head that is known here. */
    largeInboxRows: (): { id: string; head: number }[] =>
      sql.all('SELECT conversation_id AS id, head FROM inbox WHERE is_large = 1 AND removed = 0'),
    /** Conversations in which something was said since, the newest first. */
    inboxSince: (updatedAt: number, limit: number): string[] =>
      sql
        .all<{ id: string }>(
          `SELECT conversation_id AS id FROM inbox
            WHERE summary IS NOT NULL AND removed = 0 AND updated_at > ? ORDER BY updated_at DESC LIMIT ?`,
          ...[updatedAt, limit],
        )
        .map((row) => row.id),
    inboxIds: (): string[] =>
      sql
        .all<{ id: string }>(
          'SELECT conversation_id AS id FROM inbox WHERE summary IS NOT NULL AND removed = 0',
        )
        .map((row) => row.id),
    clearInbox: (): void => sql.run('DELETE FROM inbox'),

    presence: (): PresenceRow | undefined => sql.first(`SELECT ${PRESENCE} FROM presence`),
    putPresence: (row: PresenceRow): void =>
      sql.run(
        'INSERT OR REPLACE INTO presence VALUES (1, ?, ?, ?, ?, ?, ?)',
        ...[row.chosen, row.lastSeenAt, row.offlineAt],
        ...[row.showsReceipts, row.showsTyping, row.showsPresence],
      ),
    watchers: (): string[] =>
      sql.all<{ id: string }>('SELECT user_id AS id FROM watchers').map((row) => row.id),
    /** Writes only where it is new: looking again costs nothing. */
    addWatcher(userId: string): void {
      if (sql.first('SELECT 1 AS found FROM watchers WHERE user_id = ?', userId)) return
      sql.run('INSERT INTO watchers VALUES (?)', userId)
    },
    clearWatchers: (): void => sql.run('DELETE FROM watchers'),
    deleteWatcher: (userId: string): void => sql.run('DELETE FROM watchers WHERE user_id = ?', userId),

    putOutbox: (key: string, payload: string, nextAt: number): void =>
      sql.run(
        `INSERT INTO outbox VALUES (?, 1, ?, 0, ?)
          ON CONFLICT DO UPDATE SET rev = rev + 1, payload = excluded.payload, attempts = 0, next_at = excluded.next_at`,
        ...[key, payload, nextAt],
      ),
    dueOutbox: (now: number, limit: number): OutboxRow[] =>
      sql.all(`SELECT ${OUTBOX} FROM outbox WHERE next_at <= ? ORDER BY next_at LIMIT ?`, now, limit),
    /** Only the row that was told: what was put meanwhile under the same key must still be told. */
    deleteOutbox: (key: string, rev: number): void =>
      sql.run('DELETE FROM outbox WHERE key = ? AND rev = ?', key, rev),
    dropOutbox: (key: string): void => sql.run('DELETE FROM outbox WHERE key = ?', key),
    delayOutbox: (key: string, rev: number, nextAt: number): void =>
      sql.run(
        'UPDATE outbox SET attempts = attempts + 1, next_at = ? WHERE key = ? AND rev = ?',
        ...[nextAt, key, rev],
      ),
    nextOutboxAt: (): number | null =>
      sql.first<{ at: number | null }>('SELECT min(next_at) AS at FROM outbox')?.at ?? null,
  }
}
