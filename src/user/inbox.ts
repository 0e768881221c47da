/** The list of a person's conversations: keyed state that conversations tell, at least once and maybe late. */
import * as v from 'valibot'
import {
  ConversationId,
  PUSH_MEMBERS_MAX,
  type PutDraftBody,
  type PutPreferencesBody,
  type InboxRow as Row,
  type Summary,
  Time,
} from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'
import { post } from './letters.ts'
import { hidesAnything } from './presence.ts'
import type { AccountRow, InboxRow } from './store.ts'
import type { Turn } from './turn.ts'

/** What is this person's own about a conversation, before they have said anything. */
const OWN = { level: 'all', mutedUntil: 0, pinned: 0, hiddenAtSeq: null, draft: null } as const

export type InboxPut = {
  conversationId: string
  /** Counts the conversation's changes: what comes late has a lower one. */
  version: number
  /** The head of its log then. */
  head: number
  /** null: the person is not a member any more. */
  summary: Summary | null
}

/**
 * Takes a row, unless it comes late. The same row again changes nothing.
 * @returns the row as this person's sockets are to see it; undefined where nothing changed
 */
export function putInboxRow(
  turn: Turn,
  { conversationId, version, head, summary }: InboxPut,
): Row | undefined {
  const { store, now } = turn
  const account = store.isOpen() ? store.account() : undefined
  if (!account) return undefined
  const known = store.inboxRow(conversationId)
  if (account.state !== 'active')
    return tellOfLeaving(turn, account, known, { conversationId, version, head })
  if (known && version < known.version) return undefined
  // It knows the profile of when it was made, and nothing of what is hidden: both are told to it now.
  const isNews = summary !== null && (!known || known.removed === 1)
  if (isNews && (account.rev > 1 || hidesAnything(store)))
    post(store, { kind: 'rename', conversationId }, now)
  const text = summary ? JSON.stringify(summary) : leftOf(known)
  const removed = summary ? 0 : 1
  if (known && known.version === version && known.summary === text && known.removed === removed)
    return undefined
  const hiddenAtSeq = known?.hiddenAtSeq ?? null
  // Also by a reply in a thread: what is said to me is not hidden with the conversation.
  const isNewer = (summary?.lastMessage?.seq ?? 0) > (hiddenAtSeq ?? 0)
  const waited = known?.summary ? (summaryOf(known).inThreads?.unread ?? 0) : 0
  const isBack = hiddenAtSeq !== null && (isNewer || (summary?.inThreads?.unread ?? 0) > waited)
  const saved = save(turn, {
    ...(known ?? OWN),
    ...(summary ? {} : { draft: null }),
    conversationId,
    version,
    head,
    rev: 0,
    updatedAt: summary?.updatedAt ?? known?.updatedAt ?? 0,
    isLarge: Number((summary?.memberCount ?? 0) > PUSH_MEMBERS_MAX),
    summary: text,
    removed,
    hiddenAtSeq: isBack ? null : hiddenAtSeq,
  })
  // News of a removal can be the first that is heard of a conversation: there is nothing to take off a list.
  return saved.summary === null ? undefined : toRow(saved)
}

/** Of a conversation that one is out of, its name is left: what was said there may be erased without a word to here. */
function leftOf(known: InboxRow | undefined): string | null {
  if (!known?.summary) return null
  const { inThreads: _, ...summary } = summaryOf(known)
  return JSON.stringify({ ...summary, lastMessage: null, unread: 0, mentions: 0 })
}

/** A conversation that still tells somebody who left is told of it once; the bare row remembers that it was. */
function tellOfLeaving(
  turn: Turn,
  account: AccountRow,
  known: InboxRow | undefined,
  { conversationId, version, head }: Omit<InboxPut, 'summary'>,
): undefined {
  if (known || account.state !== 'deleted') return
  post(turn.store, { kind: 'rename', conversationId }, turn.now)
  save(turn, {
    ...OWN,
    conversationId,
    version,
    head,
    rev: 0,
    updatedAt: 0,
    isLarge: 0,
    summary: null,
    removed: 1,
  })
}

