/** Where a server will listen, and whether it answers there. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { option } from './args.mjs'
import { fail } from './fail.mjs'

const HOST = '127.0.0.1'
const POLL_MS = 100
const PAUSE_AFTER_FAILURE_MS = 1_000
const FAILURES_MAX = 3

/** The port of `--port`, or else the one in wrangler.toml. Ends the script when another program has it. */
export async function claimPort() {
  const port = Number(option('--port') ?? /^port = (\d+)$/m.exec(readFileSync('wrangler.toml', 'utf8'))?.[1])
  if (!Number.isInteger(port) || port < 1 || port > 65_535) fail(`--port must be a number from 1 to 65535.`)
  if (!(await isFree(port))) {
    fail(
      `Port ${port} is in use by another program. Choose one that is free: npm start -- --port ${port + 1}`,
    )
  }
  return port
}

/**
 * Waits for the server to answer as it should.
 *
 * @returns 'healthy'; 'failing' when it answers, but with errors: waiting longer changes nothing, and each
 * look costs a log line; 'ended' when it is not there any more
 */
export async function healthOf(url, ended) {
  let isOver = false
  ended.then(() => {
    isOver = true
  })
  let failures = 0
  while (!isOver) {
    const answer = await fetch(`${url}/api/health`).catch(() => null)
    if (answer?.ok) return 'healthy'
    if (answer !== null) failures += 1
    if (failures === FAILURES_MAX) return 'failing'
    await wait(answer === null ? POLL_MS : PAUSE_AFTER_FAILURE_MS)
  }
  return 'ended'
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, HOST, () => probe.close(() => resolve(true)))
  })
}
