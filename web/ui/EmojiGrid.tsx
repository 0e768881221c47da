import { useRef } from 'preact/hooks'
import type { Emoji } from '../state/emoji-table.ts'
import css from './EmojiPicker.module.css'
import { EMOJI_PANEL } from './EmojiTabs.tsx'
import { gridTarget } from './emoji-grid.ts'

type Props = {
  label: string
  emoji: readonly Emoji[]
  /** What stands there while there are none. */
  note: string
  onPick: (text: string) => void
  /** Up from the first row. */
  onLeave: () => void
}

/** Emoji to press: one tab stop, walked with the arrows. */
export function EmojiGrid({ label, emoji, note, onPick, onLeave }: Props) {
  const panel = useRef<HTMLDivElement>(null)
  const pressed = (event: KeyboardEvent) => {
    const all = [...(panel.current?.querySelectorAll<HTMLElement>('button') ?? [])]
    const at = all.indexOf(document.activeElement as HTMLElement)
    const to = at < 0 ? null : gridTarget(event.key, at, all.length)
    if (to === null) return
    event.preventDefault()
    if (to < 0) return onLeave()
    all[at]?.setAttribute('tabindex', '-1')
    all[to]?.setAttribute('tabindex', '0')
    all[to]?.focus()
  }
  return (
    <div
      ref={panel}
      id={EMOJI_PANEL}
      class={css.panel}
      role="tabpanel"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={pressed}
    >
      <p class={css.label}>{emoji.length > 0 ? label : note}</p>
      <div class={css.grid}>
        {emoji.map(({ text, title }, index) => (
          <button
            key={text}
            type="button"
            class={css.cell}
            aria-label={title}
            title={title}
            tabIndex={index === 0 ? 0 : -1}
            onClick={() => onPick(text)}
          >
            {text}
          </button>
        ))}
      </div>
    </div>
  )
}