/** Changes what is this person's own about a conversation. Refuses: `not_found` where they are no member. */
export function setPreferences(turn: Turn, conversationId: string, change: PutPreferencesBody): Row {
  const row = ownRow(turn, conversationId)
  const { level = row.level, mutedUntil, pinned, hidden } = change
  const lastSeq = summaryOf(row).lastMessage?.seq ?? 0
  const saved = save(turn, {
    ...row,
    level,
    mutedUntil: mutedUntil === undefined ? row.mutedUntil : (mutedUntil ?? 0),
    pinned: pinned === undefined ? row.pinned : Number(pinned),
    hiddenAtSeq: hidden === undefined ? row.hiddenAtSeq : hidden ? lastSeq : null,
  })
  return toRow(saved)
}

/**
 * Keeps a draft for all devices. The later edit wins, whichever arrives first.
 * @returns the row, and whether it changed. Refuses: `not_found` where they are no member.
 */
export function setDraft(
  turn: Turn,
  conversationId: string,
  body: PutDraftBody,
): { row: Row; isNew: boolean } {
  const row = ownRow(turn, conversationId)
  const known = draftOf(row)
  if (known && known.editedAt >= body.editedAt) return { row: toRow(row), isNew: false }
  const draft = { text: body.text, replyTo: body.replyTo ?? null, editedAt: body.editedAt }
  return { row: toRow(save(turn, { ...row, draft: JSON.stringify(draft) })), isNew: true }
}

/** What changed after a place, in order; `rev` is where one is then. */
export function inboxAfter({ store }: Turn, rev: number): { rev: number; rows: Row[] } {
  const rows = store.inboxAfter(rev).filter((row) => row.summary !== null)
  return { rev: store.inboxRev(), rows: rows.map(toRow) }
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
    conversations: page.map((row) => ({ ...summaryOf(row), level: row.level })),
    next: last ? `${last.updatedAt}.${last.conversationId}` : null,
  }
}

/** What is waiting to be read: conversation → its newest message. */
export function unreadConversations({ store }: Turn): Map<string, number> {
  const unread = new Map<string, number>()
  for (const row of store.inboxAfter(0)) {
    if (row.removed === 1 || row.summary === null) continue
    const summary = summaryOf(row)
    if (summary.unread > 0 && summary.lastMessage) unread.set(row.conversationId, summary.lastMessage.seq)
  }
  return unread
}

/** True where this person belongs to the conversation, as far as this object has heard. */
export function belongsTo({ store }: Turn, conversationId: string): boolean {
  const row = store.isOpen() ? store.inboxRow(conversationId) : undefined
  return row !== undefined && row.removed === 0
}

/** Each change of a row is the next `rev` of the list. */
function save({ store }: Turn, row: InboxRow): InboxRow {
  const saved = { ...row, rev: store.inboxRev() + 1 }
  store.putInboxRow(saved)
  return saved
}

function ownRow(turn: Turn, conversationId: string): InboxRow {
  const row = turn.store.inboxRow(conversationId)
  if (!row || row.removed === 1) throw new Refusal('not_found', 'no such conversation')
  return row
}

function toRow(row: InboxRow): Row {
  const draft = draftOf(row)
  return {
    ...summaryOf(row),
    level: row.level,
    rev: row.rev,
    mutedUntil: row.mutedUntil,
    pinned: row.pinned === 1,
    hidden: row.hiddenAtSeq !== null,
    // An empty draft is kept, to win over an older edit that comes late; it is shown to nobody.
    draft: draft?.text === '' ? null : draft,
    ...(row.removed === 1 ? { removed: true as const } : {}),
  }
}

function draftOf(row: InboxRow): Row['draft'] {
  return row.draft === null ? null : JSON.parse(row.draft)
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
