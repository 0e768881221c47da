import type { ReadonlySignal } from '@preact/signals'
import { useState } from 'preact/hooks'
import { lazy, useLocation } from 'preact-iso'
import type { ConversationState } from '../../src/client/conversation.ts'
import type { Summary, User } from '../../src/protocol/index.ts'
import { inboxState } from '../state/conversations.ts'
import { locale, t } from '../state/i18n.ts'
import { minute } from '../state/today.ts'
import { Avatar, GroupAvatar } from './Avatar.tsx'
import { IconButton } from './Button.tsx'
import css from './ConversationHeader.module.css'
import { Icon } from './Icon.tsx'
import { conversationName, otherOf } from './names.ts'
import { presenceText } from './presence-text.ts'
import { openMessageSearch } from './search-address.ts'
import { WaitingThreads } from './WaitingThreads.tsx'

const MembersDialog = lazy(async () => (await import('./Layers.tsx')).MembersDialog)

type Props = { summary: Summary; me: User; state: ReadonlySignal<ConversationState> }

export function ConversationHeader({ summary, me, state }: Props) {
  const [isShown, setShown] = useState(false)
  const { path, route } = useLocation()
  const { members } = state.value
  const other = otherOf(summary, me.id)
  const presence = other && other.id !== me.id ? inboxState.value?.presence.get(other.id) : undefined
  const text = t()
  return (
    <header class={css.header}>
      <a class={css.back} href="/" aria-label={text.backToChats}>
        <Icon name="arrow-left" />
      </a>
      {other ? <Avatar user={other} presence={presence?.status} /> : <GroupAvatar id={summary.id} />}
      <div class={css.names}>
        <h1 class={css.name}>
          <bdi>{conversationName(summary, me.id)}</bdi>
        </h1>
        <p class={css.detail}>
          {other
            ? (presenceText(presence, minute.value, locale.value) ?? <bdi>@{other.username}</bdi>)
            : text.members(members.size || summary.memberCount)}
        </p>
      </div>
      {summary.inThreads && <WaitingThreads id={summary.id} />}
      <IconButton name="search" label={text.search.title} onClick={() => openMessageSearch(path, route)} />
      {!other && <IconButton name="info" label={text.showMembers} onClick={() => setShown(true)} />}
      {isShown && (
        <MembersDialog state={state} me={me} title={summary.name ?? ''} onClose={() => setShown(false)} />
      )}
    </header>
  )
}
