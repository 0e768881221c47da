import { t } from '../state/i18n.ts'
import { Icon } from './Icon.tsx'
import type { IconName } from './icon-names.ts'
import css from './MessageTools.module.css'
import { listOf, messageMenu } from './open-message-menu.ts'
import { type ListName, reactionPicker } from './reactions.ts'

type Props = { seq: number; canAnswer: boolean; onReply: (seq: number) => void }

/** Beside a message under the pointer (MA-1): what is done most. Keys and fingers have the menu. */
export function MessageTools({ seq, canAnswer, onReply }: Props) {
  const words = t()
  const tool = (
    name: IconName,
    label: string,
    press: (place: DOMRect, list: ListName) => void,
    hasPopup = true,
  ) => (
    <button
      type="button"
      class={css.tool}
      tabIndex={-1}
      aria-label={label}
      title={label}
      aria-haspopup={hasPopup ? 'menu' : undefined}
      onClick={(event) => press(event.currentTarget.getBoundingClientRect(), listOf(event.currentTarget))}
    >
      <Icon name={name} />
    </button>
  )
  return (
    <div class={css.tools}>
      {canAnswer && (
        <>
          {tool('smile-plus', words.react, (place, list) => {
            reactionPicker.value = { seq, list, place }
          })}
          {tool('reply', words.reply, () => onReply(seq), false)}
        </>
      )}
      {tool('ellipsis', words.messageActions, (place, list) => {
        messageMenu.value = { seq, list, place }
      })}
    </div>
  )
}
