import type { ReadonlySignal } from '@preact/signals'
import { useComputed, useSignal } from '@preact/signals'
import { useId, useRef } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'
import type { ConversationState } from '../../src/client/conversation.ts'
import { codePoints, isBlank } from '../../src/protocol/index.ts'
import { shareNow } from '../state/draft-sync.ts'
import { saveDraft } from '../state/drafts.ts'
import { t } from '../state/i18n.ts'
import { preferences } from '../state/preferences.ts'
import css from './Composer.module.css'
import { intentOf } from './composer-keys.ts'
import { Icon } from './Icon.tsx'
import { isTouch } from './is-touch.ts'
import { useDraft } from './use-draft.ts'
import { useTyping } from './use-typing.ts'

/** CO-12: the counter appears when this many characters are left. */
const COUNTER_FROM = 200

type Props = {
  conversation: OpenConversation
  state: ReadonlySignal<ConversationState>
  name: string
  onSent: () => void
  onEscape: () => void
}

/**
 * Where the next message is written. The text area is the browser's alone: nothing writes its value while it
 * is being typed in, because every such write breaks somebody's input method. What is sent is read from it.
 */
export function Composer({ conversation, state, name, onSent, onEscape }: Props) {
  const field = useRef<HTMLTextAreaElement>(null)
  const isComposing = useRef(false)
  const text = useSignal('')
  const noteId = useId()
  const left = useComputed(() => state.value.limits.textMax - codePoints(text.value.trim()))
  const isEmpty = useComputed(() => isBlank(text.value))
  const words = t()
  useDraft({ id: conversation.id, field, text, isComposing })
  useTyping(conversation, field)

  const send = () => {
    const { current } = field
    if (!current) return
    if (isComposing.current) {
      // Ends the composition, so that the syllable under way is in the text and not typed again after it.
      current.blur()
      current.focus()
    }
    const { value } = current
    if (isBlank(value) || codePoints(value.trim()) > state.value.limits.textMax) return
    current.value = ''
    text.value = ''
    saveDraft(conversation.id, '')
    shareNow(conversation.id)
    conversation.setTyping(false)
    conversation.send(value.trim())
    onSent()
  }

  const reason = left.value < 0 ? words.tooLong(-left.value) : null
  return (
    <form
      class={css.composer}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div class={css.column}>
        <div class={css.box}>
          <textarea
            ref={field}
            id="composer"
            class={css.field}
            rows={1}
            dir="auto"
            data-region
            enterkeyhint={isTouch() ? 'enter' : 'send'}
            aria-label={words.writeTo(name)}
            aria-describedby={reason ? noteId : undefined}
            placeholder={words.writeTo(name)}
            onInput={(event) => {
              text.value = event.currentTarget.value
            }}
            onCompositionStart={() => {
              isComposing.current = true
            }}
            onCompositionEnd={() => {
              isComposing.current = false
            }}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && !event.isComposing && event.keyCode !== 229) return onEscape()
              if (intentOf(event, preferences.value.sendWith, isTouch()) !== 'send') return
              event.preventDefault()
              send()
            }}
          />
          {left.value <= COUNTER_FROM && (
            <span id={noteId} class={css.counter} data-over={left.value < 0}>
              <span aria-hidden="true">{left.value}</span>
              <span class="visually-hidden">{reason ?? words.charactersLeft(left.value)}</span>
            </span>
          )}
        </div>
        <button
          type="submit"
          class={css.send}
          aria-label={words.send}
          title={reason ?? words.send}
          aria-disabled={isEmpty.value || reason !== null}
          aria-describedby={reason ? noteId : undefined}
          // The field keeps the focus, and a touch keyboard stays open (CO-3).
          onPointerDown={(event) => event.preventDefault()}
        >
          <Icon name="arrow-up" />
        </button>
      </div>
    </form>
  )
}
