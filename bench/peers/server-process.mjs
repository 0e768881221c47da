/** A peer's server in a process of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { killTree, processTree } from '../../test/support/process-tree.ts'

const START_WITHIN_MS = 30_000

/**
 * @param script beside its peer; it prints `ready PORT` when it answers
 * @throws where it ends, or says nothing in time
 */
export async function startServer(script, ...args) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await readyPort(child).catch((error) => {
    child.kill('SIGKILL')
    throw new Error(`${script} did not start`, { cause: error })
  })
  return {
    port,
    processes: () => processTree(child.pid),
    async stop() {
      // A Ctrl-C in the terminal has reached it as well.
      if (child.exitCode !== null || child.signalCode !== null) return
      const exit = once(child, 'exit')
      killTree(child.pid)
      await exit
    },
  }
}

function readyPort(child) {
  return new Promise((resolve, reject) => {
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
      const port = /^ready (\d+)$/m.exec(output)?.[1]
      if (port) resolve(Number(port))
    })
    child.once('exit', (code) => reject(new Error(`it ended with code ${code}`)))
    setTimeout(() => reject(new Error('it said nothing in time')), START_WITHIN_MS).unref()
  })
}
