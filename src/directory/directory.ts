/**
 * Every question that is asked of D1, each a function named by what it answers. All of them refuse with
 * `unavailable` when D1 does not answer. Nothing here is asked before a message is accepted.
 */
import { and, eq, exists, getTableColumns, gte, inArray, lt, min, ne, type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import { alias, type SQLiteColumn, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import { logError } from '../log.ts'
import { SEARCH_CANDIDATES_MAX, type User } from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'
import { conversations, members, users, userTerms } from './schema.ts'
import { queryWords, termsOf } from './terms.ts'

export type ConversationRow = typeof conversations.$inferInsert
export type MemberRow = typeof members.$inferInsert

/** D1 takes at most 100 bound variables in a statement; a few are left for what else it holds. */
const VARIABLES_MAX = 96
const RETRY_AFTER_MS = 2_000

const publicUser = {
  id: users.id,
  username: users.username,
  displayName: users.displayName,
  avatarUrl: users.avatarUrl,
}

// ── People ──────────────────────────────────────────────────────────────────────────────────────────────

export async function userIdByUsername(d1: D1Database, username: string): Promise<string | null> {
  return asking(d1, async (db) => {
    const row = await db.select({ id: users.id }).from(users).where(eq(users.username, username)).get()
    return row?.id ?? null
  })
}

/** Those of `ids` that exist, in no particular order. */
export async function usersByIds(d1: D1Database, ids: readonly string[]): Promise<User[]> {
  return asking(d1, async (db) => {
    const chunks = chunked([...new Set(ids)], VARIABLES_MAX)
    const found = await Promise.all(
      chunks.map((chunk) => db.select(publicUser).from(users).where(inArray(users.id, chunk)).all()),
    )
    return found.flat()
  })
}

/** People all of whose words in `q` start one of theirs, closest first; an empty `q` finds nobody. */
export async function searchUsers(
  d1: D1Database,
  search: { q: string; without: string; limit: number },
): Promise<User[]> {
  if (queryWords(search.q).length === 0) return []
  return asking(d1, (db) => searchQuery(db, search).all())
}

/** The statement of {@link searchUsers}, by itself so that a test can ask SQLite how it will be run. */
export function searchQuery(db: DrizzleD1Database, search: { q: string; without: string; limit: number }) {
  const [first = '', ...others] = queryWords(search.q)
  const also = others.map((word, position) => {
    const terms = alias(userTerms, `also_${position}`)
    const matches = and(eq(terms.userId, userTerms.userId), startsWith(terms.term, word))
    return exists(db.select({ one: sql`1` }).from(terms).where(matches))
  })
  const candidates = db
    .select({ userId: userTerms.userId, term: userTerms.term })
    .from(userTerms)
    .where(and(startsWith(userTerms.term, first), ne(userTerms.userId, search.without), ...also))
    .orderBy(userTerms.term)
    .limit(SEARCH_CANDIDATES_MAX)
    .as('candidates')
  return db
    .select(publicUser)
    .from(candidates)
    .innerJoin(users, eq(users.id, candidates.userId))
    .groupBy(users.id)
    .orderBy(min(candidates.term), users.username)
    .limit(search.limit)
}

/**
 * Gives a new person their name. Safe to repeat.
 * @returns false when somebody else has the name
 */
export async function claimUsername(
  d1: D1Database,
  user: User & { createdAt: number; rev: number },
): Promise<boolean> {
  const db = drizzle(d1)
  try {
    await db.batch([db.insert(users).values(user), insertTerms(db, user)])
    return true
  } catch (error) {
    // D1 does not say which constraint failed in a way to rely on. Who has the name now, it does.
    const ownerId = await userIdByUsername(d1, user.username)
    if (ownerId === null) throw unavailable(error)
    return ownerId === user.id
  }
}

/** Tells a person's new profile. Harmless twice, late, or when the person is gone. */
export async function saveProfile(d1: D1Database, user: User & { rev: number }): Promise<void> {
  const { id, displayName, avatarUrl, rev } = user
  await asking(d1, (db) =>
    db.batch([
      db
        .update(users)
        .set({ displayName, avatarUrl, rev })
        .where(and(eq(users.id, id), lt(users.rev, rev))),
      insertTerms(db, user),
      db.delete(userTerms).where(and(eq(userTerms.userId, id), lt(userTerms.rev, currentRev(db, id)))),
    ]),
  )
}

/** Takes a person out of the directory, which frees the name. Safe to repeat. */
export async function forgetUser(d1: D1Database, userId: string): Promise<void> {
  await asking(d1, (db) => db.delete(users).where(eq(users.id, userId)).run())
}

// ── The index of conversations ──────────────────────────────────────────────────────────────────────────

export async function indexConversation(d1: D1Database, row: ConversationRow): Promise<void> {
  await indexBatch(d1, { conversation: row, members: [] })
}

export async function indexMembers(d1: D1Database, rows: readonly MemberRow[]): Promise<void> {
  await indexBatch(d1, { members: rows })
}

/** The `rev` of each of these conversations, as far as D1 has heard. */
export async function conversationRevs(d1: D1Database, ids: readonly string[]): Promise<Map<string, number>> {
  return asking(d1, async (db) => {
    const found = await Promise.all(
      chunked([...ids], VARIABLES_MAX).map((chunk) =>
        db
          .select({ id: conversations.id, rev: conversations.rev })
          .from(conversations)
          .where(inArray(conversations.id, chunk))
          .all(),
      ),
    )
    return new Map(found.flat().map(({ id, rev }) => [id, rev]))
  })
}

/** Tells a conversation and members of it in one transaction. Harmless twice or late: the higher `rev` stays. */
export async function indexBatch(
  d1: D1Database,
  batch: { conversation?: ConversationRow; members: readonly MemberRow[] },
): Promise<void> {
  await asking(d1, async (db) => {
    const statements: BatchItem<'sqlite'>[] = []
    if (batch.conversation) {
      statements.push(
        db
          .insert(conversations)
          .values(batch.conversation)
          .onConflictDoUpdate({
            target: conversations.id,
            set: excluded(conversations, ['id', 'createdAt']),
            setWhere: sql`excluded.rev > ${conversations.rev}`,
          }),
      )
    }
    for (const rows of chunked(batch.members, Math.floor(VARIABLES_MAX / columnCount(members)))) {
      statements.push(
        db
          .insert(members)
          .values(rows)
          .onConflictDoUpdate({
            target: [members.conversationId, members.userId],
            set: excluded(members, ['conversationId', 'userId']),
            setWhere: sql`excluded.rev > ${members.rev}`,
          }),
      )
    }
    const [first, ...others] = statements
    if (first) await db.batch([first, ...others])
  })
}

// ── Pieces ──────────────────────────────────────────────────────────────────────────────────────────────

/** All terms in one statement with few variables, and only while the person stands at this very `rev`. */
function insertTerms(db: DrizzleD1Database, user: User & { rev: number }) {
  const words = JSON.stringify(termsOf(user))
  return db
    .insert(userTerms)
    .select(
      sql`SELECT word.value, ${users.id}, ${users.rev} FROM ${users}, json_each(${words}) AS word
        WHERE ${users.id} = ${user.id} AND ${users.rev} = ${user.rev}`,
    )
    .onConflictDoUpdate({ target: [userTerms.term, userTerms.userId], set: { rev: sql`excluded.rev` } })
}

function currentRev(db: DrizzleD1Database, userId: string): SQL {
  return sql`(${db.select({ rev: users.rev }).from(users).where(eq(users.id, userId))})`
}

/** A range of an index, unlike LIKE, which scans where the collation does not suit. */
function startsWith(column: SQLiteColumn, prefix: string): SQL | undefined {
  return and(gte(column, prefix), lt(column, `${prefix}\u{10ffff}`))
}

/** For an upsert: every column but `keys` takes the value that was to be inserted. */
function excluded(table: SQLiteTable, keys: readonly string[]): Record<string, SQL> {
  const columns = Object.entries(getTableColumns(table)).filter(([name]) => !keys.includes(name))
  return Object.fromEntries(columns.map(([name, column]) => [name, sql.raw(`excluded.${column.name}`)]))
}

function columnCount(table: SQLiteTable): number {
  return Object.keys(getTableColumns(table)).length
}

function chunked<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  )
}

async function asking<T>(d1: D1Database, work: (db: DrizzleD1Database) => Promise<T>): Promise<T> {
  try {
    return await work(drizzle(d1))
  } catch (error) {
    throw unavailable(error)
  }
}

/** A failure of D1, logged for us, and for the caller a time to come back. */
function unavailable(error: unknown): Refusal {
  // drizzle's own message quotes the statement's parameters, which are names of people: its cause says why.
  logError('directory', error instanceof Error && error.cause !== undefined ? error.cause : error)
  return new Refusal('unavailable', 'the directory does not answer right now', {
    retryAfterMs: RETRY_AFTER_MS,
  })
}
