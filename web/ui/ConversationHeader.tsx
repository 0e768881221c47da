import type { ReadonlySignal } from '@preact/signals'
import { useState } from 'preact/hooks'
import type { ConversationState } from '../../src/client/conversation.ts'
import type { Summary, User } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { Avatar, GroupAvatar } from './Avatar.tsx'
import { IconButton } from './Button.tsx'
import css from './ConversationHeader.module.css'
import { Icon } from './Icon.tsx'
import { MembersDialog } from './MembersDialog.tsx'
import { conversationName, otherOf } from './names.ts'

type Props = { summary: Summary; me: User; state: ReadonlySignal<ConversationState> }

export function ConversationHeader({ summary, me, state }: Props) {
  const [isShown, setShown] = useState(false)
  const { members, present } = state.value
  const other = otherOf(summary, me.id)
  const isOnline = other !== null && other.id !== me.id && present.has(other.id)
  const text = t()
  return (
    <header class={css.header}>
      <a class={css.back} href="/" aria-label={text.backToChats}>
        <Icon name="arrow-left" />
      </a>
      {other ? <Avatar user={other} isOnline={isOnline} /> : <GroupAvatar id={summary.id} />}
      <div class={css.names}>
        <h1 class={css.name}>
          <bdi>{conversationName(summary, me.id)}</bdi>
        </h1>
        <p class={css.detail}>
          {other ? (
            isOnline ? (
              text.online
            ) : (
              <bdi>@{other.username}</bdi>
            )
          ) : (
            text.members(members.size || summary.memberCount)
          )}
        </p>
      </div>
      {!other && <IconButton name="info" label={text.showMembers} onClick={() => setShown(true)} />}
      {isShown && (
        <MembersDialog state={state} me={me} title={summary.name ?? ''} onClose={() => setShown(false)} />
      )}
    </header>
  )
}
