/** What the server takes of the machine's memory, read from /proc. */
import { readFileSync } from 'node:fs'
import type { Edgewise } from '../edgewise.ts'

const PAGE_BYTES = 4_096
export const MIB = 1_048_576

/** Bytes of memory that workerd holds, all its processes together: the proxy and npm are not the product. */
export function residentBytes(edgewise: Edgewise): number {
  return workerds(edgewise).reduce((sum, pid) => sum + residentOf(pid), 0)
}

/** @returns their pids: another one is a restart */
export function workerds(edgewise: Edgewise): number[] {
  return edgewise.processes().filter((pid) => read(`/proc/${pid}/comm`).trim() === 'workerd')
}

function residentOf(pid: number): number {
  return Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * PAGE_BYTES
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // It ended between the look and the reading.
    return ''
  }
}
