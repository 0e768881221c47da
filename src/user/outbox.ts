/**
 * Tells others what they must know: the directory and conversations. Each letter is repeated until it is
 * taken, and harmless when it arrives twice or late. The only file here that knows the directory.
 */
import { atOnce } from '../at-once.ts'
import { claimUsername, conversationRevs, forgetUser, saveProfile } from '../directory/directory.ts'
import type { Env } from '../env.ts'
import { logError, logInfo } from '../log.ts'
import { INBOX_BUSY_MAX, INBOX_EVERY_MS, INBOX_SLOW_MS, OUTBOX_BATCH } from '../protocol/index.ts'
import { accept, Refusal } from '../refusal.ts'
import { retryAt } from '../retry.ts'
import { activate, userOf } from './account.ts'
import type { InboxPut } from './inbox.ts'
import { type Letter, readLetter } from './letters.ts'
import { privacyOf } from './presence.ts'
import type { AccountRow, OutboxRow } from './store.ts'
import type { Turn } from './turn.ts'

export type Post = Pick<Env, 'DB' | 'CONVERSATIONS'>
/** What is left to do with the object when all is told. */
export type Outcome = 'keep' | 'wipe'

export function claim(post: Post, account: AccountRow): Promise<boolean> {
  const { createdAt, rev } = account
  return claimUsername(post.DB, { ...userOf(account), createdAt, rev })
}

/**
 * Tells the directory name and profile anew, where it may have lost them.
 * @returns false where somebody else has taken the name since
 * @throws Refusal `unavailable` where it does not answer
 */
export async function reclaim(post: Post, account: AccountRow): Promise<boolean> {
  if (!(await claim(post, account))) return false
  // A name that was there still may have lost what it is found by.
  await saveProfile(post.DB, { ...userOf(account), rev: account.rev })
  return true
}

/** Tells what is due, one batch. Never throws: what fails is due again later. */
export async function tellDue(turn: Turn, post: Post): Promise<Outcome> {
  const due = turn.store.dueOutbox(turn.now, OUTBOX_BATCH)
  let outcome: Outcome = 'keep'
  await atOnce(due, async (row) => {
    if ((await tellRow(turn, post, row)) === 'wipe') outcome = 'wipe'
  })
  return outcome
}

/**
 * Looks after the conversations that are too large to call each member: D1 says which have moved on, and each
 * of those says how. A D1 that does not answer leaves the list as it is.
 */
export async function pullLarge(turn: Turn, post: Post): Promise<InboxPut[]> {
  const known = new Map(turn.store.largeInboxRows().map(({ id, head }) => [id, head]))
  const userId = turn.store.account()?.userId
  if (known.size === 0 || userId === undefined) return []
  try {
    const revs = await conversationRevs(post.DB, [...known.keys()])
    // D1 counts the making of a conversation as its first change: its rev is the head and one.
    const moved = [...known].filter(([id, head]) => (revs.get(id) ?? 0) > head + 1)
    const puts = await Promise.all(moved.map(([id]) => pullRow(post, id, userId)))
    return puts.flat()
  } catch (error) {
    logError('user.pull', error)
    return []
  }
}

/**
 * Brings busy conversations up to date for who comes to look: they tell whoever is away only now and then.
 * Costs a call for each in which something was said within that time, and nothing where all is quiet.
 */
export async function pullBusy(turn: Turn, post: Post): Promise<InboxPut[]> {
  const userId = turn.store.account()?.userId
  if (userId === undefined) return []
  const busy = turn.store.inboxSince(turn.now - INBOX_SLOW_MS - INBOX_EVERY_MS, INBOX_BUSY_MAX)
  const puts = await Promise.all(busy.map((id) => pullRow(post, id, userId)))
  return puts.flat()
}

/** One conversation that does not answer must not hide what the others have to say. */
async function pullRow(post: Post, conversationId: string, userId: string): Promise<InboxPut[]> {
  try {
    return [{ conversationId, ...accept(await conversation(post, conversationId).inboxRow(userId)) }]
  } catch (error) {
    logError('user.pull', error, { conversationId })
    return []
  }
}

async function tellRow(turn: Turn, post: Post, row: OutboxRow): Promise<Outcome> {
  const { store } = turn
  try {
    const outcome = await tell(turn, post, readLetter(row))
    store.deleteOutbox(row.key, row.rev)
    return outcome
  } catch (error) {
    const now = Date.now()
    const dueAt = retryAt(row.attempts, now)
    const delayMs = dueAt - now
    store.delayOutbox(row.key, row.rev, dueAt)
    reportFailure(error, row, delayMs)
    return 'keep'
  }
}

async function tell(turn: Turn, post: Post, letter: Letter): Promise<Outcome> {
  const account = turn.store.account()
  if (!account) return 'keep'
  switch (letter.kind) {
    case 'claim':
      if (account.state !== 'claiming') return 'keep'
      if (!(await claim(post, account))) return 'wipe'
      activate(turn, account)
      return 'keep'
    case 'profile':
      await saveProfile(post.DB, { ...userOf(account), rev: account.rev })
      return 'keep'
    case 'forget':
      await forgetUser(post.DB, account.userId)
      return account.state === 'abandoned' ? 'wipe' : 'keep'
    case 'rename':
      await tellConversation(() =>
        conversation(post, letter.conversationId).profileChanged(userOf(account), privacyOf(turn.store)),
      )
      return 'keep'
    case 'end':
      await tellConversation(() => conversation(post, letter.conversationId).endSession(letter.sessionId))
      return 'keep'
  }
}

function conversation({ CONVERSATIONS }: Post, id: string) {
  return CONVERSATIONS.get(CONVERSATIONS.idFromString(id))
}

/** A conversation that is gone, or where the person is no member any more, needs no telling. */
async function tellConversation(call: () => Promise<Parameters<typeof accept<null>>[0]>): Promise<void> {
  try {
    accept(await call())
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not_found') return
    throw error
  }
}

function reportFailure(error: unknown, row: OutboxRow, delayMs: number): void {
  const facts = { key: row.key, attempts: row.attempts + 1, delayMs }
  if (error instanceof Refusal) logInfo('outbox.refused', { ...facts, code: error.code })
  else logError('outbox', error, facts)
}
