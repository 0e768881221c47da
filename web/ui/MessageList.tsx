import type { ReadonlySignal, Signal } from '@preact/signals'
import { useCallback, useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { OpenConversation } from '../../src/client/client.ts'
import type { ConversationState } from '../../src/client/conversation.ts'
import { isPendingInMain } from '../../src/client/thread.ts'
import { type InboxRow, isInMain, type Message, type User } from '../../src/protocol/index.ts'
import { locale, t } from '../state/i18n.ts'
import { saved as savedMarks } from '../state/saved.ts'
import { today } from '../state/today.ts'
import type { ComposerTask } from './composer-task.ts'
import { dayLabel } from './dates.ts'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { JumpPill } from './JumpPill.tsx'
import { Lightbox } from './LazyLightbox.tsx'
import { MessageMenu } from './LazyMessageMenu.tsx'
import { ListTop } from './ListTop.tsx'
import css from './MessageList.module.css'
import { MessageRow, type MessageRowProps } from './MessageRow.tsx'
import { messageAt } from './message-window.ts'
import { conversationName } from './names.ts'
import { heldByTouch, openedByContext } from './open-message-menu.ts'
import { RowsKeeper } from './RowsKeeper.tsx'
import { type Roving, rove } from './roving.ts'
import { pressedOnRow } from './row-keys.ts'
import { openThread } from './thread-address.ts'
import { type TimelineItem, timelineItems } from './timeline-items.ts'
import type { TimelineView } from './timeline-view.ts'
import { useAnnouncements } from './use-announcements.ts'
import type { MessageJump } from './use-message-jump.ts'

type Props = {
  conversation: OpenConversation
  state: ReadonlySignal<ConversationState>
  summary: InboxRow
  me: User
  view: TimelineView
  task: Signal<ComposerTask | null>
  jump: MessageJump
  /** Counts up when the view wants to be drawn again. */
  drawing: number
  /** Where it is a thread that is listed: its root. */
  thread?: number
}

/** What was said. Silent to screen readers on purpose: paging in a live region would be read aloud (AX-2). */
export function MessageList({ conversation, state, summary, me, view, task, jump, thread }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLOListElement>(null)
  const roving = useRef<Roving>(null)
  const now = state.value
  const name = conversationName(summary, me.id)
  const messages = view.rows(now)
  const isThread = thread !== undefined
  const listName = isThread ? 'thread' : 'main'
  const items = timelineItems({
    messages,
    pending: view.isAtNewest() ? (isThread ? now.pending : now.pending.filter(isPendingInMain)) : [],
    rootSeq: thread,
    meId: me.id,
    dividerSeq: view.divider?.seq ?? null,
  })
  const saved = savedMarks.value.get(summary.id)
  useAnnouncements(state, me, isThread)
  const onReply = useCallback(
    (seq: number) => {
      const message = messageAt(conversation.state.messages, seq)
      if (message) task.value = { kind: 'reply', message }
    },
    [conversation, task],
  )

  const { path, route } = useLocation()
  const onThread = useCallback(
    (root: number, at?: number) => openThread(path, route, { root, at: at ?? null }),
    [path, route],
  )
  // In a thread there is no other to go to.
  const toThread = isThread ? null : onThread
  const context = { conversation, role: now.role, row: summary, me, view, task, toThread }

  useLayoutEffect(() => {
    if (!scroller.current || !content.current || !list.current) return
    const detach = view.attach(scroller.current, content.current, list.current)
    roving.current = rove(list.current, 'article', (rows) => rows.at(-1))
    return () => {
      detach()
      roving.current?.stop()
    }
  }, [view])
  useLayoutEffect(() => view.committed(state.value))
  useEffect(() => roving.current?.refresh())

  return (
    <div class={css.frame}>
      <div
        ref={scroller}
        class={css.scroller}
        role="log"
        aria-live="off"
        aria-label={isThread ? t().threads.title : t().messagesWith(name)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region is reached by keyboard (AX-2)
        tabIndex={0}
      >
        <div ref={content} class={css.column} data-from={isThread ? 'top' : undefined}>
          <RowsKeeper view={view}>
            <ListTop
              conversation={conversation}
              state={now}
              summary={summary}
              me={me}
              isAtStart={messages[0] === now.main[0]}
              isThread={isThread}
            />
            <ol
              ref={list}
              data-list={listName}
              onContextMenu={openedByContext}
              onPointerDown={heldByTouch}
              onKeyDown={(event) => pressedOnRow(event, context)}
            >
              {items.map((item) => (
                <ErrorBoundary key={item.key} fallback={<li class={css.system}>{t().rowFailed}</li>}>
                  {drawItem(item, { conversation, now, summary, me, view, saved, onReply, jump, toThread })}
                </ErrorBoundary>
              ))}
            </ol>
          </RowsKeeper>
        </div>
      </div>
      <JumpPill view={view} />
      <Lightbox conversation={conversation} messages={now.messages} list={listName} />
      <MessageMenu messages={now.messages} list={listName} context={context} />
    </div>
  )
}

/** One array for all: a new one would draw every waiting row again. */
const NO_REACTIONS: Message['reactions'] = []
const NO_MENTIONS: Message['mentions'] = []
const NO_FILES: Message['attachments'] = []

type Drawn = {
  conversation: OpenConversation
  now: ConversationState
  summary: InboxRow
  me: User
  view: TimelineView
  /** The seqs that this person has saved here. */
  saved: ReadonlySet<number> | undefined
  onReply: (seq: number) => void
  jump: MessageJump
  toThread: ((root: number, at?: number) => void) | null
}

function drawItem(item: TimelineItem, drawn: Drawn) {
  if (item.kind === 'day') {
    return (
      <li class={css.day}>
        <span>{dayLabel(item.at, today.value, locale.value)}</span>
      </li>
    )
  }
  if (item.kind === 'divider') {
    return (
      <li class={css.divider} data-divider>
        <span>{t().newMessages(drawn.view.divider?.count ?? 0)}</span>
      </li>
    )
  }
  if (item.kind === 'replies') {
    return (
      <li class={css.day}>
        <span>{t().threads.replies(item.count)}</span>
      </li>
    )
  }
  if (item.kind === 'system') {
    return (
      <li class={css.system} data-row data-seq={item.message.seq}>
        {item.message.text}
      </li>
    )
  }
  return <MessageRow {...rowProps(item, drawn)} />
}

function rowProps(item: Extract<TimelineItem, { isFirst: boolean }>, drawn: Drawn): MessageRowProps {
  const { conversation, now, summary, me, onReply, jump, toThread } = drawn
  const shared = {
    conversation,
    members: now.members,
    meId: me.id,
    onReply,
    jump,
    toThread,
    isArchived: summary.archivedAt !== null,
    isNamed: summary.kind !== 'direct',
    isFirst: item.isFirst,
    isLast: item.isLast,
  }
  if (item.kind === 'pending') {
    const { id, text, createdAt, state, error, replyTo } = item.pending
    return {
      ...shared,
      ...{ id, seq: null, text, at: createdAt, isDeleted: false, author: me, isOwn: true },
      ...{ editedAt: null, reactions: NO_REACTIONS, isPinned: false, isSaved: false },
      ...{ thread: item.pending.thread ?? null, replies: null, hasNewReplies: false },
      files: item.pending.files ?? NO_FILES,
      uploaded: item.pending.uploaded ?? null,
      ...{ replyTo, quoted: quotedIn(now, replyTo) },
      mentions: NO_MENTIONS,
      sendState: state,
      errorCode: error?.code ?? null,
    }
  }
  const { id, seq, text, createdAt, editedAt, deletedAt, authorId, mentions, reactions, replyTo, thread } =
    item.message
  const author =
    now.members.get(authorId)?.user ?? summary.members.find((user) => user.id === authorId) ?? null
  return {
    ...shared,
    ...{ id, seq, text, at: createdAt, isDeleted: deletedAt !== null, author, isOwn: item.isOwn },
    isSaved: drawn.saved?.has(seq) === true,
    isPinned: now.pins.some((pin) => pin.seq === seq),
    ...{ mentions, reactions, editedAt, replyTo, quoted: quotedIn(now, replyTo), thread },
    replies: item.message.replies ?? null,
    hasNewReplies: hasNewReplies(item.message, drawn),
    files: item.message.attachments,
    uploaded: null,
    sendState: item.isOwn ? (isReadByOther(item.message, drawn) ? 'read' : 'sent') : null,
    errorCode: null,
  }
}

function quotedIn({ messages }: ConversationState, seq: number | null): Message | null {
  return seq === null ? null : (messageAt(messages, seq) ?? null)
}

/** In a thread that I follow, somebody else has replied after my place in it. */
function hasNewReplies({ seq, replies }: Message, { now, me }: Drawn): boolean {
  const readSeq = now.threads.get(seq)
  const last = replies?.last
  return readSeq !== undefined && last != null && last.authorId !== me.id && last.seq > readSeq
}

/**
 * RR-1 is for two people: in a group, one tick says that it is stored. So it does in a thread, where nobody's place
 * is known but one's own.
 */
function isReadByOther(message: Message, { now, summary, me }: Drawn): boolean {
  if (summary.kind !== 'direct' || !isInMain(message)) return false
  const { seq } = message
  for (const [userId, readSeq] of now.reads) if (userId !== me.id && readSeq >= seq) return true
  return false
}
