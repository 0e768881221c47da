import type { ReadonlySignal, Signal } from '@preact/signals'
import { useComputed, useSignal } from '@preact/signals'
import { useId, useRef } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'
import type { ConversationState } from '../../src/client/conversation.ts'
import { codePoints, isBlank, type Message, type User } from '../../src/protocol/index.ts'
import { shareNow } from '../state/draft-sync.ts'
import { saveDraft } from '../state/drafts.ts'
import { t } from '../state/i18n.ts'
import { preferences } from '../state/preferences.ts'
import { AttachButton } from './AttachButton.tsx'
import css from './Composer.module.css'
import { ComposerBanner } from './ComposerBanner.tsx'
import { ComposerFiles } from './ComposerFiles.tsx'
import { intentOf } from './composer-keys.ts'
import { type ComposerTask, lastEditable, outcomeOf } from './composer-task.ts'
import { askToDelete } from './delete-message.ts'
import { EmojiButton } from './EmojiButton.tsx'
import { endComposition } from './field-edit.ts'
import { Icon } from './Icon.tsx'
import { isTouch } from './is-touch.ts'
import { WritingAids } from './LazyWritingAids.tsx'
import { useAttachments } from './use-attachments.ts'
import { useComposerTask } from './use-composer-task.ts'
import { useDraft } from './use-draft.ts'
import { useTyping } from './use-typing.ts'

/** CO-12: the counter appears when this many characters are left. */
const COUNTER_FROM = 200

type Props = {
  conversation: OpenConversation
  state: ReadonlySignal<ConversationState>
  name: string
  /** What the field is called, where that is not the conversation. */
  label?: string
  /** Where what is typed is kept: the conversation's own draft unless said otherwise. */
  draftId?: string
  me: User
  task: Signal<ComposerTask | null>
  /** A message is edited that may not be on the screen. */
  onEdit: (seq: number) => void
  onSent: () => void
  onEscape: () => void
}

/**
 * Where the next message is written. The text area is the browser's alone: nothing writes its value while it
 * is being typed in, because every such write breaks somebody's input method. What is sent is read from it.
 */
export function Composer(props: Props) {
  const { conversation, state, name, me, task, onEdit, onSent, onEscape } = props
  const { label = t().writeTo(name), draftId = conversation.id } = props
  const field = useRef<HTMLTextAreaElement>(null)
  const isComposing = useRef(false)
  const text = useSignal('')
  const noteId = useId()
  const left = useComputed(() => state.value.limits.textMax - codePoints(text.value.trim()))
  const isEmpty = useComputed(() => isBlank(text.value))
  const words = t()
  const draft = useDraft({ id: draftId, field, text, isComposing })
  const doing = useComposerTask({ task, state, field, text, draft })
  useTyping(conversation, field, () => task.peek()?.kind === 'edit')
  const attachments = useAttachments({
    conversation,
    place: draftId,
    text,
    task,
    textMax: () => state.peek().limits.textMax,
    isOff: () => task.peek()?.kind === 'edit',
  })

  const send = () => {
    const { current } = field
    if (!current) return
    if (isComposing.current) endComposition(current)
    const { value } = current
    if (codePoints(value.trim()) > state.value.limits.textMax) return
    if (doing?.kind === 'edit') return saveEdit(doing.message, value)
    if (
      (isBlank(value) && attachments.chips.value.length === 0) ||
      !attachments.mayGo(() => latestSend.current())
    )
      return
    const files = attachments.take()
    current.value = ''
    text.value = ''
    saveDraft(draftId, '')
    shareNow(draftId)
    conversation.setTyping(false)
    const more = { ...(doing && { replyTo: doing.message.seq }), ...(files.length > 0 && { files }) }
    if (doing || files.length > 0) conversation.send(value.trim(), more)
    else conversation.send(value.trim())
    task.value = null
    onSent()
  }
  // A message that waits for a picture goes as things are by then.
  const latestSend = useRef(send)
  latestSend.current = send

  const saveEdit = (message: Message, after: string) => {
    const outcome = outcomeOf(message, after)
    if (outcome === 'emptied') return askToDelete(conversation, message.seq)
    if (outcome === 'changed') conversation.edit(message.seq, after.trim())
    task.value = null
  }

  /** @returns whether there was something to edit */
  const editLast = () => {
    const last = lastEditable(state.value, me.id)
    if (!last) return false
    task.value = { kind: 'edit', message: last }
    onEdit(last.seq)
    return true
  }

  const pressed = (event: KeyboardEvent) => {
    // The input method's keys are its own, arrows and Esc too (CO-2).
    if (event.isComposing || event.keyCode === 229) return
    const isBare = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey)
    if (event.key === 'Escape') {
      if (!task.value) return onEscape()
      event.stopPropagation()
      task.value = null
    } else if (event.key === 'ArrowUp' && isBare && !task.value && field.current?.value === '') {
      if (editLast()) event.preventDefault()
    } else if (intentOf(event, preferences.value.sendWith, isTouch()) === 'send') {
      event.preventDefault()
      send()
    }
  }

  const reason = left.value < 0 ? words.tooLong(-left.value) : null
  const isEdit = doing?.kind === 'edit'
  const verb = isEdit ? words.save : words.send
  const { chips } = attachments
  const isIdle = isEmpty.value && chips.value.length === 0 && !isEdit
  const isHeld = attachments.isHeld.value && !isEdit
  const author = doing ? (state.value.members.get(doing.message.authorId)?.user ?? null) : null
  return (
    <form
      class={css.composer}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {doing && (
        <ComposerBanner
          task={doing}
          author={author}
          onCancel={() => {
            task.value = null
            field.current?.focus()
          }}
        />
      )}
      {!isEdit && <ComposerFiles attachments={attachments} field={field} isTooLong={left.value < 0} />}
      <div class={css.column}>
        <AttachButton isHidden={isEdit} onPicked={attachments.attach} />
        <div class={css.box}>
          <textarea
            ref={field}
            class={css.field}
            rows={1}
            dir="auto"
            data-region
            data-composer
            enterkeyhint={isTouch() ? 'enter' : 'send'}
            aria-label={label}
            aria-describedby={reason ? noteId : undefined}
            placeholder={label}
            onInput={(event) => {
              text.value = event.currentTarget.value
            }}
            onCompositionStart={() => {
              isComposing.current = true
            }}
            onCompositionEnd={() => {
              isComposing.current = false
            }}
            onKeyDown={pressed}
            onPaste={attachments.pasted}
          />
          <WritingAids field={field} text={text} isComposing={isComposing} state={state} meId={me.id} />
          {left.value <= COUNTER_FROM && (
            <span id={noteId} class={css.counter} data-over={left.value < 0}>
              <span aria-hidden="true">{left.value}</span>
              <span class="visually-hidden">{reason ?? words.charactersLeft(left.value)}</span>
            </span>
          )}
          <EmojiButton field={field} />
        </div>
        <button
          type="submit"
          class={css.send}
          aria-label={verb}
          title={reason ?? verb}
          aria-disabled={isIdle || isHeld || reason !== null}
          aria-describedby={reason ? noteId : undefined}
          // The field keeps the focus, and a touch keyboard stays open (CO-3).
          onPointerDown={(event) => event.preventDefault()}
        >
          <Icon name={isEdit ? 'check' : 'arrow-up'} />
        </button>
      </div>
    </form>
  )
}
