/** D1's migrations, applied to the same local state that the server will open. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail } from './fail.mjs'
import { runToolQuietly } from './tools.mjs'

const MIGRATIONS = 'migrations'

/**
 * Wrangler's own command takes 2 s even with nothing to do, at every start. So the names that it applied are
 * noted beside the database: whoever deletes the database deletes the note with it.
 */
export function ensureMigrated(state) {
  const note = join(state, 'v3', 'd1', 'applied-migrations.json')
  const wanted = JSON.stringify(
    readdirSync(MIGRATIONS)
      .filter((name) => name.endsWith('.sql'))
      .sort(),
  )
  if (existsSync(note) && readFileSync(note, 'utf8') === wanted) return
  console.log('Applying database migrations…')
  const isApplied = runToolQuietly('wrangler', [
    'd1',
    'migrations',
    'apply',
    'DB',
    '--local',
    '--persist-to',
    state,
  ])
  if (!isApplied) fail(`The migrations could not be applied to ${state}; Wrangler's message is above.`)
  mkdirSync(join(state, 'v3', 'd1'), { recursive: true })
  writeFileSync(note, wanted)
}
