import type { OpenConversation } from '../../src/client/client.ts'
import type { Member, Message } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import css from './Reactions.module.css'
import { reactorNames } from './reactions.ts'

type Props = {
  conversation: OpenConversation
  seq: number
  reactions: Message['reactions']
  members: ReadonlyMap<string, Member>
  meId: string
}

/** Under a message: each kind once, in the order of its first use; a press adds one's own or takes it back. */
export function Reactions({ conversation, seq, reactions, members, meId }: Props) {
  return (
    <ul class={css.row} aria-label={t().reactions}>
      {reactions.map(({ emoji, userIds }) => {
        const isMine = userIds.includes(meId)
        const names = reactorNames(userIds, members, meId)
        return (
          <li key={emoji}>
            <button
              type="button"
              class={css.chip}
              aria-pressed={isMine}
              aria-label={`${emoji} ${userIds.length}, ${names}`}
              title={names}
              onClick={() => conversation.react(seq, emoji, !isMine)}
            >
              <span aria-hidden="true">{emoji}</span>
              <span key={userIds.length} class={css.count}>
                {userIds.length}
              </span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
