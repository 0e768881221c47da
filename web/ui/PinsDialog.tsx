import { useRef } from 'preact/hooks'
import { PINS_MAX } from '../../src/protocol/limits.ts'
import { locale, t } from '../state/i18n.ts'
import { keptWords } from '../state/kept-words.ts'
import { today } from '../state/today.ts'
import { Button, IconButton } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { fullTime, listTime } from './dates.ts'
import { Icon } from './Icon.tsx'
import css from './KeptMessages.module.css'
import { useKeptFocus } from './kept-focus.ts'
import { authorName, messageLine } from './message-line.ts'
import type { PinsProps } from './PinBar.tsx'
import { mayPin } from './pin-message.ts'
import { usePins } from './use-pins.ts'

/** Everything that is pinned in a conversation, the last pinned first. */
export function PinsDialog({
  conversation,
  state,
  summary,
  me,
  jump,
  onClose,
}: PinsProps & { onClose: () => void }) {
  const pins = usePins(conversation, state, PINS_MAX + 1)
  const { members, pinsLoading, role } = state.value
  const words = t()
  const text = keptWords.words()
  const canUnpin = mayPin(role, summary)
  const list = useRef<HTMLUListElement>(null)
  const leaves = useKeptFocus(list, pins.length)
  const open = (seq: number) => {
    // First closed, so that the focus is back before the jump moves it on.
    onClose()
    void jump(seq)
  }
  return (
    <Dialog title={text.pins} onClose={onClose} size="wide">
      {pinsLoading === 'failed' && (
        <p class={css.failed} role="alert">
          {text.pinsFailed}
          <Button look="text" onClick={() => void conversation.loadPins()}>
            {words.tryAgain}
          </Button>
        </p>
      )}
      {pins.length === 0 && <p class={css.note}>{text.noPins}</p>}
      <ul ref={list} class={`${css.list} ${css.inDialog}`}>
        {pins.map(({ seq, message }, at) => {
          const name = message ? authorName(message.authorId, members, me.id) : ''
          return (
            <li key={seq} class={css.row}>
              <button type="button" class={css.open} data-open onClick={() => open(seq)}>
                <span class={css.about}>
                  <bdi class={css.author}>{name || '\u00a0'}</bdi>
                  {message && (
                    <time
                      class={css.time}
                      dateTime={new Date(message.createdAt).toISOString()}
                      title={fullTime(message.createdAt, locale.value)}
                    >
                      {listTime(message.createdAt, today.value, locale.value)}
                    </time>
                  )}
                </span>
                <span class={css.text} dir="auto">
                  {message ? (
                    messageLine(message)
                  ) : pinsLoading === 'loading' ? (
                    <Icon name="loader-circle" class="spin" />
                  ) : (
                    text.unknownPin
                  )}
                </span>
              </button>
              {canUnpin && (
                <IconButton
                  name="pin-off"
                  label={text.unpin(message ? messageLine(message) : '')}
                  onClick={() => {
                    leaves(at)
                    conversation.pin(seq, false)
                  }}
                />
              )}
            </li>
          )
        })}
      </ul>
    </Dialog>
  )
}
