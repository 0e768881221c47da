/** What was typed and not sent, per conversation: kept on this device, shared by its tabs (CO-6). */
import { signal } from '@preact/signals'
import { PRIVATE_PREFIX, readStored, writeStored } from './storage.ts'

const PREFIX = `${PRIVATE_PREFIX}draft.`

/** Conversation id → text. */
export const drafts = signal<ReadonlyMap<string, string>>(new Map())

/** Keeps a draft; an empty one is forgotten. */
export function saveDraft(conversationId: string, text: string): void {
  const isEmpty = text.trim() === ''
  if ((drafts.value.get(conversationId) ?? '') === (isEmpty ? '' : text)) return
  writeStored(PREFIX + conversationId, isEmpty ? null : text)
  put(conversationId, isEmpty ? null : text)
}

/** Reads what is kept, and follows other tabs. */
export function followDrafts(): void {
  for (const key of storedKeys()) put(key.slice(PREFIX.length), readStored(key))
  addEventListener('storage', (event) => {
    if (event.key?.startsWith(PREFIX)) put(event.key.slice(PREFIX.length), readStored(event.key))
  })
}

export function clearDrafts(): void {
  drafts.value = new Map()
}

function put(conversationId: string, text: unknown): void {
  const next = new Map(drafts.value)
  if (typeof text === 'string') next.set(conversationId, text)
  else next.delete(conversationId)
  drafts.value = next
}

function storedKeys(): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))
  } catch {
    return []
  }
}
