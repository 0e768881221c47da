/**
 * What a person has saved, for themselves only. Only places are kept here: what a message says, and whether one
 * may still read it, is the conversation's to decide each time.
 */
import { type InboxSavedFrame, SAVED_MAX, type SavedMarksAnswer } from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'
import type { SavedRow } from './saved-rows.ts'
import type { Turn } from './turn.ts'

export type SavedPlace = { conversationId: string; seq: number }

/**
 * Saves a message that its conversation has shown to this person.
 * @returns what own sockets are to hear; undefined where it was saved already. Refuses: `conflict` past SAVED_MAX.
 */
export function save({ store, now }: Turn, { conversationId, seq }: SavedPlace): InboxSavedFrame | undefined {
  return store.transaction(() => {
    if (store.saved.has(conversationId, seq)) return undefined
    if (store.saved.count() >= SAVED_MAX) throw new Refusal('conflict', `at most ${SAVED_MAX} saved messages`)
    store.saved.add(conversationId, seq, now)
    const change = { conversationId, seq, on: true }
    return { type: 'saved', rev: store.saved.countChange(), changes: [change] }
  })
}

/** @returns what own sockets are to hear; undefined where it was not saved */
export function unsave({ store }: Turn, { conversationId, seq }: SavedPlace): InboxSavedFrame | undefined {
  return store.transaction(() => {
    if (!store.saved.has(conversationId, seq)) return undefined
    store.saved.remove(conversationId, seq)
    const change = { conversationId, seq, on: false }
    return { type: 'saved', rev: store.saved.countChange(), changes: [change] }
  })
}

/** Last saved first. `next` goes on from there; null at the end. */
export function savedPage(
  { store }: Turn,
  { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number },
): { rows: SavedRow[]; next: number | null } {
  const found = store.saved.page(before, limit + 1)
  const rows = found.slice(0, limit)
  return { rows, next: found.length > limit ? (rows.at(-1)?.savedAt ?? null) : null }
}

export function savedMarks({ store }: Turn): SavedMarksAnswer {
  const marks: Record<string, number[]> = {}
  for (const { conversationId, seq } of store.saved.all()) {
    marks[conversationId] ??= []
    marks[conversationId].push(seq)
  }
  return { rev: store.saved.rev(), marks }
}
