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
  {
    id: '001_live_inbox',
    statements: [
      // What is this person's own about a conversation, beside what the conversation tells.
      // The conversation's head when it told this row: D1 knows when there is a newer one.
      'ALTER TABLE inbox ADD COLUMN head INTEGER NOT NULL DEFAULT 0',
      // Too large to call each member: whoever looks asks D1 about these, and only these.
      'ALTER TABLE inbox ADD COLUMN is_large INTEGER NOT NULL DEFAULT 0',
      'CREATE INDEX inbox_large ON inbox (is_large) WHERE is_large = 1',
      'ALTER TABLE inbox ADD COLUMN removed INTEGER NOT NULL DEFAULT 0',
      "ALTER TABLE inbox ADD COLUMN level TEXT NOT NULL DEFAULT 'all'",
      'ALTER TABLE inbox ADD COLUMN muted_until INTEGER NOT NULL DEFAULT 0',
      'ALTER TABLE inbox ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0',
      // The last message when it was hidden: a newer one brings it back.
      'ALTER TABLE inbox ADD COLUMN hidden_at_seq INTEGER',
      'ALTER TABLE inbox ADD COLUMN draft TEXT',
      // At most one row. `offline_at`: when the alarm looks whether the last socket came back.
      `CREATE TABLE presence (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        chosen TEXT NOT NULL,
        last_seen_at INTEGER NOT NULL,
        offline_at INTEGER,
        shows_receipts INTEGER NOT NULL,
        shows_typing INTEGER NOT NULL,
        shows_presence INTEGER NOT NULL
      )`,
      // Who wants to hear of a change of presence. A row stays until its person no longer looks.
      'CREATE TABLE watchers (user_id TEXT PRIMARY KEY) WITHOUT ROWID',
    ],
  },
  {
    id: '002_saved',
    statements: [
      // Where a message stands that was saved, and nothing of what it says. The times are all different.
      `CREATE TABLE saved (
        conversation_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        saved_at INTEGER NOT NULL,
        PRIMARY KEY (conversation_id, seq)
      ) WITHOUT ROWID`,
      'CREATE UNIQUE INDEX saved_by_time ON saved (saved_at)',
      // Counts the changes: a device that comes back knows whether it missed one.
      'CREATE TABLE saved_rev (only INTEGER PRIMARY KEY CHECK (only = 1), rev INTEGER NOT NULL)',
    ],
  },
]
