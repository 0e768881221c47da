import { useRef } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'
import type { Message } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import type { MenuPlace } from './Menu.tsx'
import { QuickEmoji } from './QuickEmoji.tsx'
import css from './Reactions.module.css'
import { type ListName, QUICK_EMOJI, reactionPicker } from './reactions.ts'
import { useMenuKeys } from './use-menu-keys.ts'
import { usePopover } from './use-popover.ts'

type Props = {
  conversation: OpenConversation
  message: Message
  meId: string
  list: ListName
  place: MenuPlace
}

/** A few emoji at the message. */
export function ReactionPicker({ conversation, message, meId, list, place }: Props) {
  const picker = useRef<HTMLDivElement>(null)
  const close = () => {
    reactionPicker.value = null
  }
  usePopover(picker, place, close)
  const pressed = useMenuKeys(picker, close, true)
  return (
    <div
      ref={picker}
      class={css.picker}
      popover="manual"
      role="menu"
      aria-orientation="horizontal"
      aria-label={t().react}
      tabIndex={-1}
      onKeyDown={pressed}
      onContextMenu={(event) => event.preventDefault()}
    >
      <QuickEmoji {...{ conversation, message, meId, list, place }} emoji={QUICK_EMOJI} onClose={close} />
    </div>
  )
}
