/**
 * Proves what proves the rest: ten bugs, planted one at a time in a copy of the sources, each provoked on a real
 * server, and found by the checker under its name. The same is done to a sound server at the same time, where
 * nothing may be found: a checker that cries at everything would find all ten as well.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PROVOCATIONS } from '../support/bugs/provoke.ts'
import { Scene } from '../support/bugs/scene.ts'
import { Stand } from '../support/bugs/stand.ts'
import { BUGS, type Bug } from '../support/bugs/table.ts'
import type { Violation } from '../support/faults/checker.ts'
import { SEED } from '../support/soak/tier.ts'

const FOLDER = 'test-results/soak'

/** What docs/proof.md says of each. */
const rows: { name: string; by: string; caughtAs: string; says: string; isCaught: boolean }[] = []
let sound: Stand

beforeAll(async () => {
  console.log(`bugs: npm run soak -- --only bugs --seed ${SEED}`)
  sound = await Stand.start('sound', [])
})

afterAll(async () => {
  await sound?.edgewise.stop()
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(`${FOLDER}/bugs.json`, JSON.stringify(rows))
})

it.each(BUGS)('$name is caught as $caughtAs, and without it nothing is', async (bug) => {
  const { name, caughtAs, weather } = bug
  const row = { name, by: provocationOf(bug).by, caughtAs, says: 'did not get to its end', isCaught: false }
  rows.push(row)
  const stands: Stand[] = []
  const start = async (...args: Parameters<typeof Stand.start>) => {
    const stand = await Stand.start(...args)
    stands.push(stand)
    return stand
  }
  try {
    const seeded = await start('seeded', namesOf(bug, true))
    const control = weather ? await start('sound', namesOf(bug, false)) : sound
    const [found, cried] = await Promise.all([played(bug, seeded), played(bug, control)])
    const caught = found.find((violation) => violation.name === caughtAs)
    const names = [...new Set(found.map((violation) => violation.name))]
    row.says = caught?.says ?? `found: ${names.join(', ') || 'nothing'}`
    row.isCaught = caught !== undefined && cried.length === 0
    console.log(`${name}: ${names.join(', ')}; ${row.says}`)
    expect(cried).toEqual([])
    expect(names).toContain(caughtAs)
  } finally {
    await Promise.all(stands.map(({ edgewise }) => edgewise.stop()))
  }
})

async function played(bug: Bug, stand: Stand): Promise<Violation[]> {
  const scene = await Scene.open(stand)
  try {
    await provocationOf(bug).play(scene)
    return await scene.violations()
  } finally {
    await scene.close()
  }
}

function provocationOf({ name }: Bug) {
  const provocation = PROVOCATIONS[name]
  if (!provocation) throw new Error(`nothing provokes ${name}`)
  return provocation
}

function namesOf({ name, weather }: Bug, isSeeded: boolean): string[] {
  return [...(weather ? [weather.name] : []), ...(isSeeded ? [name] : [])]
}
