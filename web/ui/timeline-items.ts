/** What stands in the message list, in order: day rules, the unread divider, messages in their groups. */
import type { PendingMessage } from '../../src/client/outbox.ts'
import type { Message } from '../../src/protocol/index.ts'
import { startOfDay } from '../state/today.ts'

/** ML-10: within this, messages of one sender stand together under one name. */
export const GROUP_WITHIN_MS = 5 * 60_000

type Place = { isFirst: boolean; isLast: boolean }

export type TimelineItem =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'divider'; key: 'divider' }
  /** Between a root and its replies. */
  | { kind: 'replies'; key: 'replies'; count: number }
  | { kind: 'system'; key: string; message: Message }
  | ({ kind: 'message'; key: string; message: Message; isOwn: boolean } & Place)
  | ({ kind: 'pending'; key: string; pending: PendingMessage } & Place)

export type TimelineInput = {
  messages: readonly Message[]
  pending: readonly PendingMessage[]
  meId: string
  /** The first unread message stands under the divider; null for none. */
  dividerSeq: number | null
  /** In a thread: the message that it is under. */
  rootSeq?: number | undefined
}

/**
 * Order is the log's, never a clock's: `createdAt` only decides where a day starts and what stands together.
 * A message keeps its key (the client id) from pending to sent, so that its row is never remounted (SO-5).
 */
export function timelineItems({
  messages,
  pending,
  meId,
  dividerSeq,
  rootSeq,
}: TimelineInput): TimelineItem[] {
  const items: TimelineItem[] = []
  let day = Number.NEGATIVE_INFINITY
  let isDividerPlaced = dividerSeq === null
  const startDay = (at: number, key: string) => {
    if (startOfDay(at) === day) return
    day = startOfDay(at)
    items.push({ kind: 'day', key: `day-${key}`, at })
  }
  for (const message of messages) {
    startDay(message.createdAt, message.id)
    if (!isDividerPlaced && dividerSeq !== null && message.seq >= dividerSeq) {
      isDividerPlaced = true
      items.push({ kind: 'divider', key: 'divider' })
    }
    if (message.kind === 'system')
      items.push({ kind: 'system', key: keyOf(message.authorId, message.id), message })
    else
      join(
        items,
        {
          kind: 'message',
          key: keyOf(message.authorId, message.id),
          message,
          isOwn: message.authorId === meId,
          ...ALONE,
        },
        meId,
      )
    const count = message.replies?.count ?? 0
    if (message.seq === rootSeq && count > 0) items.push({ kind: 'replies', key: 'replies', count })
  }
  for (const waiting of unanswered(pending, messages, meId)) {
    startDay(waiting.createdAt, waiting.id)
    join(items, { kind: 'pending', key: keyOf(meId, waiting.id), pending: waiting, ...ALONE }, meId)
  }
  return items
}

/** After a reconnect a message may be in the log again before the answer to its repetition has come. */
function unanswered(pending: readonly PendingMessage[], messages: readonly Message[], meId: string) {
  if (pending.length === 0) return pending
  const known = new Set(messages.filter(({ authorId }) => authorId === meId).map(({ id }) => id))
  return pending.filter(({ id }) => !known.has(id))
}

const ALONE: Place = { isFirst: true, isLast: true }

/** Adds a message, to the group above it where there is one. */
function join(items: TimelineItem[], item: Extract<TimelineItem, Place>, meId: string): void {
  const above = items.at(-1)
  if (above && (above.kind === 'message' || above.kind === 'pending') && isOneGroup(above, item, meId)) {
    above.isLast = false
    item.isFirst = false
  }
  items.push(item)
}

function isOneGroup(a: Extract<TimelineItem, Place>, b: Extract<TimelineItem, Place>, meId: string): boolean {
  return authorOf(a, meId) === authorOf(b, meId) && timeOf(b) - timeOf(a) <= GROUP_WITHIN_MS
}

function authorOf(item: Extract<TimelineItem, Place>, meId: string): string {
  return item.kind === 'message' ? item.message.authorId : meId
}

function timeOf(item: Extract<TimelineItem, Place>): number {
  return item.kind === 'message' ? item.message.createdAt : item.pending.createdAt
}

/** A client id is unique per author only: with the author, nobody's id can collide with another's row. */
function keyOf(authorId: string, id: string): string {
  return `${authorId}/${id}`
}
