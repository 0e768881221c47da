import { type FrameOf, PINS_MAX } from '../../protocol/index.ts'
import { Refusal } from '../../refusal.ts'
import type { Effect } from '../effects.ts'
import { change } from './change.ts'
import type { Turn } from './turn.ts'

/** Keeps a message at hand for everyone. Members may, guests not. Refuses: `forbidden`, `conflict` (50 pins). */
export function pin(turn: Turn, frame: FrameOf<'pin'>): Effect[] {
  const { store, member, now } = turn
  const { target, on } = frame
  return change(turn, frame, ['pin', target, on], () => {
    if (member.role === 'guest') throw new Refusal('forbidden', 'guests do not pin')
    if (on && !store.isPinned(target) && store.pinCount() >= PINS_MAX) {
      throw new Refusal('conflict', `at most ${PINS_MAX} pins`)
    }
    if (on) store.pin(target, now)
    else store.unpin(target)
    return { kind: 'message.pinned', target, on }
  })
}
