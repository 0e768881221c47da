/** Threads, as members have them: who follows one, and up to where it was read (SPEC TH). */
import type { Message } from '../../protocol/index.ts'
import { Refusal } from '../../refusal.ts'
import type { Effect } from '../effects.ts'
import { inboxKey } from '../outbox-keys.ts'
import type { MemberRow } from '../rows.ts'
import type { Store } from '../store.ts'
import type { ThreadMark } from '../threads.ts'
import { invalid } from './operation.ts'
import type { Turn } from './turn.ts'

/** The message that a reply is to stand under. Refuses: `invalid` where there is none, or it is a reply itself. */
export function rootAt(store: Store, seq: number): Message {
  const root = store.message(seq)
  if (!root || root.thread !== null) throw invalid('thread', 'is not a message of the conversation itself')
  return root
}

/** The root of a thread that is asked for. Refuses: `not_found`. */
export function threadAt(store: Store, seq: number): Message {
  const root = store.message(seq)
  if (!root || root.thread !== null) throw new Refusal('not_found', 'no such thread')
  return root
}

/**
 * Whom a reply concerns follows from it on: who wrote it, whom it names or quotes, and, unless they have
 * stopped to, who wrote the root; of a direct conversation, both.
 */
export function followReply(turn: Turn, root: Message, reply: Message): Effect[] {
  const { store, member } = turn
  const isDirect = store.conversation().kind === 'direct'
  const asked = isDirect ? store.members().map((each) => each.user_id) : [root.authorId]
  return [
    ...follow(turn, root.seq, [member.user_id], { readSeq: reply.seq, isAgain: true }),
    ...followNamed(turn, root.seq, reply),
    ...follow(turn, root.seq, asked, { readSeq: reply.seq - 1, isAgain: false }),
  ]
}

/** Whom a reply names or quotes follows from it on, also who had stopped to. */
function followNamed(turn: Turn, thread: number, reply: Message): Effect[] {
  const { store } = turn
  const quoted = reply.replyTo === null ? undefined : store.message(reply.replyTo)?.authorId
  const named = quoted ? [...reply.mentions, quoted] : reply.mentions
  const others = named.filter((userId) => userId !== reply.authorId)
  return follow(turn, thread, others, { readSeq: reply.seq - 1, isAgain: true })
}

/**
 * A reply names others by an edit. Only whom it names now and did not before: who has stopped to follow is not
 * brought back by a typo. Whom it had named by an edit, and names no more, it was nothing to.
 */
export function renameInThread(turn: Turn, before: Message, mentions: Message['mentions']): Effect[] {
  const { thread, seq, authorId } = before
  if (thread === null) return []
  const added = mentions.filter((each) => each !== authorId && !before.mentions.includes(each))
  const removed = before.mentions.filter((each) => !mentions.includes(each))
  return [
    ...follow(turn, thread, added, { readSeq: seq - 1, isAgain: true, namedIn: seq }),
    ...takeBack(turn, thread, removed, seq),
  ]
}

/** Up to where this member has read a thread: a maximum, and its own: the conversation's is another. */
export function readThread(turn: Turn, { thread, seq }: { thread: number; seq: number }): Effect[] {
  const { store, member } = turn
  const { replies } = threadAt(store, thread)
  const mark = store.threads.mark(member, thread)
  const readSeq = Math.min(seq, store.conversation().head)
  if (!replies || readSeq <= mark.readSeq) return []
  return put(turn, thread, { ...mark, readSeq })
}

/** Follows a thread from now on, or not any more. Refuses: `not_found`. */
export function followThread(turn: Turn, { thread, on }: { thread: number; on: boolean }): Effect[] {
  const { store, member } = turn
  threadAt(store, thread)
  const mark = store.threads.mark(member, thread)
  if ((mark.follows ?? false) === on) return []
  // What was said before one followed is no news.
  const readSeq = on ? Math.max(mark.readSeq, store.conversation().head) : mark.readSeq
  return put(turn, thread, { follows: on, readSeq })
}

/**
 * Everything in every thread is read.
 * @returns undefined where it was already; nothing to tell where it was about threads that are not followed
 */
export function readThreads({ store, member }: Turn): Effect[] | undefined {
  const { head } = store.conversation()
  const isNews = store.threads.unread(member, store.conversation()).unread > 0
  if (!isNews) return undefined
  const followed = store.threads.followed(member).filter(({ readSeq }) => readSeq < head)
  store.clearThreads(member.user_id, head)
  return followed.map(({ seq }) => tellMark(member.user_id, seq, { follows: true, readSeq: head }))
}

/** The place up to which nothing waits for a member in threads; 0 where something does, or nothing ever did. */
export function quietUpTo({ store, member }: Turn): number {
  const conversation = store.conversation()
  const isQuiet = conversation.last_reply > 0 && store.threads.unread(member, conversation).unread === 0
  return isQuiet ? conversation.head : 0
}

type Reason = {
  readSeq: number
  /** Whether it also brings back who has stopped to follow. */
  isAgain: boolean
  /** The reply that an edit names them in. */
  namedIn?: number
}

function follow(
  { store }: Turn,
  thread: number,
  userIds: readonly string[],
  { readSeq, isAgain, namedIn }: Reason,
): Effect[] {
  return [...new Set(userIds)].flatMap((userId) => {
    // Not `all` and `here`, nor who has left.
    const member = store.member(userId)
    if (!member) return []
    const mark = store.threads.ownMark(member, thread)
    // One more reason to follow: the first may be taken back now without ending it.
    if (mark.follows === true && mark.namedIn !== null) store.threads.setMark(userId, thread, mark)
    if (mark.follows === true || (mark.follows === false && !isAgain)) return []
    const next = { follows: true, readSeq: Math.max(mark.readSeq, readSeq) }
    store.threads.setMark(userId, thread, next, namedIn)
    // An edit names whom an old reply was nothing to: that nothing waited there is not true any more.
    store.reopenThreads(userId, next.readSeq)
    return [tellMark(userId, thread, next)]
  })
}

/** Who follows for that name alone, and has not read it, does not any more. */
function takeBack({ store }: Turn, thread: number, userIds: readonly string[], namedIn: number): Effect[] {
  return userIds.flatMap((userId) => {
    const member = store.member(userId)
    const mark = member && store.threads.ownMark(member, thread)
    if (mark?.namedIn !== namedIn) return []
    const next = { follows: false, readSeq: mark.readSeq }
    store.threads.setMark(userId, thread, next)
    return [tellMark(userId, thread, next)]
  })
}

function put(turn: Turn, thread: number, mark: ThreadMark): Effect[] {
  const { store, member, now } = turn
  const userId = member.user_id
  store.threads.setMark(userId, thread, mark)
  store.setThreadsRead(userId, quietUpTo(turn))
  const isWaiting = store.outbox.put(inboxKey(userId), now)
  return [tellMark(userId, thread, mark), ...(isWaiting ? [{ do: 'wake', at: now } as const] : [])]
}

function tellMark(userId: MemberRow['user_id'], seq: number, { follows, readSeq }: ThreadMark): Effect {
  return { do: 'tellOwn', userId, frame: { type: 'thread', seq, follows: follows === true, readSeq } }
}
