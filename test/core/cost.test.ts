/** The page of costs is what the command says today: a count that changed must not leave an old price standing. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

it('bench/COST.md is what `npm run cost` writes', () => {
  const run = spawnSync(process.execPath, ['scripts/cost.mjs', '--print'], { cwd: ROOT, encoding: 'utf8' })
  expect(run.stdout).toBe(readFileSync(resolve(ROOT, 'bench/COST.md'), 'utf8'))
})
