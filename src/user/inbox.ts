/** The list of a person's conversations: keyed state that conversations tell, at least once and maybe late. */
import * as v from 'valibot'
import { ConversationId, type Summary, Time } from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'
import { post } from './letters.ts'
import type { InboxRow } from './store.ts'
import type { Turn } from './turn.ts'

export type InboxPut = {
  conversationId: string
  /** Counts the conversation's changes: what comes late has a lower one. */
  version: number
  /** null: the person is not a member any more. */
  summary: Summary | null
}

/** Takes a row, unless it comes late. The same row again changes nothing. */
export function putInboxRow(turn: Turn, { conversationId, version, summary }: InboxPut): void {
  const { store, now } = turn
  const account = store.isOpen() ? store.account() : undefined
  if (!account) return
  const known = store.inboxRow(conversationId)
  // It knows the profile of when it was made: one that has changed since is told to it now.
  if (!known && account.rev > 1) post(store, { kind: 'rename', conversationId }, now)
  if (account.state !== 'active' || (known && version < known.version)) return
  const text = summary ? JSON.stringify(summary) : null
  if (known && known.version === version && known.summary === text) return
  store.putInboxRow({
    conversationId,
    version,
    rev: store.inboxRev() + 1,
    updatedAt: summary?.updatedAt ?? known?.updatedAt ?? 0,
    summary: text,
  })
}

/**
 * A page of the list, newest activity first.
 * @param cursor the `next` of the page before
 * @throws Refusal `invalid` for a cursor that was not ours
 */
export function listConversations(
  { store }: Turn,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): { conversations: Summary[]; next: string | null } {
  const rows = store.inboxPage(cursor === undefined ? TOP : readCursor(cursor), limit + 1)
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    conversations: page.map(summaryOf),
    next: last ? `${last.updatedAt}.${last.conversationId}` : null,
  }
}

const TOP = { updatedAt: Number.MAX_SAFE_INTEGER, conversationId: '' }
const Cursor = v.object({
  updatedAt: v.pipe(v.string(), v.digits(), v.transform(Number), Time),
  conversationId: ConversationId,
})

function readCursor(cursor: string) {
  const [updatedAt, conversationId] = cursor.split('.')
  const parsed = v.safeParse(Cursor, { updatedAt, conversationId })
  if (parsed.success) return parsed.output
  throw new Refusal('invalid', 'not a cursor', { fields: { cursor: 'is not one that a page named' } })
}

/** Written by {@link putInboxRow} from a Summary, and by nothing else. */
function summaryOf(row: InboxRow): Summary {
  return JSON.parse(row.summary ?? 'null')
}
