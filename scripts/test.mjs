/**
 * `npm test`: everything that holds Edgewise, from a fresh clone, closed by one line of counts. One part
 * alone: `npm test -- core`. Parts run one after the other, because two cores measure each other.
 */
import { args } from './lib/args.mjs'
import { ensureBrowser } from './lib/browser.mjs'
import { buildClient } from './lib/client-build.mjs'
import { fail } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { ensureNode, runTool } from './lib/tools.mjs'
import { checkTypes, typeProjects } from './lib/types.mjs'
import { runVitestProject } from './lib/vitest-project.mjs'

const PARTS = {
  types: () => sum(typeProjects().map((project) => one(checkTypes(project)))),
  lint: () => one(runTool('biome', ['check', '.'])),
  build: () => one(buildClient({ always: true })),
  core: () => runVitestProject('core'),
  worker: () => runVitestProject('worker'),
  client: () => runVitestProject('client'),
  e2e: () => runInBrowser(),
  soak: () => runVitestProject('soak'),
}

const unknown = args.filter((name) => !Object.hasOwn(PARTS, name))
if (unknown.length > 0)
  fail(`No such part: ${unknown.join(', ')}. There are: ${Object.keys(PARTS).join(', ')}.`)

ensureInstalled()
ensureNode()
const chosen = args.length > 0 ? args : Object.keys(PARTS)
const results = chosen.map((name) => ({ name, ...timed(PARTS[name]) }))

console.log()
for (const { name, passed, failed, seconds } of results) {
  console.log(`${name.padEnd(6)} ${passed} passed, ${failed} failed  (${seconds} s)`)
}
const total = sum(results)
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

function runInBrowser() {
  const browser = ensureBrowser()
  if (browser === undefined) return one(false)
  process.env.CHROMIUM = browser
  return runVitestProject('e2e')
}

function timed(part) {
  const startedAt = performance.now()
  const counts = part()
  return { ...counts, seconds: Math.round((performance.now() - startedAt) / 1_000) }
}

function one(isOk) {
  return isOk ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

function sum(counts) {
  return counts.reduce(
    (all, { passed, failed }) => ({ passed: all.passed + passed, failed: all.failed + failed }),
    { passed: 0, failed: 0 },
  )
}
