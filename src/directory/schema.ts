/**
 * The directory in D1: people, and an index of conversations. Only `users` is primary data (it decides who
 * has a name); the rest is told by the objects and can be told again. `rev` counts an owner's changes, so
 * that a message which arrives twice or late never undoes a newer one.
 */
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { ConversationKind, Role } from '../protocol/index.ts'

export const users = sqliteTable('users', {
  id: text('id').primaryKey(),
  username: text('username').notNull().unique(),
  displayName: text('display_name').notNull(),
  avatarUrl: text('avatar_url'),
  createdAt: integer('created_at').notNull(),
  rev: integer('rev').notNull(),
})

/** What a person is found by (terms.ts): people search is a range of this primary key. */
export const userTerms = sqliteTable(
  'user_terms',
  {
    term: text('term').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    rev: integer('rev').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.term, table.userId] }),
    index('user_terms_by_user').on(table.userId, table.term),
  ],
)

export const conversations = sqliteTable('conversations', {
  id: text('id').primaryKey(),
  kind: text('kind').$type<ConversationKind>().notNull(),
  name: text('name'),
  description: text('description'),
  memberCount: integer('member_count').notNull(),
  lastSeq: integer('last_seq'),
  lastAuthorId: text('last_author_id'),
  lastPreview: text('last_preview'),
  lastAt: integer('last_at'),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
  archivedAt: integer('archived_at'),
  rev: integer('rev').notNull(),
})

/** No reference to `conversations`: a conversation and its members may be told in either order. */
export const members = sqliteTable(
  'members',
  {
    conversationId: text('conversation_id').notNull(),
    userId: text('user_id').notNull(),
    role: text('role').$type<Role>().notNull(),
    /** A tombstone: a late "added" must not bring back who has left. */
    removed: integer('removed', { mode: 'boolean' }).notNull(),
    rev: integer('rev').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.conversationId, table.userId] }),
    index('members_by_user').on(table.userId),
  ],
)
