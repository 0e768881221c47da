import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks'
import { lazy, useLocation } from 'preact-iso'
import { CLOSE, type InboxRow, isTerminal, type User } from '../../src/protocol/index.ts'
import { api } from '../state/api.ts'
import { conversationById } from '../state/conversations.ts'
import { t } from '../state/i18n.ts'
import { putConversation } from '../state/inbox.ts'
import { expire, isSignedOutBy } from '../state/session.ts'
import { pageTitle } from '../state/title.ts'
import { loadAttaching } from './attaching.ts'
import { Button } from './Button.tsx'
import { Composer } from './Composer.tsx'
import { ConnectionBanner } from './ConnectionBanner.tsx'
import { ConversationHeader } from './ConversationHeader.tsx'
import css from './ConversationPane.module.css'
import type { ComposerTask } from './composer-task.ts'
import { DropOverlay } from './DropOverlay.tsx'
import { EmptyState } from './EmptyState.tsx'
import { errorText, isCode } from './error-text.ts'
import { MessageList } from './MessageList.tsx'
import { conversationName } from './names.ts'
import { showPane } from './open-pane.ts'
import { Pins } from './Pins.tsx'
import { StatusLine } from './StatusLine.tsx'
import { ThreadSplit } from './ThreadSplit.tsx'
import { closeThread, threadOf } from './thread-address.ts'
import { TimelineView } from './timeline-view.ts'
import { useConversation } from './use-conversation.ts'
import { useConversationJump } from './use-conversation-jump.ts'
import { useFileDrop } from './use-file-drop.ts'
import { useOpenedAt } from './use-opened-at.ts'
import { useRefusals } from './use-refusals.ts'

const ClosedNotice = lazy(async () => (await import('./Layers.tsx')).ClosedNotice)
const NotifyCard = lazy(async () => (await import('./Layers.tsx')).NotifyCard)

const SESSION_OVER: readonly number[] = [CLOSE.notSignedIn, CLOSE.sessionEnded]

/** One conversation: who it is with, what was said, and where to say more. */
export function ConversationPane({ id, seq, me }: { id: string; seq: number | null; me: User }) {
  // Read as a signal: the row may come later than the pane, from the list or from below.
  const row = conversationById(id)
  // Whoever is removed while reading is told why, in the place where they are.
  const kept = useRef(row)
  if (row) kept.current = row
  const summary = row ?? kept.current
  const [failure, setFailure] = useState<unknown>(null)
  const [attempt, setAttempt] = useState(0)
  const text = t()

  // A deep link to what the list does not hold: is it there, and what is it called?
  useEffect(() => {
    if (summary) return
    api.conversation(id).then(
      (answer) => putConversation(answer.conversation),
      (error: unknown) => {
        if (!isSignedOutBy(error)) setFailure(error)
      },
    )
  }, [id, attempt, summary === undefined])

  if (!summary) {
    if (failure === null) return null
    const isGone = isCode(failure, 'not_found') || isCode(failure, 'invalid')
    return (
      <EmptyState icon="circle-alert" title={isGone ? text.conversationGone : errorText(failure)}>
        {isGone ? (
          <a class={css.link} href="/">
            {text.backToChats}
          </a>
        ) : (
          <Button
            look="filled"
            icon="refresh-cw"
            onClick={() => {
              setFailure(null)
              setAttempt(attempt + 1)
            }}
          >
            {text.tryAgain}
          </Button>
        )}
      </EmptyState>
    )
  }
  return <OpenConversation summary={summary} seq={seq} me={me} />
}

function OpenConversation({ summary, seq, me }: { summary: InboxRow; seq: number | null; me: User }) {
  const { conversation, state } = useConversation(summary.id, me)
  const [drawing, redraw] = useReducer((count: number) => count + 1, 0)
  const view = useMemo(
    () => new TimelineView(conversation, me.id, () => redraw(undefined)),
    [conversation, me.id],
  )
  const [hasSent, setSent] = useState(false)
  const task = useSignal<ComposerTask | null>(null)
  const jump = useConversationJump(conversation, view)
  const { path, query, route } = useLocation()
  useOpenedAt(seq, state, jump)
  useRefusals(state)
  const { connection } = state.value
  const name = conversationName(summary, me.id)
  const closedBy = connection.phase === 'closed' && isTerminal(connection.code) ? connection.code : null
  const isSessionOver = closedBy !== null && SESSION_OVER.includes(closedBy)
  const drop = useFileDrop(
    () => task.peek()?.kind === 'edit' || closedBy !== null,
    (files) => {
      void loadAttaching().then(({ attachFiles }) => attachFiles({ conversation, place: summary.id }, files))
    },
  )

  useEffect(() => {
    if (isSessionOver) expire()
  }, [isSessionOver])
  useEffect(() => {
    pageTitle.value = name
  }, [name])
  useEffect(() => showPane({ conversation, state, view }), [conversation, state, view])

  return (
    <ThreadSplit {...{ conversation, state, summary, me, jump }}>
      <section class={css.pane} aria-label={name} {...drop.target}>
        <ConversationHeader summary={summary} me={me} state={state} />
        <Pins conversation={conversation} state={state} summary={summary} me={me} jump={jump} />
        <ConnectionBanner conversation={conversation} state={state} />
        <MessageList {...{ conversation, state, summary, me, view, task, jump, drawing }} />
        {hasSent && <NotifyCard hasSent={hasSent} />}
        <StatusLine state={state} me={me} isDirect={summary.kind === 'direct'} />
        {closedBy === null || isSessionOver ? (
          <Composer
            {...{ conversation, state, name, me, task }}
            onEdit={(seq) => view.jumpTo(seq)}
            onSent={() => {
              setSent(true)
              view.sent()
            }}
            onEscape={() => (threadOf(query) ? closeThread(path, route) : view.markAllRead())}
          />
        ) : (
          <ClosedNotice code={closedBy} conversation={conversation} />
        )}
        {drop.isOver && <DropOverlay />}
      </section>
    </ThreadSplit>
  )
}
