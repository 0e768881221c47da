/** What the composer is being used for besides a new message. */
import type { ConversationState } from '../../src/client/conversation.ts'
import { isBlank, type Message, type Role } from '../../src/protocol/index.ts'

export type ComposerTask = { kind: 'edit'; message: Message } | { kind: 'reply'; message: Message }

/**
 * CO-10: what ArrowUp in an empty composer edits. Nothing while something newer is on its way: whoever has just
 * said that means it, and not what they said before.
 */
export function lastEditable(
  { main, pending }: Pick<ConversationState, 'main' | 'pending'>,
  meId: string,
): Message | undefined {
  if (pending.length > 0) return undefined
  return main.findLast((message) => isEditable(message, meId))
}

/** Only its author changes a message, and only words. */
export function isEditable(message: Message, meId: string): boolean {
  return message.authorId === meId && message.kind !== 'system' && message.deletedAt === null
}

/** Its author takes it back; so may who looks after the conversation. */
export function isDeletable(message: Message, meId: string, role: Role | null): boolean {
  if (message.kind === 'system' || message.deletedAt !== null) return false
  return message.authorId === meId || role === 'owner' || role === 'admin'
}

/** What saving an edit comes to: nothing, a change, or the question whether the message is to go. */
export function outcomeOf(
  before: Pick<Message, 'text' | 'attachments'>,
  after: string,
): 'unchanged' | 'changed' | 'emptied' {
  // A picture needs no words under it.
  if (isBlank(after) && before.attachments.length === 0) return 'emptied'
  return after.trim() === before.text.trim() ? 'unchanged' : 'changed'
}
