import type { Migration } from '../sqlite/migrate.ts'

/**
 * The tables of one conversation. Append-only: what has been released is never edited.
 *
 * The log is two tables that share one numbering: `messages` holds each `message.created` with its current
 * state, `events` everything else. A page of history is then a plain range of rows, whatever happened between
 * them, and a text costs four rows: message, client id, head, outbox.
 */
export const migrations: readonly Migration[] = [
  {
    id: '001_conversation',
    statements: [
      `CREATE TABLE conversation (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        id TEXT NOT NULL,
        kind TEXT NOT NULL,
        name TEXT,
        description TEXT,
        epoch TEXT NOT NULL,
        head INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        created_hash TEXT NOT NULL,
        archived_at INTEGER,
        indexed_at INTEGER NOT NULL
      )`,
      `CREATE TABLE members (
        user_id TEXT PRIMARY KEY,
        username TEXT NOT NULL,
        display_name TEXT NOT NULL,
        avatar_url TEXT,
        role TEXT NOT NULL,
        read_seq INTEGER NOT NULL,
        rev INTEGER NOT NULL,
        removed_at INTEGER
      ) WITHOUT ROWID`,
      `CREATE TABLE messages (
        seq INTEGER PRIMARY KEY,
        author_id TEXT NOT NULL,
        client_id TEXT NOT NULL,
        payload_hash TEXT NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        mentions TEXT NOT NULL,
        reply_to INTEGER,
        thread INTEGER,
        attachments TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        edited_at INTEGER,
        deleted_at INTEGER
      )`,
      'CREATE UNIQUE INDEX messages_by_client_id ON messages (author_id, client_id)',
      "CREATE INDEX messages_with_mentions ON messages (seq) WHERE mentions <> '[]'",
      `CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        at INTEGER NOT NULL,
        by TEXT NOT NULL,
        client_id TEXT,
        payload_hash TEXT,
        body TEXT NOT NULL
      )`,
      'CREATE UNIQUE INDEX events_by_client_id ON events (by, client_id) WHERE client_id IS NOT NULL',
      `CREATE TABLE outbox (
        key TEXT PRIMARY KEY,
        attempts INTEGER NOT NULL,
        due_at INTEGER NOT NULL
      ) WITHOUT ROWID`,
    ],
  },
  {
    id: '002_own_marks',
    statements: [
      // From where a member has marked the conversation as unread; null where they have not.
      'ALTER TABLE members ADD COLUMN unread_from INTEGER',
      // What a member hides from others, and so does not see of them: bits of HIDES.
      'ALTER TABLE members ADD COLUMN hides INTEGER NOT NULL DEFAULT 0',
      'CREATE INDEX members_hiding ON members (hides) WHERE hides <> 0',
    ],
  },
  {
    id: '003_changes',
    statements: [
      // With the message, so that a page stays one range of rows whatever people think of it.
      "ALTER TABLE messages ADD COLUMN reactions TEXT NOT NULL DEFAULT '[]'",
      'ALTER TABLE messages ADD COLUMN pinned_at INTEGER',
      'CREATE INDEX messages_pinned ON messages (pinned_at) WHERE pinned_at IS NOT NULL',
    ],
  },
  {
    id: '004_marked_head',
    statements: [
      // The head when a member marked as unread: what is said after it is news, and not a mark.
      'ALTER TABLE members ADD COLUMN unread_head INTEGER NOT NULL DEFAULT 0',
    ],
  },
  {
    id: '005_unread_counts',
    statements: [
      // What was counted for a member whose marker lies far behind; empty in almost every conversation.
      `CREATE TABLE unread_counts (
        user_id TEXT PRIMARY KEY,
        base INTEGER NOT NULL,
        up_to INTEGER NOT NULL,
        unread INTEGER NOT NULL,
        mentions INTEGER NOT NULL
      ) WITHOUT ROWID`,
    ],
  },
  {
    id: '006_attachments',
    statements: [
      // What a message shows of its files stands in its row; here is who may name, read and erase each of them.
      `CREATE TABLE attachments (
        id TEXT PRIMARY KEY,
        uploader_id TEXT NOT NULL,
        state TEXT NOT NULL,
        name TEXT NOT NULL,
        media_type TEXT NOT NULL,
        size INTEGER NOT NULL,
        width INTEGER,
        height INTEGER,
        created_at INTEGER NOT NULL,
        seq INTEGER,
        attempts INTEGER NOT NULL,
        due_at INTEGER
      ) WITHOUT ROWID`,
      // When the alarm is to look at it: never, for one that was sent. Empty where nobody uploads.
      'CREATE INDEX attachments_due ON attachments (due_at) WHERE due_at IS NOT NULL',
      "CREATE INDEX messages_with_attachments ON messages (seq) WHERE attachments <> '[]'",
    ],
  },
  {
    id: '007_changed_seq',
    statements: [
      // The event that changed a message last; what was told of it before has nothing to add.
      'ALTER TABLE messages ADD COLUMN changed_seq INTEGER',
      `UPDATE messages SET changed_seq = changes.seq FROM (
        SELECT json_extract(body, '$.target') AS target, max(seq) AS seq FROM events
          WHERE kind IN ('message.edited', 'message.deleted', 'reaction.set') GROUP BY target
      ) AS changes WHERE messages.seq = changes.target`,
    ],
  },
  {
    id: '008_threads',
    statements: [
      // Whether it stands in the conversation itself: 0 for a reply that was sent to its thread alone.
      'ALTER TABLE messages ADD COLUMN main INTEGER NOT NULL DEFAULT 1',
      // Of a root: what there is in its thread, so that a page stays one range of rows however long that is.
      'ALTER TABLE messages ADD COLUMN replies TEXT',
      'CREATE INDEX messages_in_threads ON messages (thread, seq) WHERE thread IS NOT NULL',
      "CREATE INDEX replies_with_mentions ON messages (seq) WHERE main = 0 AND mentions <> '[]'",
      // With the head, which is written anyway: a list must not look for the last message under a long thread.
      'ALTER TABLE conversation ADD COLUMN last_main INTEGER NOT NULL DEFAULT 0',
      'ALTER TABLE conversation ADD COLUMN last_reply INTEGER NOT NULL DEFAULT 0',
      'UPDATE conversation SET last_main = coalesce((SELECT max(seq) FROM messages), 0)',
      // Up to where nothing waits for a member in any thread: what came before is not looked at again.
      'ALTER TABLE members ADD COLUMN threads_read INTEGER NOT NULL DEFAULT 0',
      // follows: 1 yes, 0 not any more, null where a thread was only read.
      `CREATE TABLE thread_marks (
        user_id TEXT NOT NULL,
        thread INTEGER NOT NULL,
        follows INTEGER,
        read_seq INTEGER NOT NULL,
        PRIMARY KEY (user_id, thread)
      ) WITHOUT ROWID`,
    ],
  },
  {
    id: '009_threads_cleared',
    statements: [
      // Up to where a member has read every thread themselves, or came later: threads_read never goes back past it.
      'ALTER TABLE members ADD COLUMN threads_cleared INTEGER NOT NULL DEFAULT 0',
      // Which of the two it was until now nobody has noted; nothing old is to come back.
      'UPDATE members SET threads_cleared = threads_read',
      // The reply that an edit has named them in, where nothing else makes them follow: it may be taken back.
      'ALTER TABLE thread_marks ADD COLUMN named_in INTEGER',
    ],
  },
]
