/** Which messages this person has saved, on all their devices. */
import { computed } from '@preact/signals'
import type { SavedMarks } from '../../src/client/saved.ts'
import { inboxState } from './conversations.ts'

const NONE: SavedMarks = new Map()

/** The same map until something is saved or let go: whoever draws it is not drawn for every row of the list. */
export const saved = computed<SavedMarks>(() => inboxState.value?.saved ?? NONE)

export function isSaved(conversationId: string, seq: number): boolean {
  return saved.value.get(conversationId)?.has(seq) === true
}
