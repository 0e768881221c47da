import { type FrameOf, REACTION_KINDS_MAX, withReaction } from '../../protocol/index.ts'
import { Refusal } from '../../refusal.ts'
import type { Effect } from '../effects.ts'
import { change } from './change.ts'
import type { Turn } from './turn.ts'

/** Puts one's reaction on a message, or takes it off; setting it twice is once. Refuses: `conflict` (20 kinds). */
export function react(turn: Turn, frame: FrameOf<'react'>): Effect[] {
  const { target, emoji, on } = frame
  return change(turn, frame, ['react', target, emoji, on], (message) => {
    const reactions = withReaction(message.reactions, { emoji, userId: turn.member.user_id, on })
    if (reactions.length > REACTION_KINDS_MAX) {
      throw new Refusal('conflict', `at most ${REACTION_KINDS_MAX} kinds of reaction on a message`)
    }
    turn.store.setReactions(target, reactions)
    return { kind: 'reaction.set', target, emoji, on }
  })
}
