/**
 * Finding what was said, in the conversation's own database. The index is made when somebody first searches,
 * in steps between which everything else goes on, and brought up to date by each search: who never searches
 * pays nothing. What was edited or erased is changed in it in the same turn.
 */
import {
  type Attachment,
  readSearchQuery,
  SEARCH_STEP_MESSAGES,
  type SearchAnswer,
  type SearchQuery,
  searchTokens,
} from '../protocol/index.ts'
import type { Row, Sql, SqlValue } from '../sqlite/sql.ts'
import { type MessageRow, messageColumnsOf, toMessage } from './rows.ts'

/** What a message is found by. */
type Indexed = Row & { seq: number; text: string; attachments: string }

const HAS_IMAGE = `EXISTS (SELECT 1 FROM json_each(m.attachments) AS file
  WHERE json_extract(file.value, '$.mediaType') LIKE 'image/%')`

export class SearchIndex {
  readonly #sql: Sql
  #exists: boolean | undefined

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Whether anyone has ever searched here. */
  get exists(): boolean {
    this.#exists ??=
      this.#sql.first("SELECT 1 AS found FROM sqlite_master WHERE name = 'search_state'") !== undefined
    return this.#exists
  }

  /** Indexes some more of what is not yet. @returns whether all of it is now */
  step(head: number): boolean {
    if (!this.exists) this.#create()
    const state = this.#sql.first<{ indexed_to: number }>('SELECT indexed_to FROM search_state')
    const from = state?.indexed_to ?? 0
    const rows = this.#sql.all<Indexed>(
      'SELECT seq, text, attachments FROM messages WHERE seq > ? ORDER BY seq LIMIT ?',
      from,
      SEARCH_STEP_MESSAGES,
    )
    this.#sql.transaction(() => {
      for (const row of rows) this.#put(row)
      const isLast = rows.length < SEARCH_STEP_MESSAGES
      this.#sql.run('UPDATE search_state SET indexed_to = ?', isLast ? head : (rows.at(-1)?.seq ?? head))
    })
    return rows.length < SEARCH_STEP_MESSAGES
  }

  /** A message says something else now, or nothing: so does the index, in the same turn. */
  changed(seq: number): void {
    if (!this.exists) return
    const state = this.#sql.first<{ indexed_to: number }>('SELECT indexed_to FROM search_state')
    if (!state || seq > state.indexed_to) return
    this.#sql.run('DELETE FROM search WHERE rowid = ?', seq)
    const query = 'SELECT seq, text, attachments FROM messages WHERE seq = ?'
    for (const row of this.#sql.all<Indexed>(query, seq)) this.#put(row)
  }

  /** Newest first. `authors`: the ids of those whom `from:` names. */
  find(query: SearchQuery, authors: readonly string[], before: number, limit: number): SearchAnswer {
    const conditions = ['m.deleted_at IS NULL']
    const bindings: SqlValue[] = []
    const add = (condition: string, ...values: SqlValue[]) => {
      conditions.push(condition)
      bindings.push(...values)
    }
    // The index walks down from the newest match and stops at the page: a common word costs no more than a rare one.
    const isMatched = query.match !== ''
    const source = isMatched ? 'search JOIN messages m ON m.seq = search.rowid' : 'messages m'
    const seq = isMatched ? 'search.rowid' : 'm.seq'
    if (isMatched) add('search MATCH ?', query.match)
    add(`${seq} < ?`, before)
    if (query.from.length > 0) add('m.author_id IN (SELECT value FROM json_each(?))', JSON.stringify(authors))
    if (query.before !== undefined) add('m.created_at < ?', query.before)
    if (query.after !== undefined) add('m.created_at >= ?', query.after)
    if (query.has.includes('link')) add("(m.text LIKE '%http://%' OR m.text LIKE '%https://%')")
    // Said in the index's own words: those with files are few, and are not looked for among all the others.
    if (query.has.includes('image') || query.has.includes('file')) add("m.attachments <> '[]'")
    if (query.has.includes('image')) add(HAS_IMAGE)
    const statement = `SELECT ${messageColumnsOf('m')} FROM ${source} WHERE ${conditions.join(' AND ')} ORDER BY ${seq} DESC LIMIT ?`
    const messages = this.#sql.all<MessageRow>(statement, ...bindings, limit + 1).map(toMessage)
    return { messages: messages.slice(0, limit), hasOlder: messages.length > limit }
  }

  #create(): void {
    this.#sql.transaction(() => {
      // Without content: the tokens lead to a seq, and the text stays where it is.
      this.#sql.run("CREATE VIRTUAL TABLE search USING fts5 (tokens, content = '', contentless_delete = 1)")
      this.#sql.run(
        'CREATE TABLE search_state (one INTEGER PRIMARY KEY CHECK (one = 1), indexed_to INTEGER NOT NULL)',
      )
      this.#sql.run('INSERT INTO search_state VALUES (1, 0)')
    })
    this.#exists = true
  }

  /** By its words, and by the names of its files. */
  #put({ seq, text, attachments }: Indexed): void {
    const names = JSON.parse(attachments).map((file: Attachment) => file.name)
    const tokens = searchTokens([text, ...names].join('\n'))
    if (tokens !== '') this.#sql.run('INSERT INTO search (rowid, tokens) VALUES (?, ?)', seq, tokens)
  }
}

/** What is asked for, or undefined where nothing was: an empty search finds nothing. */
export function askedFor(q: string): SearchQuery | undefined {
  const query = readSearchQuery(q)
  const hasFilter =
    query.from.length > 0 || query.has.length > 0 || query.before !== undefined || query.after !== undefined
  return query.match !== '' || hasFilter ? query : undefined
}
