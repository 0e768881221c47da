/** A real Edgewise in its own processes, started with the commands that people use. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { isNode, kill9, killTree, processTree } from './process-tree.ts'
import { keepOutput } from './soak/output.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const COMMANDS = {
  dev: { script: 'start', stateOption: '--persist-to' },
  serve: { script: 'serve', stateOption: '--state' },
}
const START_WITHIN_MS = 90_000
const STOP_WITHIN_MS = 10_000
const TRAFFIC_MS = 50
const EVICT_WITHIN_MS = 10_000

export type EdgewiseOptions = {
  /** `dev` is `npm start` (wrangler dev), `serve` is `npm run serve` (Miniflare without the proxy). */
  mode?: 'dev' | 'serve'
  /** The data's directory; a new one when absent. */
  state?: string
  port?: number
  /** Variables of CONTRACT 7. */
  vars?: Record<string, string | number>
  /** What is planted in a copy of the sources, by name (`serve` only): bugs/table.ts. */
  bugs?: readonly string[]
}

export type Edgewise = {
  url: string
  port: number
  state: string
  /** The pids of all its processes, workerd's included. */
  processes(): number[]
  /** Ctrl-C. Resolves when npm has ended. */
  stop(): Promise<void>
  /** `kill -9` of all its processes at once. */
  kill9(): Promise<void>
  /**
   * Every object loses its memory (`serve` only): its sockets are kept, or closed; by turns where nothing is said.
   * Resolves when the server says that it is done.
   */
  evict(kind?: Eviction): Promise<void>
}

/** `hibernate` is what a sleep does, `close` what a deploy does. */
export type Eviction = 'hibernate' | 'close'

/** @throws with the output so far when it ends, or does not answer in time. */
export async function startEdgewise(options: EdgewiseOptions = {}): Promise<Edgewise> {
  const { mode = 'dev', state = newState(), port = await freePort(), vars = {}, bugs = [] } = options
  const { script: command, stateOption } = COMMANDS[mode]
  const child = spawn(
    'npm',
    [
      ...['run', command, '--', '--port', String(port), stateOption, state],
      ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
      ...bugs.flatMap((name) => ['--bug', name]),
    ],
    // Its own process group, as a shell would give it: that is what a Ctrl-C in a terminal goes to.
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  )
  keepOutput(child)
  const pid = await started(child)
  let script: number | undefined
  return {
    url: `http://localhost:${port}`,
    port,
    state,
    processes: () => processTree(pid),
    stop: () => ended(child, pid, () => process.kill(-pid, 'SIGINT')),
    async kill9() {
      const pids = processTree(pid)
      // Looking took milliseconds in which nobody in this process could send. Killed now, the server would
      // die idle: let the traffic come back first.
      await wait(TRAFFIC_MS)
      await ended(child, pid, () => kill9(pids))
    },
    async evict(kind) {
      // npm and the shell between would die of it: only the script knows what it means.
      script ??= processTree(pid).find((each) => isNode(each, 'scripts/serve.mjs'))
      if (script === undefined) return
      const wish = join(state, 'evict')
      if (kind) writeFileSync(wish, kind)
      else rmSync(wish, { force: true })
      const done = said(child, 'All are evicted', EVICT_WITHIN_MS)
      process.kill(script, 'SIGUSR2')
      await done
    },
  }
}

export function newState(): string {
  return mkdtempSync(join(tmpdir(), 'edgewise-'))
}

export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return address.port
}

/** Resolves with the pid once the address is printed, which the script does when the server answers. */
async function started(child: ChildProcess): Promise<number> {
  const { pid } = child
  if (pid === undefined) throw new Error('npm could not be started')
  let output = ''
  try {
    await new Promise<void>((resolve, reject) => {
      function hear(chunk: Buffer): void {
        output += chunk.toString()
        if (output.includes('Edgewise is ready')) resolve()
      }
      child.stdout?.on('data', hear)
      child.stderr?.on('data', hear)
      child.once('exit', (code) => reject(new Error(`it ended with code ${code}`)))
      wait(START_WITHIN_MS, undefined, { ref: false }).then(() =>
        reject(new Error('it did not answer in time')),
      )
    })
  } catch (error) {
    killTree(pid)
    throw new Error(`Edgewise did not start. Its output:\n${output}`, { cause: error })
  }
  return pid
}

/** Resolves once the output has the words, or the time is over: a server that was killed meanwhile says nothing. */
function said(child: ChildProcess, words: string, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    let output = ''
    const hear = (chunk: Buffer): void => {
      output += chunk.toString()
      if (output.includes(words)) end()
    }
    const end = (): void => {
      child.stdout?.off('data', hear)
      resolve()
    }
    child.stdout?.on('data', hear)
    wait(withinMs, undefined, { ref: false }).then(end)
  })
}

async function ended(child: ChildProcess, pid: number, end: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit').then(() => true)
  end()
  const isInTime = await Promise.race([exit, wait(STOP_WITHIN_MS, false, { ref: false })])
  if (isInTime) return
  killTree(pid)
  throw new Error(`Edgewise did not end within ${STOP_WITHIN_MS} ms`)
}
