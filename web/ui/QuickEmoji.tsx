import type { OpenConversation } from '../../src/client/client.ts'
import type { Message } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { Icon } from './Icon.tsx'
import type { MenuPlace } from './Menu.tsx'
import css from './Reactions.module.css'
import { hasReacted, type ListName, reactionPicker } from './reactions.ts'

type Props = {
  conversation: OpenConversation
  message: Message
  meId: string
  emoji: readonly string[]
  list: ListName
  /** Where the picker with all the others opens. */
  place: MenuPlace
  onClose: () => void
}

/** Emoji that are one press away, inside a menu: a press reacts, or takes it back; the last leads to all others. */
export function QuickEmoji({ conversation, message, meId, emoji, list, place, onClose }: Props) {
  const words = t()
  return (
    <>
      {emoji.map((each) => {
        const isMine = hasReacted(message.reactions, each, meId)
        return (
          <button
            key={each}
            type="button"
            class={css.emoji}
            role="menuitemcheckbox"
            aria-checked={isMine}
            aria-label={words.reactWith(each)}
            tabIndex={-1}
            onClick={() => {
              onClose()
              conversation.react(message.seq, each, !isMine)
            }}
          >
            {each}
          </button>
        )
      })}
      <button
        type="button"
        class={css.emoji}
        role="menuitem"
        aria-label={words.moreEmoji}
        title={words.moreEmoji}
        tabIndex={-1}
        onClick={() => {
          onClose()
          reactionPicker.value = { seq: message.seq, list, place, isFull: true }
        }}
      >
        <Icon name="plus" />
      </button>
    </>
  )
}
