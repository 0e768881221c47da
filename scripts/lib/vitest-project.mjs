/** One of vitest.config.ts's projects, and how many of its tests passed. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { runTool } from './tools.mjs'

/** A project that takes longer than this hangs; the slowest, real browsers and servers, takes a quarter of an hour. */
const PROJECT_MS = 45 * 60_000

/**
 * Counts from the report and from how the run ended, because either alone can lie: a crash leaves no report,
 * an error outside a test fails the run but no test. No test at all, or a skipped one, counts as failed.
 *
 * @param {string} name
 * @param {readonly string[]} files only these; all of the project's when empty
 * @returns {{ passed: number, failed: number }}
 */
export function runVitestProject(name, files = []) {
  const report = `test-results/${name}.json`
  rmSync(report, { force: true })
  const isOk = runTool(
    'vitest',
    [
      ...['run', '--project', name, ...files],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ],
    { timeoutMs: PROJECT_MS },
  )
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const told = JSON.parse(readFileSync(report, 'utf8'))
  const failed = told.numTotalTests - told.numPassedTests
  const isSilentFailure = failed === 0 && (!isOk || told.numTotalTests === 0)
  return { passed: told.numPassedTests, failed: isSilentFailure ? 1 : failed }
}
