/**
 * The conversation list as it is shown: what the inbox brings (inbox.ts feeds it), never behind the
 * conversation that is open.
 */
import { computed, signal } from '@preact/signals'
import type { ConversationState } from '../../src/client/conversation.ts'
import type { InboxState } from '../../src/client/inbox.ts'
import { type InboxRow, previewOf, type Summary } from '../../src/protocol/index.ts'
import { inOrder } from './list-rows.ts'
import { isWatched } from './presence.ts'

/** How long what was read here stands against a row that has not heard of it yet. */
const READ_HERE_MS = 5_000

/** What the inbox knows; null while nobody is signed in. */
export const inboxState = signal<InboxState | null>(null)

/** The open conversation, live: what it knows is newer than any list. */
export const open = signal<{ id: string; state: ConversationState } | null>(null)

/** The open conversation was marked as unread: it stays so until it is left. */
export const isHeldUnread = signal(false)

/** Conversation id → how many messages are not sent yet. */
export const unsent = signal<ReadonlyMap<string, number>>(new Map())

/** Conversation id → up to where it was read when it was left, so that its badge does not flash back. */
const readHere = signal<ReadonlyMap<string, number>>(new Map())

/** All rows in the order of the list, hidden ones too; null until there is anything to show. */
export const conversations = computed<readonly InboxRow[] | null>(() => {
  const inbox = inboxState.value
  if (!inbox?.isLoaded) return null
  const live = open.value
  const rows = [...inbox.rows.values()].map((row) =>
    live?.id === row.id ? withLive(row, live.state) : withReadHere(row, readHere.value.get(row.id)),
  )
  return inOrder(rows)
})

export function conversationById(id: string): InboxRow | undefined {
  return inboxState.value?.rows.get(id)
}

/** A row for a conversation that an HTTP call told of, before the inbox does. */
export function rowOf(summary: Summary): InboxRow {
  return { ...summary, rev: 0, mutedUntil: 0, pinned: false, hidden: false, draft: null }
}

/** The open conversation is left: what was read in it is read, whatever the list still says for a moment. */
export function leaveOpen(id: string): void {
  const live = open.value
  if (live?.id !== id) return
  open.value = null
  const { readSeq } = live.state
  if (isHeldUnread.value) {
    isHeldUnread.value = false
    return
  }
  readHere.value = new Map(readHere.value).set(id, readSeq)
  setTimeout(() => {
    const next = new Map(readHere.value)
    if (next.get(id) === readSeq) next.delete(id)
    readHere.value = next
  }, READ_HERE_MS)
}

/** Marked as unread: what was read here a moment ago does not count any more. */
export function forgetReadHere(id: string): void {
  const next = new Map(readHere.value)
  next.delete(id)
  readHere.value = next
}

export function clearConversations(): void {
  inboxState.value = null
  open.value = null
  isHeldUnread.value = false
  unsent.value = new Map()
  readHere.value = new Map()
}

/** A row as the open conversation knows it: its last message and how much of it has been read. */
function withLive(row: InboxRow, state: ConversationState): InboxRow {
  // Looked at is read: a badge on what is on the screen would only flash.
  const isRead = isWatched.value && !isHeldUnread.value
  const read = isRead ? inThreadsOf(row) : {}
  if (!state.isLoaded) return { ...row, ...read }
  const last = state.main.at(-1)
  const isAhead = last !== undefined && last.seq > (row.lastMessage?.seq ?? 0)
  const lastMessage = isAhead && last.deletedAt === null ? previewOf(last) : row.lastMessage
  const updatedAt = isAhead ? Math.max(row.updatedAt, last.createdAt) : row.updatedAt
  const ahead = { ...row, lastMessage, updatedAt }
  return isHeldUnread.value ? ahead : { ...withReadHere(ahead, state.readSeq), ...read }
}

function withReadHere(row: InboxRow, readSeq = 0): InboxRow {
  const isAllRead = readSeq > row.readSeq && readSeq >= (row.lastMessage?.seq ?? 0)
  return isAllRead ? { ...row, readSeq, ...inThreadsOf(row) } : row
}

/** What is left where the conversation itself is read: replies in threads, which are read there. */
function inThreadsOf({ inThreads }: InboxRow): Pick<InboxRow, 'unread' | 'mentions'> {
  return inThreads ?? { unread: 0, mentions: 0 }
}
