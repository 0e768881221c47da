import { useSignal } from '@preact/signals'
import type { VNode } from 'preact'
import { useRef } from 'preact/hooks'
import type { InboxRow, User } from '../../src/protocol/index.ts'
import { conversations, inboxState } from '../state/conversations.ts'
import { t } from '../state/i18n.ts'
import { reconnectInbox } from '../state/inbox.ts'
import { openLayer } from '../state/layer.ts'
import { filtered, heldOrder, type ListFilter } from '../state/list-rows.ts'
import { isMarkedByHand } from '../state/marked-unread.ts'
import { Button } from './Button.tsx'
import css from './ConversationList.module.css'
import { ConversationRow, type RowProps } from './ConversationRow.tsx'
import { EmptyState } from './EmptyState.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { FilterChips } from './FilterChips.tsx'
import { RowMenu } from './LazyRowMenu.tsx'
import { otherOf } from './names.ts'
import { rowMenu } from './open-row-menu.ts'
import { isSameRow, rowProps } from './row-props.ts'
import { ShareLink } from './ShareLink.tsx'
import { useListRows } from './use-list-rows.ts'
import { useSlow } from './use-slow.ts'

type Props = { me: User; openId: string | null }

/** The conversations, or why there are none. */
export function ConversationList({ me, openId }: Props) {
  const rows = conversations.value
  const isDown = rows === null && isUnreachable()
  const isSlow = useSlow(rows === null && !isDown)
  const text = t()
  if (rows === null) {
    if (isDown) {
      return (
        <EmptyState icon="wifi-off" title={text.listFailed}>
          <Button icon="refresh-cw" onClick={reconnectInbox}>
            {text.tryAgain}
          </Button>
        </EmptyState>
      )
    }
    return isSlow ? <Skeleton /> : null
  }
  if (rows.every((row) => row.hidden && row.id !== openId)) {
    return (
      <EmptyState icon="message-circle-plus" title={text.noConversations}>
        <Button look="filled" buttonRef={focusOnMount} onClick={() => openLayer('switcher')}>
          {text.findPeople}
        </Button>
        <div class={css.alone}>
          <ShareLink username={me.username} lead={text.shareLead} />
        </div>
      </EmptyState>
    )
  }
  return <Rows rows={rows} me={me} openId={openId} />
}

function Rows({ rows, me, openId }: Props & { rows: readonly InboxRow[] }) {
  const filter = useSignal<ListFilter>('all')
  const list = useRef<HTMLUListElement>(null)
  const shownIds = useRef<readonly string[]>([])
  const drawn = useRef(new Map<string, { props: RowProps; node: VNode }>())
  const { isHeld, hold } = useListRows(list, shownIds, me)
  const text = t()

  // Whoever was in the list stays in it while they are read (CL-7).
  const keptId = openId !== null && shownIds.current.includes(openId) ? openId : null
  const fitting = filtered(rows, filter.value, keptId, isMarkedByHand)
  const shown = isHeld || rowMenu.value !== null ? heldOrder(fitting, shownIds.current) : fitting
  shownIds.current = shown.map((row) => row.id)

  const choose = (next: ListFilter) => {
    shownIds.current = []
    filter.value = next
  }
  return (
    <>
      <FilterChips value={filter.value} onChoose={choose} />
      {shown.length === 0 ? (
        <EmptyState icon="check-check" title={filter.value === 'mentions' ? text.noMentions : text.noUnread}>
          <Button onClick={() => choose('all')}>{text.showAll}</Button>
        </EmptyState>
      ) : (
        <ul ref={list} class={css.list} onPointerDown={hold}>
          {shown.map((row) => drawRow(drawn.current, rowProps(row, me, row.id === openId)))}
        </ul>
      )}
      <RowMenu rows={rows} me={me} openId={openId} />
    </>
  )
}

/** An element that is the same as last time is not even looked at: of 2,000 rows, one message draws one. */
function drawRow(drawn: Map<string, { props: RowProps; node: VNode }>, props: RowProps): VNode {
  const known = drawn.get(props.row.id)
  if (known && isSameRow(known.props, props)) return known.node
  const { row, me } = props
  const node = (
    <li key={row.id} class={css.item} data-person={personOf(row, me)}>
      <ErrorBoundary fallback={<p class={css.broken}>{t().rowFailed}</p>}>
        <ConversationRow {...props} />
      </ErrorBoundary>
    </li>
  )
  drawn.set(row.id, { props, node })
  return node
}

/** Whose presence a row shows. */
function personOf(row: InboxRow, me: User): string | undefined {
  const other = otherOf(row, me.id)
  return other && other.id !== me.id ? other.id : undefined
}

/** Nothing on disk, and the server was asked in vain. */
function isUnreachable(): boolean {
  const inbox = inboxState.value
  return inbox !== null && inbox.connection.phase === 'waiting'
}

/** A ref that never changes is called once: taking the focus at every redraw would steal it. */
function focusOnMount(button: HTMLButtonElement | null): void {
  button?.focus()
}

function Skeleton() {
  return (
    <div class={css.list} role="status" aria-label={t().loading}>
      {[68, 52, 76, 60, 44].map((share) => (
        <div key={share} class={css.skeleton}>
          <span class={css.bone} />
          <span class={css.lines} data-share={share} />
        </div>
      ))}
    </div>
  )
}
