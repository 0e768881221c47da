import type { FrameOf } from '../../protocol/index.ts'
import { Refusal } from '../../refusal.ts'
import type { Effect } from '../effects.ts'
import { mentionsIn } from '../mentions.ts'
import { change } from './change.ts'
import { invalid, readText } from './operation.ts'
import { renameInThread } from './thread.ts'
import type { Turn } from './turn.ts'

/** Says it differently; only its author may. Whom it names is decided anew. Refuses: `forbidden`, `invalid`. */
export function edit(turn: Turn, frame: FrameOf<'edit'>): Effect[] {
  const { store, member, now } = turn
  const text = readText(frame.text, turn.config.textMax, true)
  const following: Effect[] = []
  const effects = change(turn, frame, ['edit', frame.target, text], (message) => {
    if (message.authorId !== member.user_id) throw new Refusal('forbidden', 'only its author edits a message')
    // A file says it all; without one, nothing would be left.
    if (text === '' && message.attachments.length === 0) throw invalid('text', 'must not be empty')
    const mentions = mentionsIn(text, member, (usernames) => store.membersNamed(usernames))
    store.editMessage(frame.target, text, mentions, now)
    following.push(...renameInThread(turn, message, mentions))
    return { kind: 'message.edited', target: frame.target, text, mentions, editedAt: now }
  })
  return [...effects, ...following]
}
