import type { ReadonlySignal } from '@preact/signals'
import type { ConversationState } from '../../src/client/conversation.ts'
import type { User } from '../../src/protocol/index.ts'
import { inboxState } from '../state/conversations.ts'
import { t } from '../state/i18n.ts'
import { Avatar } from './Avatar.tsx'
import { Dialog } from './Dialog.tsx'
import css from './MembersDialog.module.css'

/** Who is in a group, and who of them is here. */
export function MembersDialog(props: {
  state: ReadonlySignal<ConversationState>
  me: User
  title: string
  onClose: () => void
}) {
  const { members, present } = props.state.value
  const presence = inboxState.value?.presence
  const text = t()
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <ul class={css.list} aria-label={text.members(members.size)}>
        {[...members.values()].map(({ user, role }) => {
          const status = presence?.get(user.id)?.status ?? (present.has(user.id) ? 'online' : undefined)
          return (
            <li key={user.id} class={css.member}>
              <Avatar user={user} size="large" presence={status} />
              <span class={css.names}>
                <bdi class={css.name}>{user.displayName}</bdi>
                <span class={css.detail}>@{user.username}</span>
                {status && <span class="visually-hidden">{text.statuses[status]}</span>}
              </span>
              <span class={css.detail}>
                {user.id === props.me.id ? text.you : role === 'member' ? null : text.roles[role]}
              </span>
            </li>
          )
        })}
      </ul>
    </Dialog>
  )
}
