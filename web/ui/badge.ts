/** What the badge of a row says (CL-5). Pure: the component only draws it. */
import type { InboxRow } from '../../src/protocol/index.ts'
import { isMuted } from '../state/list-rows.ts'

const COUNT_MAX = 99

export type BadgeView = {
  /** Names how many: "@2", solid also where the rest is muted. Null for none. */
  mentions: string | null
  /** "3", "99+"; null for none. */
  count: string | null
  /** Marked as unread by hand: a dot, no number. */
  isDot: boolean
  /** Muted, or not to notify: hollow. */
  isHollow: boolean
}

export function badgeOf(row: InboxRow, { now, isMarked }: { now: number; isMarked: boolean }): BadgeView {
  const unread = Math.max(0, row.unread)
  const mentions = Math.max(0, row.mentions)
  const isHollow = isMuted(row, now) || row.level === 'none'
  if (isMarked) return { mentions: null, count: null, isDot: true, isHollow }
  return {
    mentions: mentions > 0 ? `@${capped(mentions)}` : null,
    // A number that only repeats the mentions says nothing.
    count: unread > mentions ? capped(unread) : null,
    isDot: false,
    isHollow,
  }
}

function capped(count: number): string {
  return count > COUNT_MAX ? `${COUNT_MAX}+` : String(count)
}
