/**
 * The least of SQL that the objects need. Two makers: a Durable Object's storage (here), and Node's SQLite
 * in tests, so that the same statements run on real SQLite in both.
 */
export type SqlValue = string | number | null | ArrayBuffer
export type Row = Record<string, SqlValue>

export interface Sql {
  all<T extends Row>(query: string, ...bindings: SqlValue[]): T[]
  /** The first row, or undefined. */
  first<T extends Row>(query: string, ...bindings: SqlValue[]): T | undefined
  /** Rows one at a time: what is not asked for is not read, and not paid. */
  each<T extends Row>(query: string, ...bindings: SqlValue[]): IterableIterator<T>
  run(query: string, ...bindings: SqlValue[]): void
  /** All or nothing. A throw rolls back and goes on to the caller. */
  transaction<T>(work: () => T): T
  /** What was read and written so far, as the platform bills it: index entries are rows too. */
  readonly meter: { rowsRead: number; rowsWritten: number }
}

/** SQL on the storage of a Durable Object. */
export function durableSql(storage: DurableObjectStorage): Sql {
  const meter = { rowsRead: 0, rowsWritten: 0 }
  function* rows<T extends Row>(query: string, bindings: SqlValue[]): IterableIterator<T> {
    const cursor = storage.sql.exec<T>(query, ...bindings)
    try {
      yield* cursor
    } finally {
      meter.rowsRead += cursor.rowsRead
      meter.rowsWritten += cursor.rowsWritten
    }
  }
  /** All at once: a generator costs as much as a small statement. */
  function read(query: string, bindings: SqlValue[]): Row[] {
    const cursor = storage.sql.exec<Row>(query, ...bindings)
    const all = cursor.toArray()
    meter.rowsRead += cursor.rowsRead
    meter.rowsWritten += cursor.rowsWritten
    return all
  }
  return {
    meter,
    all: (query, ...bindings) => read(query, bindings) as never,
    first: (query, ...bindings) => read(query, bindings)[0] as never,
    each: (query, ...bindings) => rows(query, bindings) as never,
    run: (query, ...bindings) => void read(query, bindings),
    transaction: (work) => storage.transactionSync(work),
  }
}

/** What one object has used of the platform since it woke. */
export type Costs = Sql['meter'] & { alarmsSet: number }
