/** Messages that a person has saved for themselves: keyed state of their own object, like the inbox. */
import * as v from 'valibot'
import { ConversationId, Position, Seq } from './ids.ts'
import type { Message, User } from './model.ts'

export const SavedChange = v.object({ conversationId: ConversationId, seq: Seq, on: v.boolean() })
export type SavedChange = v.InferOutput<typeof SavedChange>

/**
 * On the inbox socket: what is saved is at `rev`, by these changes. Each is one `rev`; where they do not lead
 * there from what a client knows, it asks for the marks anew. Without changes: only where one is.
 */
export const InboxSavedFrame = v.object({
  type: v.literal('saved'),
  rev: Position,
  changes: v.array(SavedChange),
})
export type InboxSavedFrame = v.InferOutput<typeof InboxSavedFrame>

/** Which messages, without a word of them: conversation id → seqs. */
export type SavedMarksAnswer = { rev: number; marks: Record<string, number[]> }

export type SavedMessage = {
  conversationId: string
  seq: number
  savedAt: number
  /** As it is now; null where it was deleted, or where one is no member any more. */
  message: Message | null
  author: User | null
  /** The conversation did not answer just now: `message` says nothing. */
  unanswered?: true
}
/** Last saved first. `next`: the `before` of the page after it. */
export type SavedAnswer = { saved: SavedMessage[]; next: number | null }
