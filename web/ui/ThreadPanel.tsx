import { type ReadonlySignal, useSignal } from '@preact/signals'
import { useCallback, useMemo, useReducer } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'
import type { ConversationState } from '../../src/client/conversation.ts'
import type { InboxRow, User } from '../../src/protocol/index.ts'
import { threadDraft } from '../state/drafts.ts'
import { t } from '../state/i18n.ts'
import { showToast } from '../state/toasts.ts'
import { Button, IconButton } from './Button.tsx'
import { Composer } from './Composer.tsx'
import header from './ConversationHeader.module.css'
import type { ComposerTask } from './composer-task.ts'
import { EmptyState } from './EmptyState.tsx'
import { errorText, isCode } from './error-text.ts'
import { MessageList } from './MessageList.tsx'
import { messageAt } from './message-window.ts'
import { conversationName } from './names.ts'
import { withoutMarks } from './plain-text.ts'
import quote from './Quote.module.css'
import css from './ThreadSplit.module.css'
import type { ThreadPlace } from './thread-address.ts'
import { TimelineView } from './timeline-view.ts'
import { type MessageJump, useMessageJump } from './use-message-jump.ts'
import { useOpenedAt } from './use-opened-at.ts'
import { useReturnFocus } from './use-return-focus.ts'
import { type LiveThread, useThread } from './use-thread.ts'

export type ThreadPanelProps = {
  conversation: OpenConversation
  state: ReadonlySignal<ConversationState>
  summary: InboxRow
  me: User
  place: ThreadPlace
  /** It covers the conversation: it is the page then, and has its heading. */
  isOverlay: boolean
  /** To a message of the conversation. */
  jump: MessageJump
  onClose: () => void
}

/** A thread beside its conversation, or over it (MA-5): the same list and the same field, for the replies alone. */
export function ThreadPanel(props: ThreadPanelProps) {
  const { summary, me, place, isOverlay, onClose } = props
  const thread = useThread(props.conversation, place.root)
  const { conversation, state, isAlso } = thread
  const [drawing, redraw] = useReducer((count: number) => count + 1, 0)
  const view = useMemo(
    () => new TimelineView(conversation, me.id, () => redraw(undefined)),
    [conversation, me.id],
  )
  const task = useSignal<ComposerTask | null>(null)
  const inThread = useMessageJump(conversation, view)
  const jump = useCallback<MessageJump>(
    // What a reply quotes may stand in the conversation.
    (seq, origin) => (messageAt(conversation.state.main, seq) ? inThread(seq, origin) : props.jump(seq)),
    [conversation, inThread, props.jump],
  )
  useOpenedAt(place.at, state, inThread)
  useReturnFocus()
  const words = t()
  const { follows, failure, isLoaded, root } = state.value
  const name = conversationName(summary, me.id)
  const isGone = isCode(failure, 'not_found')
  // The heading of the page is covered, and a page has one.
  const Title = isOverlay ? 'h1' : 'h2'

  return (
    <section
      class={css.panel}
      aria-label={words.threads.title}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.isComposing || event.keyCode === 229 || event.defaultPrevented)
          return
        // A dialog that was opened from here closes itself, and alone.
        if (event.target instanceof Element && event.target.closest('dialog')) return
        event.preventDefault()
        event.stopPropagation()
        onClose()
      }}
    >
      <header class={header.header}>
        <div class={header.names}>
          <Title class={header.name}>{words.threads.title}</Title>
          <p class={`${header.detail} ${quote.excerpt}`}>
            <bdi>{root && root.deletedAt === null ? withoutMarks(root.text) : name}</bdi>
          </p>
        </div>
        {isLoaded && root && (
          <IconButton
            name={follows ? 'bell' : 'bell-off'}
            label={follows ? words.threads.unfollow : words.threads.follow}
            onClick={() => void followOrSay(thread, !follows)}
          />
        )}
        <IconButton name="x" label={words.threads.close} onClick={onClose} />
      </header>
      {failure !== null && !isLoaded && (
        <EmptyState icon="circle-alert" title={isGone ? words.threads.gone : errorText(failure)}>
          {!isGone && <Button onClick={thread.reload}>{words.tryAgain}</Button>}
        </EmptyState>
      )}
      {!isGone && (
        <>
          <MessageList
            {...{ conversation, state, summary, me, view, task, jump, drawing }}
            thread={place.root}
          />
          {summary.archivedAt === null && (
            <label class={css.also}>
              <input
                type="checkbox"
                checked={isAlso.value}
                onChange={(event) => {
                  isAlso.value = event.currentTarget.checked
                }}
              />
              {summary.kind === 'direct' ? words.threads.alsoToDirect : words.threads.alsoTo(name)}
            </label>
          )}
          <Composer
            {...{ conversation, state, name, me, task }}
            label={words.threads.write}
            draftId={threadDraft(conversation.id, place.root)}
            onEdit={(seq) => view.jumpTo(seq)}
            onSent={() => view.sent()}
            onEscape={onClose}
          />
        </>
      )}
    </section>
  )
}

async function followOrSay(thread: LiveThread, on: boolean): Promise<void> {
  try {
    await thread.follow(on)
  } catch (error) {
    showToast({ text: errorText(error), isError: true })
  }
}
