/** What a conversation answers over HTTP: reads that hold no socket. */
import {
  type Event,
  type EventsAnswer,
  type Message,
  type MessagesAnswer,
  REPLAY_BYTES_MAX,
  type User,
} from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'
import { HIDES, type MemberRow, toUser } from './rows.ts'
import type { Scope, Store } from './store.ts'
import { threadAt } from './verbs/thread.ts'

/** Where a page of messages lies. At most one of the three; none means the newest. */
export type PagePosition = {
  before?: number | undefined
  after?: number | undefined
  around?: number | undefined
}

/** A message, and who said it: also somebody who has left. */
export type Shown = { message: Message; author: User | null }

/** A page, ascending, and whether there is more on either side: looked at, never guessed from the length. */
export function messagesPage(
  store: Store,
  position: PagePosition,
  limit: number,
  scope: Scope = 'all',
): MessagesAnswer {
  if (position.after !== undefined) {
    const { kept, isCut } = firstOf(store.messagesAfter(position.after, limit + 1, scope), limit)
    return {
      messages: kept,
      hasOlder: store.messagesBefore(position.after + 1, 1, scope).length > 0,
      hasNewer: isCut,
    }
  }
  if (position.around !== undefined) {
    const before = Math.floor(limit / 2)
    const older = lastOf(store.messagesBefore(position.around, before + 1, scope), before)
    const newer = firstOf(store.messagesAfter(position.around - 1, limit - before + 1, scope), limit - before)
    return { messages: [...older.kept, ...newer.kept], hasOlder: older.isCut, hasNewer: newer.isCut }
  }
  const before = position.before ?? Number.MAX_SAFE_INTEGER
  const { kept, isCut } = lastOf(store.messagesBefore(before, limit + 1, scope), limit)
  const hasNewer =
    position.before !== undefined && store.messagesAfter(position.before - 1, 1, scope).length > 0
  return { messages: kept, hasOlder: isCut, hasNewer }
}

/** A page of a thread's replies, with its root and where this member is in it. Refuses: `not_found`. */
export function threadPage(
  store: Store,
  member: MemberRow,
  { thread, position, limit }: { thread: number; position: PagePosition; limit: number },
): MessagesAnswer {
  const root = threadAt(store, thread)
  const { follows, readSeq } = store.threads.mark(member, thread)
  return {
    ...messagesPage(store, position, limit, { thread }),
    thread: { root, follows: follows === true, readSeq },
  }
}

/** The log after a place, for programs without a socket. Cut by size too: the next call goes on from `to`. */
export function eventsPage(store: Store, after: number, limit: number): EventsAnswer {
  const { head } = store.conversation()
  if (after > head) throw new Refusal('conflict', 'after is ahead of this history')
  const events: Event[] = []
  let size = 0
  for (const event of store.eventsAfter(after)) {
    events.push(event)
    size += JSON.stringify(event).length
    if (events.length === limit || size > REPLAY_BYTES_MAX) break
  }
  return { epoch: store.epoch(), head, from: after + 1, to: events.at(-1)?.seq ?? after, events }
}

/** Single messages as they are now, in the order asked for: null for what is not there, or was deleted. */
export function messagesAt(store: Store, seqs: readonly number[]): (Shown | null)[] {
  return seqs.map((seq) => {
    const message = store.message(seq)
    if (!message || message.deletedAt !== null) return null
    const author = store.memberOrFormer(message.authorId)
    return { message, author: author ? toUser(author) : null }
  })
}

/** Others who have read up to a message. Hiding receipts is mutual: who hides theirs sees none. */
export function readersOf(store: Store, member: MemberRow, seq: number): string[] {
  if ((member.hides & HIDES.receipts) !== 0) return []
  return store
    .members()
    .filter(
      (each) =>
        each.user_id !== member.user_id && each.read_seq >= seq && (each.hides & HIDES.receipts) === 0,
    )
    .map((each) => each.user_id)
}

function firstOf<T>(items: T[], count: number): { kept: T[]; isCut: boolean } {
  return { kept: items.slice(0, count), isCut: items.length > count }
}

function lastOf<T>(items: T[], count: number): { kept: T[]; isCut: boolean } {
  // Not slice(-count): that is everything where count is 0.
  return { kept: items.slice(Math.max(0, items.length - count)), isCut: items.length > count }
}
