/** Looks at D1's row of one conversation from outside, in the server's own file, and can keep the server from writing. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type IndexRow, isSame } from './check-index.ts'

const LOOK_EVERY_MS = 50

export class IndexWatch {
  readonly #database: DatabaseSync
  readonly #conversationId: string
  readonly #timer: NodeJS.Timeout
  /** The row each time that it had changed. */
  readonly seen: IndexRow[] = []

  /** @param state the server's data directory */
  constructor(state: string, conversationId: string) {
    this.#database = new DatabaseSync(fileIn(state))
    this.#conversationId = conversationId
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS)
    this.look()
  }

  /** @returns the row as it is; undefined where D1 has not heard of the conversation */
  look(): IndexRow | undefined {
    const row = this.#database
      .prepare('SELECT rev, last_seq, member_count FROM conversations WHERE id = ?')
      .get(this.#conversationId)
    if (!row) return undefined
    const now = {
      rev: Number(row.rev),
      lastSeq: Number(row.last_seq ?? 0),
      memberCount: Number(row.member_count),
    }
    if (!isSame(this.seen.at(-1), now)) this.seen.push(now)
    return now
  }

  /** Nobody else writes to D1 until it is unlocked. */
  lock(): void {
    this.#database.exec('BEGIN EXCLUSIVE')
  }

  unlock(): void {
    this.#database.exec('ROLLBACK')
  }

  close(): void {
    clearInterval(this.#timer)
    this.#database.close()
  }
}

function fileIn(state: string): string {
  const files = readdirSync(join(state, 'v3'), { recursive: true, encoding: 'utf8' })
  const path = files.find((file) => /D1DatabaseObject.[0-9a-f]{64}\.sqlite$/.test(file))
  if (path === undefined) throw new Error('no D1 database in the state directory')
  return join(state, 'v3', path)
}
