/**
 * What a device keeps of a conversation between two lives of the page: a contiguous run up to `lastSeq`, all of
 * it as of that place (G4), so that it can be shown before the network answers and gone on from after (G5).
 * Changes of messages that are not held are no part of it: a page that is asked for later is read from a log
 * that has them.
 */
import {
  type Member,
  type Message,
  TIMELINE_KEPT_MESSAGES,
  TIMELINES_KEPT_MESSAGES,
} from '../protocol/index.ts'

export type KeptTimeline = {
  epoch: string
  /** Everything up to here is applied. */
  lastSeq: number
  hasOlder: boolean
  members: readonly Member[]
  /** The newest ones, ascending by seq. */
  messages: readonly Message[]
  /** The seqs of what is pinned, the last pinned first. */
  pins: readonly number[]
  /** Up to where each member had read; user id → seq. */
  reads: Readonly<Record<string, number>>
  /** ms since 1970, by this device's clock: those not used for longest make room first. */
  usedAt: number
  /** What the program that wrote it knew of messages and events. */
  shape: number
}

/** What is kept of one conversation for a search on this device. */
export type HeldTimeline = Pick<KeptTimeline, 'members' | 'messages'> & { conversationId: string }

/**
 * Grows with what the protocol says of messages and events (a test watches that). A run that an older version
 * has written may lack what that version did not understand, and no event will ever tell it again: it is of no
 * use, and the server is asked for a window instead.
 */
export const SHAPE = 2

/** The newest part of a run: as much as is worth keeping. */
export function trimmed(kept: KeptTimeline): KeptTimeline {
  if (kept.messages.length <= TIMELINE_KEPT_MESSAGES) return kept
  return { ...kept, messages: kept.messages.slice(-TIMELINE_KEPT_MESSAGES), hasOlder: true }
}

/** Whether `next` would take back what another tab has written: of two histories neither is older. */
export function isOutdated(
  next: Pick<KeptTimeline, 'epoch' | 'lastSeq'>,
  known: Pick<KeptTimeline, 'epoch' | 'lastSeq'> | undefined,
): boolean {
  return known !== undefined && known.epoch === next.epoch && known.lastSeq > next.lastSeq
}

/**
 * Which of the kept timelines must go.
 * @param sizes how many messages each has, the most recently used first
 * @returns how many of them may stay: those from there on make room
 */
export function withinLimit(sizes: readonly number[]): number {
  let sum = 0
  const over = sizes.findIndex((size) => {
    sum += size
    return sum > TIMELINES_KEPT_MESSAGES
  })
  return over < 0 ? sizes.length : over
}
