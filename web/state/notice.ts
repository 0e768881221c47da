/** Whether news is worth a notification or a sound: one decision, from everything that has a say (NO-3). */
import type { InboxRow, PresenceStatus } from '../../src/protocol/index.ts'
import { isMuted } from './list-rows.ts'

/** At most one sound in this time (NO-4). */
const SOUND_EVERY_MS = 3_000

export type NoticeClues = {
  row: InboxRow
  /** The row as it was when it was looked at last; undefined for a conversation that is new. */
  before: Pick<InboxRow, 'lastMessage' | 'mentions' | 'inThreads'> | undefined
  meId: string
  now: number
  status: PresenceStatus
  /** Visible and focused, in whichever tab. */
  isWatched: boolean
  /** What this device was told to do. */
  device: { notifies: boolean; sounds: boolean; isPermitted: boolean }
  /** When the last sound was, ms since 1970. */
  soundedAt: number
}

export type Notice = { isShown: boolean; isHeard: boolean }

export const NO_NOTICE: Notice = { isShown: false, isHeard: false }

export function noticeFor(clues: NoticeClues): Notice {
  const { row, before, now, device } = clues
  if (!isNewsOf(clues) || row.unread === 0 || clues.isWatched) return NO_NOTICE
  if (clues.status === 'busy' || isMuted(row, now) || !device.notifies) return NO_NOTICE
  const isMention = row.mentions > (before?.mentions ?? 0)
  if (row.level === 'none' || (row.level === 'mentions' && !isMention)) return NO_NOTICE
  return {
    isShown: device.isPermitted,
    isHeard: device.sounds && now - clues.soundedAt >= SOUND_EVERY_MS,
  }
}

/** Whether somebody else has said something since, in the conversation or to me in a thread. */
export function isNewsOf({ row, before, meId }: Pick<NoticeClues, 'row' | 'before' | 'meId'>): boolean {
  return isReplyNews({ row, before }) || isMessageNews({ row, before, meId })
}

/** Whether somebody has replied to me in a thread: what the row quotes is then not what is new. */
export function isReplyNews({ row, before }: Pick<NoticeClues, 'row' | 'before'>): boolean {
  return (row.inThreads?.unread ?? 0) > (before?.inThreads?.unread ?? 0)
}

function isMessageNews({ row, before, meId }: Pick<NoticeClues, 'row' | 'before' | 'meId'>): boolean {
  const last = row.lastMessage
  return last !== null && last.authorId !== meId && last.seq > (before?.lastMessage?.seq ?? 0)
}
