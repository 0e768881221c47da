/** D1's row of a conversation against the conversation itself: it only goes forward, and it gets to the end. */
import type { Violation } from './checker.ts'

/** What a list needs of a conversation. `rev` counts its changes, its making included. */
export type IndexRow = { rev: number; lastSeq: number; memberCount: number }

export type IndexHistory = {
  /** The row as it went, each time that it had changed. */
  seen: readonly IndexRow[]
  /** What it has to be when all is told. */
  end: IndexRow
}

export function checkIndex({ seen, end }: IndexHistory): Violation[] {
  return [...checkForward(seen), ...checkEnd(seen.at(-1), end)]
}

/** What is told late must not win over what is newer. */
function checkForward(seen: readonly IndexRow[]): Violation[] {
  return seen.flatMap(({ rev }, n) => {
    const before = seen[n - 1]?.rev ?? 0
    if (rev > before) return []
    return [{ name: 'stale index', says: `the index went from ${before} back to ${rev}` } as const]
  })
}

function checkEnd(last: IndexRow | undefined, end: IndexRow): Violation[] {
  if (isSame(last, end)) return []
  const says = `the index ends with ${JSON.stringify(last)}, the conversation with ${JSON.stringify(end)}`
  return [{ name: (last?.rev ?? 0) < end.rev ? 'lost index write' : 'stale index', says }]
}

export function isSame(a: IndexRow | undefined, b: IndexRow): boolean {
  return a?.rev === b.rev && a.lastSeq === b.lastSeq && a.memberCount === b.memberCount
}
