import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { signInProgram } from '../../src/client/program.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const PASSWORD = 'long enough for a test'

let edgewise: Edgewise
const running: ChildProcess[] = []
beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve' })
  await signInProgram(edgewise.url, { username: 'ada', displayName: 'Ada', password: PASSWORD })
  await signInProgram(edgewise.url, { username: 'grace', displayName: 'Grace', password: PASSWORD })
})
afterAll(async () => {
  for (const child of running) child.kill()
  await edgewise?.stop()
})

it('README: two people chat with the example, as it stands there, on npm run serve', async () => {
  const example = writeExample()
  const ada = runExample(example, ['ada', PASSWORD, 'grace'])
  const grace = runExample(example, ['grace', PASSWORD, 'ada'])

  ada.say('Hello from the README')
  await vi.waitFor(() => expect(grace.heard()).toContain('Ada: Hello from the README'), { timeout: 10_000 })
  grace.say('안녕하세요')
  await vi.waitFor(() => expect(ada.heard()).toContain('Grace: 안녕하세요'), { timeout: 10_000 })
})

function writeExample(): string {
  const [, code] = /```js\n([\s\S]*?)```/.exec(readFileSync(resolve(ROOT, 'README.md'), 'utf8')) ?? []
  if (code === undefined) throw new Error('the README has no example')
  mkdirSync(resolve(ROOT, 'test-results'), { recursive: true })
  const path = resolve(ROOT, 'test-results/readme-example.mjs')
  writeFileSync(path, code.replaceAll("'./src/", "'../src/"))
  return path
}

function runExample(path: string, args: string[]) {
  const child = spawn(process.execPath, [path, ...args], {
    env: { ...process.env, EDGEWISE_URL: edgewise.url },
  })
  running.push(child)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  return { say: (line: string) => child.stdin.write(`${line}\n`), heard: () => output }
}
