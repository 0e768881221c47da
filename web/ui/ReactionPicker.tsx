import { useRef } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'
import type { Message } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { Icon } from './Icon.tsx'
import type { MenuPlace } from './Menu.tsx'
import css from './Reactions.module.css'
import { hasReacted, QUICK_EMOJI, reactionPicker } from './reactions.ts'
import { useMenuKeys } from './use-menu-keys.ts'
import { usePopover } from './use-popover.ts'

type Props = { conversation: OpenConversation; message: Message; meId: string; place: MenuPlace }

/** A few emoji at the message: one press reacts, or takes it back. */
export function ReactionPicker({ conversation, message, meId, place }: Props) {
  const picker = useRef<HTMLDivElement>(null)
  const close = () => {
    reactionPicker.value = null
  }
  usePopover(picker, place, close)
  const pressed = useMenuKeys(picker, close, true)
  const words = t()

  return (
    <div
      ref={picker}
      class={css.picker}
      popover="manual"
      role="menu"
      aria-orientation="horizontal"
      aria-label={words.react}
      tabIndex={-1}
      onKeyDown={pressed}
      onContextMenu={(event) => event.preventDefault()}
    >
      {QUICK_EMOJI.map((emoji) => {
        const isMine = hasReacted(message.reactions, emoji, meId)
        return (
          <button
            key={emoji}
            type="button"
            class={css.emoji}
            role="menuitemcheckbox"
            aria-checked={isMine}
            aria-label={words.reactWith(emoji)}
            tabIndex={-1}
            onClick={() => {
              close()
              conversation.react(message.seq, emoji, !isMine)
            }}
          >
            {emoji}
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
          reactionPicker.value = { seq: message.seq, place, isFull: true }
        }}
      >
        <Icon name="plus" />
      </button>
    </div>
  )
}
