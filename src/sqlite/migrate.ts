/** Schema changes of an object's own database: an append-only list, each applied once, in order. */
import type { Sql } from './sql.ts'

export type Migration = { id: string; statements: string[] }

/** True where {@link migrate} has run before: an object that was only probed has no tables at all. */
export function isMigrated(sql: Sql): boolean {
  return (
    sql.first("SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = 'migrations'") !==
    undefined
  )
}

/**
 * Applies what is new.
 * @throws when an applied migration is not the one in the list: its text was changed after release
 */
export function migrate(sql: Sql, migrations: readonly Migration[]): void {
  sql.transaction(() => {
    sql.run('CREATE TABLE IF NOT EXISTS migrations (position INTEGER PRIMARY KEY, id TEXT NOT NULL)')
    const applied = sql.all<{ id: string }>('SELECT id FROM migrations ORDER BY position')
    applied.forEach((row, position) => {
      if (migrations[position]?.id !== row.id)
        throw new Error(`migration ${row.id} is not at place ${position} any more`)
    })
    migrations.slice(applied.length).forEach((migration, index) => {
      for (const statement of migration.statements) sql.run(statement)
      sql.run('INSERT INTO migrations (position, id) VALUES (?, ?)', applied.length + index, migration.id)
    })
  })
}
