import { type FrameOf, TYPING_MEMBERS_MAX } from '../../protocol/index.ts'
import type { Effect } from '../effects.ts'
import type { Turn } from './turn.ts'

/** A hint, told to the others and forgotten: no row, no timer; who hears it drops it after TYPING_EXPIRES_MS. */
export function typing(turn: Turn, frame: FrameOf<'typing'>): Effect[] {
  const userId = turn.member.user_id
  if (turn.store.memberCount() > TYPING_MEMBERS_MAX) return []
  if (frame.active) turn.typists.start(userId, turn.now)
  else if (!turn.typists.stop(userId)) return []
  return [{ do: 'tell', frame: { type: 'typing', userId, active: frame.active }, except: userId }]
}
