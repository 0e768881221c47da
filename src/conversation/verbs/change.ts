/** An operation on a message that is there: what `edit`, `delete`, `react` and `pin` have in common. */
import type { Message } from '../../protocol/index.ts'
import { Refusal } from '../../refusal.ts'
import type { Effect } from '../effects.ts'
import type { NewEvent } from '../store.ts'
import { ackOf, doneBefore, hashOf, refuseArchived, tellLists } from './operation.ts'
import type { Turn } from './turn.ts'

export type Change = { id: string; target: number }

/**
 * Carries a change out once, as an event with its own seq.
 * @param payload what a retry must repeat
 * @param work checks and changes the message, and says what happened
 * Refuses: `idempotency_mismatch`, `archived`, `not_found` (no such message), `conflict` (it was deleted).
 */
export function change(
  turn: Turn,
  { id, target }: Change,
  payload: readonly unknown[],
  work: (message: Message) => Omit<NewEvent, 'at' | 'by'>,
): Effect[] {
  const { store, member, now } = turn
  const payloadHash = hashOf(payload)
  const before = doneBefore(turn, id, payloadHash)
  if (before) return before
  refuseArchived(turn)
  const message = store.message(target)
  if (!message) throw new Refusal('not_found', 'no such message')
  if (message.deletedAt !== null) throw new Refusal('conflict', 'the message was deleted')
  const what = { ...work(message), at: now, by: member.user_id } as NewEvent
  const event = store.appendEvent(what, { clientId: id, payloadHash })
  return [{ do: 'ack', ack: ackOf(id, event.seq, now) }, { do: 'publish', event }, ...tellLists(turn)]
}
