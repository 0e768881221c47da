import type { Widened } from '../en.ts'
import { pluralOf } from '../plural.ts'

const plural = pluralOf('en')

/** The words about what is kept at hand: pins, and saved messages. */
export const en = {
  pins: 'Pinned messages',
  goToPin: 'Go to the pinned message',
  showPins: (count: number) =>
    plural(count, { one: 'Show the pinned message', other: 'Show all # pinned messages' }),
  unpin: (line: string) => (line ? `Unpin “${line}”` : 'Unpin this message'),
  noPins: 'Nothing is pinned here.',
  pinsFailed: 'What is pinned could not be loaded.',
  unknownPin: 'Go to the message to read it',

  savedLead: 'Only you see what you save.',
  noSaved: 'Save a message from its menu, and find it here.',
  savedFailed: 'Your saved messages could not be loaded.',
  unsave: (line: string) => (line ? `Remove “${line}”` : 'Remove this message'),
  notAvailable: 'This message is not available any more.',
  notAnswering: 'This message cannot be shown right now.',
  formerConversation: 'A conversation that you are not in',
  savedAt: (time: string) => `Saved ${time}`,
}

export type KeptWords = Widened<typeof en>
