/** Types, once for each runtime: every tsconfig.json below the root, whose own checks nothing. */
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { runTool } from './tools.mjs'

const ROOTS = ['src', 'web', 'test', 'bench', 'scripts'].filter((root) => existsSync(root))

export function typeProjects() {
  const paths = ROOTS.flatMap((root) =>
    readdirSync(root, { recursive: true }).map((path) => join(root, path)),
  )
  return paths.filter((path) => basename(path) === 'tsconfig.json')
}

/** True when the project has no errors; those that it has are printed. */
export function checkTypes(project) {
  return runTool('tsc', ['-p', project])
}
