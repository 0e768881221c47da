import type { OpenConversation } from '../../src/client/client.ts'
import type { ConversationState } from '../../src/client/conversation.ts'
import type { Summary, User } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { Avatar, GroupAvatar } from './Avatar.tsx'
import { Button } from './Button.tsx'
import { Icon } from './Icon.tsx'
import css from './ListTop.module.css'
import { conversationName, otherOf } from './names.ts'
import { useSlow } from './use-slow.ts'

type Props = {
  conversation: OpenConversation
  state: ConversationState
  summary: Summary
  me: User
  /** The oldest message in memory is drawn. */
  isAtStart: boolean
  /** A thread begins with its root. */
  isThread: boolean
}

/** Above the messages: where the conversation began, or 40 px that say that more is coming (ML-2). */
export function ListTop({ conversation, state, summary, me, isAtStart, isThread }: Props) {
  const text = t()
  const isWaiting = useSlow(!state.isLoaded)
  if (!state.isLoaded) {
    if (!isWaiting) return null
    return (
      <div class={css.waiting} role="status">
        {state.downSince === null ? (
          <>
            <Icon name="loader-circle" class="spin" />
            <span class="visually-hidden">{text.loading}</span>
          </>
        ) : (
          <p>{text.notLoadedYet}</p>
        )}
      </div>
    )
  }
  if (state.hasOlder || !isAtStart) {
    return (
      <div class={css.older}>
        {state.older === 'failed' ? (
          <>
            {text.olderFailed}
            <Button look="text" onClick={() => void conversation.loadOlder()}>
              {text.tryAgain}
            </Button>
          </>
        ) : (
          state.older === 'loading' && <Icon name="loader-circle" class="spin" />
        )}
      </div>
    )
  }
  if (isThread) return null
  const other = otherOf(summary, me.id)
  const name = conversationName(summary, me.id)
  return (
    <div class={css.start}>
      {other ? <Avatar user={other} size="huge" /> : <GroupAvatar id={summary.id} size="huge" />}
      <p class={css.name}>
        <bdi>{name}</bdi>
      </p>
      <p class={css.lead}>{other ? text.startOfDirect(name) : text.startOfGroup(name)}</p>
    </div>
  )
}
