/** Processes by their pids, read from /proc: a kill must take a whole tree and nothing beside it. */
import { readdirSync, readFileSync } from 'node:fs'

/** The process and all that descend from it, parents first. */
export function processTree(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const { pid, parent } of runningProcesses()) {
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const tree = [root]
  for (const pid of tree) tree.push(...(children.get(pid) ?? []))
  return tree
}

export function killTree(root: number): void {
  kill9(processTree(root))
}

export function kill9(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended between the look and the kill.
    }
  }
}

/** Those of the pids that still run. A zombie does not: it only waits for its parent to look. */
export function stillRunning(pids: readonly number[]): number[] {
  const running = new Set(runningProcesses().map(({ pid }) => pid))
  return pids.filter((pid) => running.has(pid))
}

/** Whether this is Node running that script, and not a shell whose line only names it. */
export function isNode(pid: number, script: string): boolean {
  try {
    const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return program.endsWith('node') && args.includes(script)
  } catch {
    return false
  }
}

function runningProcesses(): { pid: number; parent: number }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = readStat(name)
      return stat && stat.state !== 'Z' ? [{ pid: Number(name), parent: stat.parent }] : []
    })
}

function readStat(pid: string): { state: string; parent: number } | null {
  try {
    // The command's name stands in parentheses and may hold spaces: count from the last one.
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', parent = '0'] = line.slice(line.lastIndexOf(')') + 2).split(' ')
    return { state, parent: Number(parent) }
  } catch {
    return null
  }
}
