import type { FrameOf } from '../../protocol/index.ts'
import { Refusal } from '../../refusal.ts'
import type { Effect } from '../effects.ts'
import { change } from './change.ts'
import type { Turn } from './turn.ts'

/**
 * Takes a message back: its text is gone from the disk, and its place stays. Its author may, and owners and
 * admins. Refuses: `forbidden`.
 */
export function remove(turn: Turn, frame: FrameOf<'delete'>): Effect[] {
  const { store, member, now } = turn
  return change(turn, frame, ['delete', frame.target], (message) => {
    const isModerator = member.role === 'owner' || member.role === 'admin'
    if (message.authorId !== member.user_id && !isModerator) {
      throw new Refusal('forbidden', 'only its author, an owner or an admin deletes a message')
    }
    const inThread = store.eraseMessage(frame.target, now)
    return { kind: 'message.deleted', target: frame.target, ...inThread }
  })
}
