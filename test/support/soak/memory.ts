/** What the server's processes hold in memory, from /proc. */
import { readFileSync } from 'node:fs'
import type { Edgewise } from '../edgewise.ts'

/** MiB of resident memory of all `workerd` together: every object, the Worker and the runtime share it. */
export function workerdMemory(edgewise: Pick<Edgewise, 'processes'>): number {
  const pages = edgewise.processes().filter(isWorkerd).map(residentKib)
  return Math.round(pages.reduce((sum, kib) => sum + kib, 0) / 1_024)
}

function isWorkerd(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'workerd'
  } catch {
    return false
  }
}

function residentKib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0)
}
