/** Makes a copy of the Worker's sources with bugs in it. The sources themselves are only read. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BUGS, type Seed } from './table.ts'

const COPIES = 'dist/bugs'
/** What `src` reads beside itself: the version, and the compiler's options. */
const BESIDE = ['package.json', 'tsconfig.json']

const SEEDS: readonly Seed[] = BUGS.flatMap((bug) => (bug.weather ? [bug, bug.weather] : [bug]))

/**
 * Copies the sources, and changes the copy.
 * @returns the entry for the bundler, and a folder of its own for what comes of it
 * @throws where there is no such bug, or the sources are not as it expects them
 */
export function plant(names: readonly string[]): { entry: string; output: string } {
  const seeds = names.map(seedNamed)
  const copy = join(COPIES, names.join(' and ').replaceAll(/[^a-z0-9]+/g, '-'))
  rmSync(copy, { recursive: true, force: true })
  mkdirSync(copy, { recursive: true })
  cpSync('src', join(copy, 'src'), { recursive: true })
  for (const file of BESIDE) cpSync(file, join(copy, file))
  for (const [file, text] of changedBy(seeds, (path) => readFileSync(join('src', path), 'utf8'))) {
    writeFileSync(join(copy, 'src', file), text)
  }
  return { entry: join(copy, 'src/worker.ts'), output: join(copy, 'worker') }
}

/**
 * The files that these seeds change, by their path in `src`, as they are then.
 * @throws where a text is not there exactly once: sources that have changed must not lose a bug unnoticed
 */
export function changedBy(seeds: readonly Seed[], read: (file: string) => string): Map<string, string> {
  const files = new Map<string, string>()
  for (const { name, edits } of seeds) {
    for (const { file, find, replace } of edits) {
      const text = files.get(file) ?? read(file)
      const found = text.split(find).length - 1
      if (found !== 1) throw new Error(`${name}: ${file} has this ${found} times, not once:\n${find}`)
      files.set(
        file,
        text.replace(find, () => replace),
      )
    }
  }
  return files
}

function seedNamed(name: string): Seed {
  const seed = SEEDS.find((each) => each.name === name)
  if (!seed)
    throw new Error(`No bug is called ${name}. There are: ${SEEDS.map((each) => each.name).join(', ')}.`)
  return seed
}
