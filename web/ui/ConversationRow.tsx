import type { Summary, User } from '../../src/protocol/index.ts'
import { open, unsent } from '../state/conversations.ts'
import { drafts } from '../state/drafts.ts'
import { locale, t } from '../state/i18n.ts'
import { today } from '../state/today.ts'
import { Avatar, GroupAvatar } from './Avatar.tsx'
import css from './ConversationRow.module.css'
import { listTime } from './dates.ts'
import { Icon } from './Icon.tsx'
import { type ListPreview, listPreview } from './list-preview.ts'
import { conversationName, otherOf } from './names.ts'
import { conversationPath } from './route.ts'

const BADGE_MAX = 99

/** One conversation in the list: a real link, so that a middle click and "copy link" work (CL-9). */
export function ConversationRow({ summary, me, isOpen }: { summary: Summary; me: User; isOpen: boolean }) {
  const text = t()
  const other = otherOf(summary, me.id)
  const live = isOpen && open.value?.id === summary.id ? open.value.state : null
  const name = conversationName(summary, me.id)
  const preview = listPreview({
    summary,
    meId: me.id,
    unsent: live ? live.pending.filter(isStuck).length : (unsent.value.get(summary.id) ?? 0),
    typing: live ? live.typing.map((id) => live.members.get(id)?.user.displayName ?? text.someone) : [],
    draft: drafts.value.get(summary.id),
    isOpen,
  })
  return (
    <a
      class={css.row}
      href={conversationPath(summary.id)}
      aria-current={isOpen ? 'page' : undefined}
      tabIndex={-1}
    >
      {other ? (
        <Avatar
          user={other}
          size="large"
          isOnline={live?.present.has(other.id) === true && other.id !== me.id}
        />
      ) : (
        <GroupAvatar id={summary.id} size="large" />
      )}
      <span class={css.text}>
        <span class={css.line}>
          <bdi class={css.name}>{name}</bdi>
          <span class={css.time}>{listTime(summary.updatedAt, today.value, locale.value)}</span>
        </span>
        <span class={css.line}>
          <span class={css.preview}>
            <Preview preview={preview} isGroup={other === null} />
          </span>
          {summary.unread > 0 && <Badge count={summary.unread} isMuted={summary.level === 'none'} />}
        </span>
      </span>
    </a>
  )
}

function Preview({ preview, isGroup }: { preview: ListPreview; isGroup: boolean }) {
  const text = t()
  if (preview.kind === 'unsent') {
    return (
      <span class={css.unsent}>
        <Icon name="circle-alert" />
        {text.notSentCount(preview.count)}
      </span>
    )
  }
  if (preview.kind === 'typing') {
    return <span class={css.typing}>{isGroup ? text.typing(preview.names) : text.typingShort}</span>
  }
  if (preview.kind === 'draft') {
    return (
      <>
        <span class={css.draft}>{text.draft}</span> <bdi>{preview.text}</bdi>
      </>
    )
  }
  if (preview.kind === 'empty') return <>{text.noMessages}</>
  const from = preview.from === 'me' ? text.you : preview.from
  return (
    <>
      {from && (
        <>
          <bdi>{from}</bdi>:{' '}
        </>
      )}
      <bdi>{preview.text}</bdi>
    </>
  )
}

function Badge({ count, isMuted }: { count: number; isMuted: boolean }) {
  return (
    <span class={isMuted ? css.muted : css.badge}>
      <span aria-hidden="true">{count > BADGE_MAX ? `${BADGE_MAX}+` : count}</span>
      <span class="visually-hidden">{t().unread(count)}</span>
    </span>
  )
}

/** What waits for the network is not a failure; what the server refused is. */
function isStuck({ state }: { state: string }): boolean {
  return state === 'failed'
}
