import { type FrameOf, TYPING_MEMBERS_MAX } from '../../protocol/index.ts'
import type { Effect } from '../effects.ts'
import { HIDES } from '../rows.ts'
import type { Turn } from './turn.ts'

/** A hint, told to the others and forgotten: no row, no timer; who hears it drops it after TYPING_EXPIRES_MS. */
export function typing(turn: Turn, { active }: FrameOf<'typing'>): Effect[] {
  const { store, member, typists, now } = turn
  const userId = member.user_id
  if ((member.hides & HIDES.typing) !== 0 || store.isLargerThan(TYPING_MEMBERS_MAX)) return []
  if (active) typists.start(userId, now)
  else if (!typists.stop(userId)) return []
  const effects: Effect[] = [
    { do: 'tell', frame: { type: 'typing', userId, active }, about: 'typing', except: userId },
  ]
  if (store.conversation().kind !== 'direct') return effects
  const other = store.members().find((each) => each.user_id !== userId)
  if (other) effects.push({ do: 'whisper', to: other.user_id, from: userId, active })
  return effects
}
