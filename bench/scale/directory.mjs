/** The directory of a large deployment, filled in SQLite itself: what its rows take of D1's file. */
import { readdirSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { termsOf } from '../../src/directory/terms.ts'
import { PREVIEW_MAX, uuidv7 } from '../../src/protocol/index.ts'

const MIGRATIONS = new URL('../../migrations/', import.meta.url)
const COUNT = 50_000
const MEMBERS = 4
/** Half of what a preview may be, which is long. */
const PREVIEW = 'so long is what was said last '.repeat(PREVIEW_MAX).slice(0, PREVIEW_MAX / 2)

/** @returns bytes of one person, and of one conversation with its members */
export function directoryBytes() {
  const database = new DatabaseSync(':memory:')
  for (const name of readdirSync(MIGRATIONS)
    .filter((each) => each.endsWith('.sql'))
    .sort()) {
    database.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'))
  }
  const empty = size(database)
  const people = Array.from({ length: COUNT }, (_, n) => ({
    id: uuidv7(n),
    username: `person_${n}`,
    displayName: `Ada Lovelace ${n}`,
  }))
  const insertUser = database.prepare('INSERT INTO users VALUES (?, ?, ?, NULL, 1, 1)')
  const insertTerm = database.prepare('INSERT INTO user_terms VALUES (?, ?, 1)')
  database.exec('BEGIN')
  for (const { id, username, displayName } of people) {
    insertUser.run(id, username, displayName)
    for (const term of termsOf({ username, displayName })) insertTerm.run(term, id)
  }
  database.exec('COMMIT')
  const withPeople = size(database)
  const insertConversation = database.prepare(
    "INSERT INTO conversations VALUES (?, 'private', 'A name', NULL, ?, 1, ?, ?, 1, 1, 1, NULL, 1)",
  )
  const insertMember = database.prepare("INSERT INTO members VALUES (?, ?, 'member', 0, 1)")
  database.exec('BEGIN')
  for (let n = 0; n < COUNT; n += 1) {
    const id = n.toString(16).padStart(64, '0')
    insertConversation.run(id, MEMBERS, people[n].id, PREVIEW)
    for (let member = 0; member < MEMBERS; member += 1)
      insertMember.run(id, people[(n * 7 + member * 11) % COUNT].id)
  }
  database.exec('COMMIT')
  return {
    filledWith: COUNT,
    members: MEMBERS,
    person: (withPeople - empty) / COUNT,
    conversation: (size(database) - withPeople) / COUNT,
  }
}

function size(database) {
  const value = (pragma) => Object.values(database.prepare(`PRAGMA ${pragma}`).get())[0]
  return value('page_count') * value('page_size')
}
