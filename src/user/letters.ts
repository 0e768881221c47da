/** What a person's object must still tell others: rows of its outbox, written with the change they tell of. */
import * as v from 'valibot'
import type { OutboxRow, Store } from './store.ts'

const Letter = v.variant('kind', [
  /** To the directory: is the name ours? Left over only when sign-up was cut off. */
  v.object({ kind: v.literal('claim') }),
  /** To the directory: the profile as it is when told. */
  v.object({ kind: v.literal('profile') }),
  /** To the directory: nobody has this account any more. */
  v.object({ kind: v.literal('forget') }),
  /** To a conversation: the member's name as it is when told. */
  v.object({ kind: v.literal('rename'), conversationId: v.string() }),
  /** To a conversation: close the sockets of this session. */
  v.object({ kind: v.literal('end'), conversationId: v.string(), sessionId: v.string() }),
])
export type Letter = v.InferOutput<typeof Letter>

/** The same letter again replaces the one that waits: the newest state is told, once. */
export function keyOf(letter: Letter): string {
  switch (letter.kind) {
    case 'rename':
      return `rename:${letter.conversationId}`
    case 'end':
      return `end:${letter.sessionId}:${letter.conversationId}`
    default:
      return letter.kind
  }
}

export function post(store: Store, letter: Letter, at: number): void {
  store.putOutbox(keyOf(letter), JSON.stringify(letter), at)
}

export function readLetter(row: OutboxRow): Letter {
  return v.parse(Letter, JSON.parse(row.payload))
}
