/**
 * The conversation list as it is known here: kept on disk to paint first, corrected by whoever feeds it
 * (poll.ts for now), and never behind the conversation that is open.
 */
import { computed, signal } from '@preact/signals'
import * as v from 'valibot'
import type { ConversationState } from '../../src/client/conversation.ts'
import { excerpt, type Message, PREVIEW_MAX, Summary } from '../../src/protocol/index.ts'
import { PRIVATE_PREFIX, readStored, writeStored } from './storage.ts'

const KEY = `${PRIVATE_PREFIX}conversations`
/** Rows kept on disk: the first screens; the rest comes with the network. */
const CACHED_MAX = 100

const rows = signal<ReadonlyMap<string, Summary> | null>(null)

/** The open conversation, live: what it knows is newer than any list. */
export const open = signal<{ id: string; state: ConversationState } | null>(null)

/** Whether the last attempt to refresh the list failed. */
export const isListFailing = signal(false)

/** Where the next page of older conversations starts; null at the end, undefined before anyone knows. */
export const nextPage = signal<string | null | undefined>(undefined)

/** Conversation id → how many messages are not sent yet. */
export const unsent = signal<ReadonlyMap<string, number>>(new Map())

/** Newest activity first; null until there is anything to show. */
export const conversations = computed<readonly Summary[] | null>(() => {
  if (rows.value === null) return null
  const live = open.value
  const list = [...rows.value.values()].map((row) => (live?.id === row.id ? withLive(row, live.state) : row))
  return list.sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1))
})

export function conversationById(id: string): Summary | undefined {
  return rows.value?.get(id)
}

/** Adds or replaces rows. `isWhole`: these are all there are, so that others are gone. */
export function putConversations(list: readonly Summary[], isWhole = false): void {
  const next = new Map(isWhole ? [] : rows.value)
  for (const summary of list) {
    const before = rows.value?.get(summary.id)
    // An unchanged row keeps its identity, so that a poll redraws nothing.
    next.set(summary.id, before && JSON.stringify(before) === JSON.stringify(summary) ? before : summary)
  }
  rows.value = next
  writeStored(KEY, [...next.values()].sort((a, b) => b.updatedAt - a.updatedAt).slice(0, CACHED_MAX))
}

/** Shows what the last visit knew. */
export function loadConversations(): void {
  const kept = v.safeParse(v.array(Summary), readStored(KEY))
  rows.value = kept.success ? new Map(kept.output.map((row) => [row.id, row])) : null
}

export function clearConversations(): void {
  rows.value = null
  open.value = null
  nextPage.value = undefined
  unsent.value = new Map()
}

/** A row as the open conversation knows it: its last message and how much of it has been read. */
function withLive(row: Summary, state: ConversationState): Summary {
  if (!state.isLoaded) return row
  const last = state.messages.at(-1)
  const readSeq = Math.max(row.readSeq, state.readSeq)
  const isAhead = last !== undefined && last.seq > (row.lastMessage?.seq ?? 0)
  const lastMessage = isAhead && last.deletedAt === null ? previewOf(last) : row.lastMessage
  return {
    ...row,
    lastMessage,
    readSeq,
    unread: readSeq >= (lastMessage?.seq ?? 0) ? 0 : row.unread,
    updatedAt: isAhead ? Math.max(row.updatedAt, last.createdAt) : row.updatedAt,
  }
}

function previewOf(message: Message) {
  const { seq, authorId, text, createdAt } = message
  return { seq, authorId, preview: excerpt(text, PREVIEW_MAX), createdAt }
}
