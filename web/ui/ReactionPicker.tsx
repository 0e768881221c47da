import { useRef } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'
import type { Message } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import type { MenuPlace } from './Menu.tsx'
import { menuTarget } from './menu-keys.ts'
import css from './Reactions.module.css'
import { hasReacted, QUICK_EMOJI, reactionPicker } from './reactions.ts'
import { usePopover } from './use-popover.ts'

/** A row is walked sideways; what the keys mean is the menus' rule. */
const SIDEWAYS: Record<string, string> = { ArrowRight: 'ArrowDown', ArrowLeft: 'ArrowUp' }

type Props = { conversation: OpenConversation; message: Message; meId: string; place: MenuPlace }

/** A few emoji at the message: one press reacts, or takes it back. */
export function ReactionPicker({ conversation, message, meId, place }: Props) {
  const picker = useRef<HTMLDivElement>(null)
  const close = () => {
    reactionPicker.value = null
  }
  usePopover(picker, place, close)
  const words = t()

  const pressed = (event: KeyboardEvent) => {
    const all = [...(picker.current?.querySelectorAll<HTMLElement>('button') ?? [])]
    const at = all.indexOf(document.activeElement as HTMLElement)
    const key = SIDEWAYS[event.key] ?? event.key
    if (key === 'Escape' || key === 'Tab') close()
    else {
      const target = menuTarget({ key, at, labels: [...QUICK_EMOJI], typed: { text: '', at: 0 } }, Date.now())
      if (target === null) return
      all[target]?.focus()
    }
    event.preventDefault()
    event.stopPropagation()
  }

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
    </div>
  )
}
