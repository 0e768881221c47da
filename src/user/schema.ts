/** A person's own database. Append only: what has been released is never edited. */
import type { Migration } from '../sqlite/migrate.ts'

export const MIGRATIONS: readonly Migration[] = [
  {
    id: '000_people',
    statements: [
      // At most one row. `rev` counts the changes of the profile, for the directory's guard.
      `CREATE TABLE account (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        state TEXT NOT NULL,
        user_id TEXT NOT NULL,
        username TEXT NOT NULL,
        display_name TEXT NOT NULL,
        avatar_url TEXT,
        password_hash TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        rev INTEGER NOT NULL
      )`,
      `CREATE TABLE sessions (
        id TEXT PRIMARY KEY,
        device TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        last_seen_at INTEGER NOT NULL,
        generation INTEGER NOT NULL,
        confirmed_at INTEGER NOT NULL,
        is_next_offered INTEGER NOT NULL
      ) WITHOUT ROWID`,
      // Which conversations hold a socket of a session, and must hear when it ends.
      `CREATE TABLE session_conversations (
        session_id TEXT NOT NULL,
        conversation_id TEXT NOT NULL,
        PRIMARY KEY (session_id, conversation_id)
      ) WITHOUT ROWID`,
      // Wrong passwords by who tried: an address, or in a decoy a name and an address.
      `CREATE TABLE failures (
        key TEXT PRIMARY KEY,
        count INTEGER NOT NULL,
        last_at INTEGER NOT NULL
      ) WITHOUT ROWID`,
      // In an object for an address: when somebody signed up from there.
      'CREATE TABLE sign_ups (at INTEGER NOT NULL)',
      `CREATE TABLE inbox (
        conversation_id TEXT PRIMARY KEY,
        version INTEGER NOT NULL,
        rev INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        summary TEXT
      ) WITHOUT ROWID`,
      // A row without a summary is a tombstone: removed, and a late version must not bring it back.
      `CREATE INDEX inbox_by_activity ON inbox (updated_at DESC, conversation_id DESC)
        WHERE summary IS NOT NULL`,
      'CREATE INDEX inbox_by_rev ON inbox (rev)',
      // What others must still be told. The same key again replaces what was to be told, and counts `rev` up.
      `CREATE TABLE outbox (
        key TEXT PRIMARY KEY,
        rev INTEGER NOT NULL,
        payload TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        next_at INTEGER NOT NULL
      ) WITHOUT ROWID`,
      'CREATE INDEX outbox_by_time ON outbox (next_at)',
    ],
  },
]
