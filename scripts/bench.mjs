/**
 * `npm run bench`: Edgewise beside servers that install from npm, and beside what the platform itself can do, in
 * one run on this machine. Writes bench/RESULTS.md.
 *
 *   --quick           one round of half the size: to see where a change stands; only printed
 *   --only fan-out    measurements whose key begins so; only printed
 */
import { writeFileSync } from 'node:fs'
import { args, option } from './lib/args.mjs'
import { fail } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { onStopRequest } from './lib/process-group.mjs'

ensureInstalled()
if (Number.parseInt(process.versions.node, 10) < 22) fail('Run it with npm: npm run bench')
const { planOf } = await import('../bench/plan.mjs')
const { reportOf } = await import('../bench/report.mjs')
const { runBench } = await import('../bench/run.mjs')

const isQuick = args.includes('--quick')
const only = option('--only') ?? ''
const plan = planOf(isQuick)
plan.measurements = plan.measurements.filter(({ key }) => key.startsWith(only))
if (plan.measurements.length === 0) fail(`No measurement begins with ${only}: see bench/plan.mjs.`)

const start = Date.now()
const stop = Promise.withResolvers()
onStopRequest(() => stop.reject(new Error('stopped')))
stop.promise.catch(() => {})
const results = await runBench(plan, (line) => console.log(line), stop.promise).catch((error) =>
  fail(error.message),
)
const page = reportOf(plan, results, { seconds: (Date.now() - start) / 1_000, at: new Date() })
console.log(`\n${page}`)
if (!isQuick && only === '') writeFileSync(new URL('../bench/RESULTS.md', import.meta.url), page)
