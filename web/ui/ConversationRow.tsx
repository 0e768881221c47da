import type { InboxRow, PresenceStatus, User } from '../../src/protocol/index.ts'
import { locale, t } from '../state/i18n.ts'
import { isMuted } from '../state/list-rows.ts'
import { minute, today } from '../state/today.ts'
import { Avatar, GroupAvatar } from './Avatar.tsx'
import { badgeOf } from './badge.ts'
import css from './ConversationRow.module.css'
import { listTime } from './dates.ts'
import { Icon } from './Icon.tsx'
import { type ListPreview, listPreview } from './list-preview.ts'
import { conversationName, otherOf } from './names.ts'
import { rowMenu } from './open-row-menu.ts'
import { conversationPath } from './route.ts'

/** All that a row shows, as plain values: where none of them changed, the list does not draw it again. */
export type RowProps = {
  row: InboxRow
  me: User
  isOpen: boolean
  isMenuOpen: boolean
  isMarked: boolean
  presence: PresenceStatus | undefined
  /** How many messages could not be sent. */
  unsent: number
  /** The names of who is typing. */
  typing: readonly string[]
  draft: string | undefined
}

/** One conversation in the list: a real link, so that a middle click and "copy link" work (CL-9). */
export function ConversationRow(props: RowProps) {
  const { row, me, isOpen, isMenuOpen, presence } = props
  const text = t()
  const other = otherOf(row, me.id)
  const name = conversationName(row, me.id)
  return (
    <div class={css.frame} data-menu={isMenuOpen}>
      <a
        class={css.row}
        href={conversationPath(row.id)}
        aria-current={isOpen ? 'page' : undefined}
        aria-keyshortcuts="Shift+F10"
        tabIndex={-1}
        draggable={false}
        onContextMenu={(event) => {
          if (event.shiftKey) return
          event.preventDefault()
          rowMenu.value = { id: row.id, place: { x: event.clientX, y: event.clientY, width: 0, height: 0 } }
        }}
        onKeyDown={(event) => {
          if (event.key !== 'ContextMenu' && !(event.key === 'F10' && event.shiftKey)) return
          event.preventDefault()
          openMenuAt(row.id, event.currentTarget)
        }}
      >
        {other ? (
          <Avatar user={other} size="large" presence={presence} />
        ) : (
          <GroupAvatar id={row.id} size="large" />
        )}
        <span class={css.text}>
          <span class={css.line}>
            <bdi class={css.name} data-unread={row.unread > 0}>
              {name}
            </bdi>
            <Marks row={row} />
            <span class={css.time}>{listTime(row.updatedAt, today.value, locale.value)}</span>
          </span>
          <span class={css.line}>
            <span class={css.preview}>
              <Preview preview={previewFor(props)} isGroup={other === null} />
            </span>
            <Badge row={row} isMarked={props.isMarked} />
          </span>
        </span>
        {presence && <span class="visually-hidden">{text.statuses[presence]}</span>}
      </a>
      <button
        type="button"
        class={css.more}
        tabIndex={-1}
        aria-label={text.actionsFor(name)}
        aria-haspopup="menu"
        aria-expanded={isMenuOpen}
        onClick={(event) => openMenuAt(row.id, event.currentTarget)}
      >
        <Icon name="ellipsis" />
      </button>
    </div>
  )
}

function openMenuAt(id: string, element: HTMLElement): void {
  const { x, y, width, height } = element.getBoundingClientRect()
  rowMenu.value = { id, place: { x, y, width, height } }
}

function previewFor({ row, me, isOpen, unsent, typing, draft }: RowProps): ListPreview {
  return listPreview({ row, meId: me.id, unsent, typing, draft, isOpen })
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
      {preview.kind === 'attachment' ? (
        <bdi>{text.attached(preview.attachment)}</bdi>
      ) : (
        // The server keeps the place of what was deleted, and none of its words.
        <bdi>{preview.text || text.messageDeleted}</bdi>
      )}
    </>
  )
}

/** Why a row stands where it stands, and why it is quiet. */
function Marks({ row }: { row: InboxRow }) {
  const text = t()
  const isQuiet = isMuted(row, minute.value) || row.level === 'none'
  if (!row.pinned && !isQuiet) return null
  return (
    <span class={css.marks}>
      {isQuiet && <Mark icon="bell-off" label={text.muted} />}
      {row.pinned && <Mark icon="pin" label={text.pinned} />}
    </span>
  )
}

function Mark({ icon, label }: { icon: 'bell-off' | 'pin'; label: string }) {
  return (
    <>
      <Icon name={icon} />
      <span class="visually-hidden">{label}</span>
    </>
  )
}

function Badge({ row, isMarked }: { row: InboxRow; isMarked: boolean }) {
  const text = t()
  const { mentions, count, isDot, isHollow } = badgeOf(row, { now: minute.value, isMarked })
  if (isDot) {
    return (
      <span class={css.dot} data-hollow={isHollow}>
        <span class="visually-hidden">{text.markedUnread}</span>
      </span>
    )
  }
  if (mentions === null && count === null) return null
  return (
    <span class={css.badges}>
      {mentions !== null && (
        <span class={css.mention} aria-hidden="true">
          {mentions}
        </span>
      )}
      {count !== null && (
        <span class={css.badge} data-hollow={isHollow} aria-hidden="true">
          {count}
        </span>
      )}
      <span class="visually-hidden">
        {row.mentions > 0 ? text.unreadAndMentions(row.unread, row.mentions) : text.unread(row.unread)}
      </span>
    </span>
  )
}
