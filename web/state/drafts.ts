/**
 * What was typed and not sent, per conversation: on this device at once, on the server soon after, and so on
 * every other device of the person (CO-6). Each edit carries its time; the later one wins.
 */
import { computed, signal } from '@preact/signals'
import * as v from 'valibot'
import type { Draft } from '../../src/protocol/index.ts'
import { inboxState } from './conversations.ts'
import { PRIVATE_PREFIX, readStored, writeStored } from './storage.ts'

const PREFIX = `${PRIVATE_PREFIX}draft.`

const THREAD = '/thread/'

const LocalDraft = v.object({
  /** Empty where it was sent or deleted here: it still wins over an older edit from elsewhere. */
  text: v.string(),
  /** ms since 1970, by this device's clock */
  editedAt: v.number(),
  /** The server has sent it back: where it is gone from there, it was sent or deleted on another device. */
  isShared: v.boolean(),
})
export type LocalDraft = v.InferOutput<typeof LocalDraft>

/** Conversation id → the last edit on this device. */
const local = signal<ReadonlyMap<string, LocalDraft>>(new Map())

/** Conversation id → text, of all drafts on all devices. */
export const drafts = computed<ReadonlyMap<string, string>>(() => {
  const texts = new Map<string, string>()
  const rows = inboxState.value?.rows
  for (const id of new Set([...local.value.keys(), ...(rows?.keys() ?? [])])) {
    const text = laterDraft(local.value.get(id), rows?.get(id)?.draft ?? null)
    if (text !== '') texts.set(id, text)
  }
  return texts
})

/** What is written in a thread is kept beside its conversation's draft, on this device alone. */
export function threadDraft(conversationId: string, root: number): string {
  return `${conversationId}${THREAD}${root}`
}

/** Which of two edits stands: this device's, or what the server has. */
export function laterDraft(
  mine: LocalDraft | undefined,
  theirs: Pick<Draft, 'text' | 'editedAt'> | null,
): string {
  if (!theirs) return mine && !mine.isShared ? mine.text : ''
  return mine && mine.editedAt >= theirs.editedAt ? mine.text : theirs.text
}

/**
 * Whether a draft from elsewhere may be put into the field: never into what is being typed.
 * @param loaded what was put there last
 */
export function mayReplace(field: { text: string; loaded: string; isComposing: boolean }): boolean {
  return !field.isComposing && (field.text.trim() === '' || field.text === field.loaded)
}

/** Keeps an edit on this device; white space alone is none. */
export function saveDraft(conversationId: string, typed: string): void {
  const text = typed.trim() === '' ? '' : typed
  if ((drafts.value.get(conversationId) ?? '') === text) return
  const theirs = inboxState.value?.rows.get(conversationId)?.draft
  // After what was seen here, even where another device's clock is ahead.
  const editedAt = Math.max(Date.now(), (theirs?.editedAt ?? 0) + 1)
  keep(conversationId, { text, editedAt, isShared: false })
}

/** The edits of this device that the server does not have: what is to be sent. */
export function unsharedDrafts(): [string, LocalDraft][] {
  return [...local.value].filter(([id, draft]) => !draft.isShared && !isOfThread(id))
}

/** Whether an edit still has to be told, and what it says. */
export function unsharedDraft(conversationId: string): LocalDraft | undefined {
  const draft = local.value.get(conversationId)
  return draft?.isShared || isOfThread(conversationId) ? undefined : draft
}

/** The server has answered for an edit: an empty one is done with. */
export function shared(conversationId: string, sent: LocalDraft): void {
  const known = local.value.get(conversationId)
  if (known?.editedAt === sent.editedAt && sent.text === '')
    keep(conversationId, { ...known, isShared: true })
}

/** Reads what is kept, follows other tabs, and notes what the server sends back. */
export function followDrafts(): () => void {
  for (const key of storedKeys()) put(key.slice(PREFIX.length), read(key))
  const changed = (event: StorageEvent) => {
    if (event.key?.startsWith(PREFIX)) put(event.key.slice(PREFIX.length), read(event.key))
  }
  addEventListener('storage', changed)
  const unsubscribe = inboxState.subscribe((inbox) => {
    for (const [id, mine] of local.peek()) {
      const theirs = inbox?.rows.get(id)?.draft
      if (theirs && !mine.isShared && theirs.editedAt >= mine.editedAt) keep(id, { ...mine, isShared: true })
    }
  })
  return () => {
    removeEventListener('storage', changed)
    unsubscribe()
  }
}

export function clearDrafts(): void {
  local.value = new Map()
}

function keep(conversationId: string, draft: LocalDraft): void {
  const isEmpty = draft.text === ''
  const isDone = isEmpty && (draft.isShared || isOfThread(conversationId))
  writeStored(PREFIX + conversationId, isDone ? null : draft)
  put(conversationId, draft)
}

function isOfThread(id: string): boolean {
  return id.includes(THREAD)
}

function put(conversationId: string, draft: LocalDraft | null): void {
  const next = new Map(local.peek())
  if (draft) next.set(conversationId, draft)
  else next.delete(conversationId)
  local.value = next
}

function read(key: string): LocalDraft | null {
  const kept = v.safeParse(LocalDraft, readStored(key))
  return kept.success ? kept.output : null
}

function storedKeys(): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))
  } catch {
    return []
  }
}
