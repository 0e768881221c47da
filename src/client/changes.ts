/** What an event does to the message that it is about. Applying one again, or an older one first, ends the same. */
import { type EventOf, type Message, withReaction } from '../protocol/index.ts'

export type Change = EventOf<'message.edited' | 'message.deleted' | 'reaction.set'>

/** @returns the same message where nothing changes */
export function applyChange(message: Message, event: Change): Message {
  // What was deleted stays so, whatever is told again of its earlier life.
  if (message.deletedAt !== null) return message
  switch (event.kind) {
    case 'message.edited': {
      const { text, editedAt, mentions = message.mentions } = event
      // A text that is gone: the deletion follows, and must not be preceded by an empty bubble.
      if (text === '') return message
      return { ...message, text, mentions, editedAt }
    }
    case 'message.deleted':
      return { ...message, text: '', mentions: [], attachments: [], reactions: [], deletedAt: event.at }
    case 'reaction.set': {
      const { emoji, on, by } = event
      const reactions = withReaction(message.reactions, { emoji, userId: by, on })
      return reactions === message.reactions ? message : { ...message, reactions }
    }
  }
}
