/** The built client stays small (ux.md 1.16), and keeps to the content security policy. */
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

const SIGN_IN_JS_BYTES = 30_000
const CHAT_JS_BYTES = 75_000
const CSS_BYTES = 14_000
const LATER_CSS_BYTES = 3_000

type Built = Rolldown.RolldownOutput['output'][number]
let files: readonly Built[] = []

beforeAll(async () => {
  // The build that is shipped: what a test run sets makes one with the names and lines of every element in it.
  vi.stubEnv('NODE_ENV', 'production')
  const result = await build({
    root: 'web',
    configFile: 'web/vite.config.ts',
    logLevel: 'error',
    build: { write: false },
  })
  files = Array.isArray(result)
    ? result.flatMap(({ output }) => output)
    : 'output' in result
      ? result.output
      : []
}, 60_000)

afterAll(() => void vi.unstubAllEnvs())

function sizeOf(file: Built): number {
  return gzipSync(file.type === 'chunk' ? file.code : file.source, { level: 9 }).length
}

function chunk(name: string) {
  const found = files.find((file) => file.type === 'chunk' && file.fileName === name)
  if (found?.type !== 'chunk') throw new Error(`no chunk ${name}`)
  return found
}

/** A chunk and what it cannot start without. */
function withImports(name: string, seen = new Set<string>()): Set<string> {
  if (!seen.has(name)) {
    seen.add(name)
    for (const each of chunk(name).imports) withImports(each, seen)
  }
  return seen
}

/** The chunk that a module ended up in. */
function holding(module: string): string {
  const found = files.find(
    (file): file is Rolldown.OutputChunk =>
      file.type === 'chunk' && file.moduleIds.some((id) => id.endsWith(module)),
  )
  if (!found) throw new Error(`nothing holds ${module}`)
  return found.fileName
}

const total = (names: Iterable<string>) => [...names].reduce((sum, name) => sum + sizeOf(chunk(name)), 0)
const page = () => withImports(holding('/web/main.tsx'))
const words = () => withImports(holding('/locales/en.ts'))
const chat = () => withImports(holding('/ui/Chat.tsx'))

test('1.16 signing in loads at most 30 kB of script', () => {
  expect(total(new Set([...page(), ...words()]))).toBeLessThanOrEqual(SIGN_IN_JS_BYTES)
})

test('1.16 the chat loads at most 75 kB of script in all', () => {
  expect(total(new Set([...page(), ...words(), ...chat()]))).toBeLessThanOrEqual(CHAT_JS_BYTES)
})

test.each(['/ui/EmojiPicker.tsx', '/ui/WritingAids.tsx', '/ui/code-colours.ts'])(
  '1.16 the chat starts without %s, which comes when it is asked for',
  (module) => {
    const start = new Set([...page(), ...words(), ...chat()])
    expect(start).not.toContain(holding(module))
  },
)

test('1.16 the chat starts with at most 14 kB of styles, no later part brings more than 3, and there are no fonts', () => {
  const isStyle = (file: Built) => file.fileName.endsWith('.css')
  const start = new Set(
    [...page(), ...words(), ...chat()].flatMap((name) => [...(chunk(name).viteMetadata?.importedCss ?? [])]),
  )
  expect(start.size).toBeGreaterThan(0)
  const sizes = files
    .filter(isStyle)
    .map((file) => ({ isLater: !start.has(file.fileName), size: sizeOf(file) }))
  const sum = sizes.filter(({ isLater }) => !isLater).reduce((all, { size }) => all + size, 0)
  expect(sum).toBeGreaterThan(0)
  expect(sum).toBeLessThanOrEqual(CSS_BYTES)
  for (const { isLater, size } of sizes) if (isLater) expect(size).toBeLessThanOrEqual(LATER_CSS_BYTES)
  expect(files.filter((file) => /\.(woff2?|ttf|otf)$/.test(file.fileName))).toEqual([])
})

test('S5 the page holds no inline script, style or handler', () => {
  const html = files.find((file) => file.fileName === 'index.html')
  const text = html?.type === 'asset' ? String(html.source) : ''
  expect(text).toContain('<symbol id="icon-check"')
  expect(text).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/i)
})

test('3.1 styles name sides by the direction of writing, never left or right', () => {
  const styles = files
    .filter((file) => file.fileName.endsWith('.css'))
    .map((file) => (file.type === 'asset' ? String(file.source) : ''))
  const physical =
    /(?<![-\w])(?:margin|padding|border)-(?:left|right)\b|(?<![-\w])(?:left|right):|text-align:(?:left|right)/
  for (const style of styles) expect(style.match(physical)).toBeNull()
})
