import { aidWords } from '../locales/aids.ts'
import css from './EmojiPicker.module.css'
import type { EmojiKind } from './EmojiPicker.tsx'

const FACES: Record<EmojiKind, string> = {
  recent: '🕘',
  0: '😀',
  1: '👋',
  3: '🐻',
  4: '🍎',
  5: '🚗',
  6: '🎉',
  7: '💡',
  8: '💛',
  9: '🏁',
}

/** The element that shows what a tab is for. */
export const EMOJI_PANEL = 'emoji-panel'

type Props = {
  kinds: readonly EmojiKind[]
  /** Null while something is searched for. */
  kind: EmojiKind | null
  onChoose: (kind: EmojiKind) => void
}

/** The kinds of emoji: one tab stop, the arrows choose. */
export function EmojiTabs({ kinds, kind, onChoose }: Props) {
  const words = aidWords()
  const stop = kind ?? kinds[0]
  const pressed = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const at = kinds.indexOf(stop ?? 0)
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const to = (at + step + kinds.length) % kinds.length
    const next = kinds[to]
    if (step === 0 || next === undefined) return
    event.preventDefault()
    onChoose(next)
    event.currentTarget.querySelectorAll<HTMLElement>('button')[to]?.focus()
  }
  return (
    <div class={css.tabs} role="tablist" aria-label={words.categories} tabIndex={-1} onKeyDown={pressed}>
      {kinds.map((each) => {
        const label = each === 'recent' ? words.recent : words.groups[each]
        return (
          <button
            key={each}
            type="button"
            class={css.tab}
            role="tab"
            aria-label={label}
            title={label}
            aria-selected={each === kind}
            aria-controls={EMOJI_PANEL}
            tabIndex={each === stop ? 0 : -1}
            onClick={() => onChoose(each)}
          >
            {FACES[each]}
          </button>
        )
      })}
    </div>
  )
}
