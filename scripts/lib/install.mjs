/** Makes `node_modules` what the lockfile says, and leaves it alone when it already is. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fail } from './fail.mjs'

const NODE_MIN = 20

export function ensureInstalled() {
  if (Number.parseInt(process.versions.node, 10) < NODE_MIN) {
    fail(`Edgewise needs Node ${NODE_MIN} or newer to start; this is ${process.versions.node}.`)
  }
  if (isInstalled()) return
  console.log('Installing packages (npm ci)…')
  // Errors only: on Node 20 npm warns of every tool that wants Node 22, which is one of the packages.
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: 'inherit' })
  if (npm.error) fail(`npm could not be run: ${npm.error.message}`)
  if (npm.status !== 0) {
    fail(
      'npm ci failed; its message is above. Edgewise needs the npm registry once, and about 600 MB of disk.',
    )
  }
}

/**
 * Compares contents and not dates: a clone or a branch switch touches the lockfile without changing it.
 * A package that is optional may be absent, because it is for another platform.
 */
function isInstalled() {
  const held = 'node_modules/.package-lock.json'
  if (!existsSync(held)) return false
  const installed = readPackages(held)
  return Object.entries(readPackages('package-lock.json')).every(([path, wanted]) => {
    if (path === '') return true
    const found = installed[path]
    return found ? found.version === wanted.version : wanted.optional === true || wanted.peer === true
  })
}

function readPackages(lockfile) {
  return JSON.parse(readFileSync(lockfile, 'utf8')).packages
}
