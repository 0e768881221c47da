/** What the list shows of the rows, and in which order. */
import type { InboxRow } from '../../src/protocol/index.ts'

export type ListFilter = 'all' | 'unread' | 'mentions'

/** CL-2: pinned ones first, then the newest message first. Nothing but a message or a pin moves a row. */
export function inOrder(rows: readonly InboxRow[]): InboxRow[] {
  return [...rows].sort(
    (a, b) => Number(b.pinned) - Number(a.pinned) || b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1),
  )
}

/**
 * CL-7: the rows that fit a filter; hidden ones fit none.
 * @param keptId stays whatever it is: the open conversation does not vanish under its reader
 * @param isMarked whether a row was marked as unread by hand
 */
export function filtered(
  rows: readonly InboxRow[],
  filter: ListFilter,
  keptId: string | null,
  isMarked: (row: InboxRow) => boolean,
): InboxRow[] {
  return rows.filter((row) => {
    if (row.id === keptId) return true
    if (row.hidden) return false
    if (filter === 'mentions') return row.mentions > 0
    return filter === 'all' || row.unread > 0 || isMarked(row)
  })
}

/**
 * The order while somebody is about to press a row: what is there stays where it is, what is new comes last.
 * @param before the ids as they stand on the screen
 */
export function heldOrder(rows: readonly InboxRow[], before: readonly string[]): InboxRow[] {
  const places = new Map(before.map((id, at) => [id, at]))
  const placeOf = (row: InboxRow) => places.get(row.id) ?? before.length
  return [...rows].sort((a, b) => placeOf(a) - placeOf(b))
}

/** True while a row makes no noise. */
export function isMuted(row: Pick<InboxRow, 'mutedUntil'>, now: number): boolean {
  return row.mutedUntil > now
}

/**
 * NO-1: what the title counts: unread messages from one person, and mentions elsewhere, of what is not muted.
 * @returns the sum, exact below 100 for each row
 */
export function titleCount(rows: readonly InboxRow[], now: number): number {
  return rows.reduce((sum, row) => {
    if (isMuted(row, now) || row.level === 'none') return sum
    return sum + Math.max(0, row.kind === 'direct' && row.level === 'all' ? row.unread : row.mentions)
  }, 0)
}
