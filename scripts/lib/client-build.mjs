/** The client's build, made only when something that it is made of is newer than it. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from './tools.mjs'

const BUILT = 'dist/web/index.html'
const SOURCES = ['web', 'src/client', 'src/protocol', 'package-lock.json']

/** True when the client is built; a failed build has printed why. */
export function buildClient({ always = false } = {}) {
  if (!always && isFresh()) return true
  return runTool('vite', ['build', 'web', '--logLevel', 'warn'])
}

function isFresh() {
  if (!existsSync(BUILT)) return false
  const builtAt = statSync(BUILT).mtimeMs
  return SOURCES.every((source) => newestChange(source) < builtAt)
}

/** Folders count as well: a deleted file leaves its trace only there. */
function newestChange(path) {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))))
}
