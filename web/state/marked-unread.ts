import type { InboxRow } from '../../src/protocol/index.ts'

/**
 * Marked as unread by hand, on whatever device: its badge is a dot, because a number would be a lie about
 * what is new (CL-5). Until something new is said, or it is read anywhere.
 */
export function isMarkedByHand(row: InboxRow): boolean {
  return row.markedUnread === true
}
