import { Refusal } from '../../refusal.ts'
import type { Effect } from '../effects.ts'
import { inboxKey } from '../outbox-keys.ts'
import type { Turn } from './turn.ts'

/**
 * Marks the conversation as unread from a message on, for this member alone: nobody else's ticks go back.
 * Refuses: `invalid` where there is no such message.
 */
export function markUnread(turn: Turn, { seq }: { seq: number }): Effect[] {
  const { store, member, now } = turn
  if (!store.hasMessage(seq)) {
    throw new Refusal('invalid', 'seq: is not a message here', { fields: { seq: 'is not a message here' } })
  }
  store.setUnreadFrom(member.user_id, seq)
  return store.outbox.put(inboxKey(member.user_id), now) ? [{ do: 'wake', at: now }] : []
}
