/** What processes use, as Linux counts it. */
import { readFileSync } from 'node:fs'

/** Of /proc/PID/stat; fixed for every Linux that Node runs on. */
const TICKS_PER_S = 100
const PAGE_BYTES = 4_096

/** Seconds of CPU that these processes have used together, in user and system mode. */
export function cpuSecondsOf(pids) {
  return sum(pids, (pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command's name stands in parentheses and may hold spaces: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S
  })
}

/** Bytes of memory that these processes hold, pages that they share counted for each. */
export function memoryOf(pids) {
  return sum(pids, (pid) => Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES)
}

function sum(pids, measure) {
  return pids.reduce((all, pid) => all + measure(pid), 0)
}
