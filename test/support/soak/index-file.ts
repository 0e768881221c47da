/** The index in D1's file, and what the objects' own files say that it must hold: read from disk, past all code. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

type Row = Record<string, unknown>
export type Index = { conversations: Row[]; members: Row[] }

const FREE_WITHIN_MS = 2_000
const OBJECT_FILE = /([0-9a-f]{64})\.sqlite$/

/** D1's own file, for locking it and looking into it. */
export function openIndexFile(state: string): DatabaseSync {
  const [path] = sqliteFiles(state).filter((file) => file.includes('D1DatabaseObject'))
  if (path === undefined) throw new Error('no D1 database in the state directory')
  return new DatabaseSync(path)
}

/**
 * What D1 holds of conversations and their members; without the members' `rev`, which in the object also counts
 * what D1 is not told, as a new name.
 */
export function indexIn(d1: DatabaseSync): Index {
  return {
    conversations: rows(d1, 'SELECT * FROM conversations ORDER BY id'),
    members: rows(d1, 'SELECT conversation_id, user_id, role, removed FROM members ORDER BY 1, 2'),
  }
}

/** Who is in the directory, and what they are found by. */
export function peopleIn(d1: DatabaseSync): { users: Row[]; terms: Row[] } {
  return {
    users: rows(d1, 'SELECT * FROM users ORDER BY id'),
    terms: rows(d1, 'SELECT * FROM user_terms ORDER BY term, user_id'),
  }
}

/** What D1 is to hold of conversations, from the objects themselves. Texts are taken as they are: say nothing long. */
export function indexOfObjects(state: string): Index {
  const index: Index = { conversations: [], members: [] }
  for (const path of objectFiles(state, 'ConversationDO')) {
    const object = openObject(path)
    // An object that was only asked for has no tables.
    if (hasTable(object, 'conversation')) {
      index.conversations.push(...rows(object, CONVERSATION))
      index.members.push(...rows(object, MEMBERS))
    }
    object.close()
  }
  const place = ({ id, conversation_id, user_id }: Row) => String(id ?? `${conversation_id}${user_id}`)
  const byPlace = (a: Row, b: Row) => (place(a) < place(b) ? -1 : 1)
  return { conversations: index.conversations.sort(byPlace), members: index.members.sort(byPlace) }
}

/** The ids of a class's objects, by their files: what the platform would list. */
export function objectIds(state: string, name: 'ConversationDO' | 'UserDO'): string[] {
  return objectFiles(state, name).flatMap((path) => OBJECT_FILE.exec(path)?.[1] ?? [])
}

const CONVERSATION = `SELECT conversation.id, conversation.kind, name, description,
    (SELECT count(*) FROM members WHERE removed_at IS NULL) AS member_count,
    last.seq AS last_seq, last.author_id AS last_author_id, last.text AS last_preview,
    last.created_at AS last_at, conversation.created_at AS created_at,
    coalesce(last.created_at, conversation.created_at) AS updated_at, archived_at, head + 1 AS rev
  FROM conversation LEFT JOIN messages AS last ON last.seq = (SELECT max(seq) FROM messages WHERE thread IS NULL)`

const MEMBERS = `SELECT (SELECT id FROM conversation) AS conversation_id, user_id, role,
  removed_at IS NOT NULL AS removed FROM members`

/** Waits where its object has just been woken or put to sleep, and has the file to itself. */
function openObject(path: string): DatabaseSync {
  const object = new DatabaseSync(path, { readOnly: true })
  object.exec(`PRAGMA busy_timeout = ${FREE_WITHIN_MS}`)
  return object
}

function objectFiles(state: string, name: string): string[] {
  return sqliteFiles(state).filter((path) => path.includes(name) && OBJECT_FILE.test(path))
}

function sqliteFiles(state: string): string[] {
  const folder = join(state, 'v3')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => OBJECT_FILE.test(file))
    .map((file) => join(folder, file))
}

function hasTable(database: DatabaseSync, name: string): boolean {
  return rows(database, `SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '${name}'`).length > 0
}

function rows(database: DatabaseSync, query: string): Row[] {
  // Node's rows have no prototype, which no comparison with plain ones forgives.
  return database
    .prepare(query)
    .all()
    .map((row) => ({ ...row }))
}
