/**
 * `npm run soak`: the fault plan against real processes, its full numbers, and docs/proof.md written from what was
 * seen; then ten bugs on purpose, to see that they are found. `-- --only F1,bugs` runs a part and `-- --seed N` the
 * same draws again; both only say what they saw, as does `-- --tier smoke`, which is what `npm test` runs.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { option } from './lib/args.mjs'
import { fail } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { ensureNode } from './lib/tools.mjs'
import { runVitestProject } from './lib/vitest-project.mjs'
import { IN_WORKERD } from './soak/in-workerd.mjs'
import { proofPage } from './soak/page.mjs'

const RECORDS = 'test-results/soak'
const PAGE = 'docs/proof.md'
const TIERS = ['full', 'smoke']
/** What `--only` calls the proof of the checker itself. */
const BUGS = 'bugs'

const tier = option('--tier') ?? 'full'
const only = option('--only')?.split(',')
const seed = option('--seed') ?? String(Date.now() % 1_000_000)
if (!TIERS.includes(tier)) fail(`--tier is ${TIERS.join(' or ')}.`)

ensureInstalled()
ensureNode()
rmSync(RECORDS, { recursive: true, force: true })
mkdirSync(RECORDS, { recursive: true })
Object.assign(process.env, { SOAK: tier, SEED: seed })

const startedAt = performance.now()
const rows = [...withProcesses(), ...withinWorkerd()].sort((a, b) => place(a.id) - place(b.id))
const bugs = (only ? only.includes(BUGS) : tier === 'full') ? withBugs() : undefined
const seconds = Math.round((performance.now() - startedAt) / 1_000)
if (rows.length === 0 && !bugs) fail(`No scenario is called ${only}.`)

const page = proofPage({ rows, bugs, tier, seed, seconds })
console.log(`\n${page}`)
if (tier === 'full' && !only) writeFileSync(PAGE, page)
const counted = bugs ? [...rows, bugs] : rows
const passed = counted.reduce((sum, each) => sum + each.passed, 0)
const failed = counted.reduce((sum, each) => sum + each.failed, 0)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** The scenarios that start servers of their own, one after the other; each writes down what it saw. */
function withProcesses() {
  const files = filesIn('test/soak').filter(isAsked)
  if (files.length === 0) return []
  runVitestProject('soak', files)
  const told = JSON.parse(readFileSync('test-results/soak.json', 'utf8'))
  return files.map((file) => {
    const result = told.testResults.find(({ name }) => name.endsWith(file))
    const id = idOf(file)
    return { ...countsOf(result), ...recordOf(id), id }
  })
}

function withinWorkerd() {
  return IN_WORKERD.filter(({ id }) => !only || only.includes(id)).map(
    ({ files, project = 'worker', ...scenario }) => {
      const from = performance.now()
      const counts = runVitestProject(project, files)
      const seconds = Math.round((performance.now() - from) / 1_000)
      const seen = [`${counts.passed} of ${counts.passed + counts.failed} tests`]
      return { ...scenario, ...counts, loads: files.map((file) => `\`${file}\``), seen, seconds }
    },
  )
}

/** The checker against servers that are known to be wrong, and how: a row for each. */
function withBugs() {
  const counts = runVitestProject('seeded')
  const path = `${RECORDS}/${BUGS}.json`
  return { ...counts, rows: existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [] }
}

/** A scenario that ended before it could write anything has failed, whatever else is said. */
function countsOf(result) {
  if (!result) return { passed: 0, failed: 1 }
  const all = result.assertionResults
  const passed = all.filter(({ status }) => status === 'passed').length
  const isSilent = all.length === 0 || (result.status !== 'passed' && passed === all.length)
  return { passed, failed: isSilent ? 1 : all.length - passed }
}

function recordOf(id) {
  const path = readdirSync(RECORDS).find((name) => name === `${id}.json`)
  if (path) return JSON.parse(readFileSync(`${RECORDS}/${path}`, 'utf8'))
  return { fault: 'left no record', target: '', loads: [], seen: [], seconds: 0 }
}

function filesIn(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .sort()
    .map((name) => `${folder}/${name}`)
}

function isAsked(file) {
  return !only || only.includes(idOf(file))
}

/** `test/soak/f01-kill-9.test.ts` is F1. */
function idOf(file) {
  return `F${Number(/\/f(\d+)-/.exec(file)?.[1])}`
}

function place(id) {
  return Number(id.slice(1))
}
