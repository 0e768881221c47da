import type { ReadonlySignal } from '@preact/signals'
import type { ConversationState } from '../../src/client/conversation.ts'
import type { User } from '../../src/protocol/index.ts'
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
  const text = t()
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <ul class={css.list} aria-label={text.members(members.size)}>
        {[...members.values()].map(({ user, role }) => (
          <li key={user.id} class={css.member}>
            <Avatar user={user} size="large" isOnline={present.has(user.id)} />
            <span class={css.names}>
              <bdi class={css.name}>{user.displayName}</bdi>
              <span class={css.detail}>@{user.username}</span>
            </span>
            <span class={css.detail}>
              {user.id === props.me.id ? text.you : role === 'member' ? null : text.roles[role]}
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
