/** What an event does to the message that it is about. Applying one again, or an older one first, ends the same. */
import { type EventOf, type Message, withReaction } from '../protocol/index.ts'
import type { PendingChange } from './outbox.ts'

export type Change = EventOf<'message.edited' | 'message.deleted' | 'reaction.set'>

/** @returns the same message where nothing changes */
export function applyChange(message: Message, event: Change): Message {
  // What was deleted stays so, whatever is told again of its earlier life.
  if (message.deletedAt !== null) return message
  // A body is told as it is now: applied again, its reactions would leave their order.
  if (message.changedSeq !== undefined && event.seq <= message.changedSeq) return message
  return { ...message, ...changeBy(event, message), changedSeq: event.seq }
}

function changeBy(event: Change, message: Message): Partial<Message> {
  switch (event.kind) {
    case 'message.edited': {
      const { text, editedAt, mentions = message.mentions } = event
      // A text that is gone: the deletion follows, and must not be preceded by an empty bubble. Where there
      // are files it may be that only the words under them were taken back.
      if (text === '' && message.attachments.length === 0) return { editedAt }
      return { text, mentions, editedAt }
    }
    case 'message.deleted':
      return { text: '', mentions: [], attachments: [], reactions: [], deletedAt: event.at }
    case 'reaction.set': {
      const { emoji, on, by } = event
      return { reactions: withReaction(message.reactions, { emoji, userId: by, on }) }
    }
  }
}

/** What a message looks like once this person's own changes, which wait to be sent, are done. */
export function withPending(
  messages: readonly Message[],
  pending: readonly PendingChange[],
): readonly Message[] {
  const bySeq = new Map<number, PendingChange[]>()
  for (const change of pending) bySeq.set(change.target, [...(bySeq.get(change.target) ?? []), change])
  if (bySeq.size === 0) return messages
  return messages.map((message) => (bySeq.get(message.seq) ?? []).reduce(foretell, message))
}

/** The event that an operation will become, as far as a screen needs it. */
function foretell(message: Message, operation: PendingChange): Message {
  const event = {
    // The next, whatever it will be.
    seq: (message.changedSeq ?? message.seq) + 1,
    at: operation.createdAt,
    by: operation.userId,
    target: message.seq,
  }
  switch (operation.type) {
    case 'edit':
      return applyChange(message, {
        ...event,
        kind: 'message.edited',
        text: operation.text,
        editedAt: event.at,
      })
    case 'delete':
      return applyChange(message, { ...event, kind: 'message.deleted' })
    case 'react':
      return applyChange(message, {
        ...event,
        kind: 'reaction.set',
        emoji: operation.emoji,
        on: operation.on,
      })
    case 'pin':
      return message
  }
}
