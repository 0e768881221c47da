/** SQL on Node's own SQLite, so that a conversation's statements run in plain Node, in milliseconds. */
import { DatabaseSync } from 'node:sqlite'
import type { Row, Sql } from '../../src/sqlite/sql.ts'

export function nodeSql(): Sql {
  const db = new DatabaseSync(':memory:')
  let depth = 0
  return {
    // Node's SQLite does not say what a statement cost: costs are asserted in workerd.
    meter: { rowsRead: 0, rowsWritten: 0 },
    all: <T extends Row>(query: string, ...bindings: never[]) => db.prepare(query).all(...bindings) as T[],
    first: <T extends Row>(query: string, ...bindings: never[]) =>
      db.prepare(query).get(...bindings) as T | undefined,
    each: <T extends Row>(query: string, ...bindings: never[]) =>
      db.prepare(query).iterate(...bindings) as IterableIterator<T>,
    run: (query, ...bindings) => void db.prepare(query).run(...(bindings as never[])),
    transaction(work) {
      depth += 1
      const name = `nested_${depth}`
      db.exec(`SAVEPOINT ${name}`)
      try {
        const result = work()
        db.exec(`RELEASE ${name}`)
        return result
      } catch (error) {
        db.exec(`ROLLBACK TO ${name}`)
        db.exec(`RELEASE ${name}`)
        throw error
      } finally {
        depth -= 1
      }
    },
  }
}
