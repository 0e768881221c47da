import { useEffect, useRef, useState } from 'preact/hooks'
import { aidWords } from '../locales/aids.ts'
import { announce } from '../state/announcer.ts'
import { allEmoji, loadEmoji } from '../state/emoji.ts'
import { EMOJI_GROUPS, type EmojiGroup } from '../state/emoji-table.ts'
import { t } from '../state/i18n.ts'
import { recentEmoji, rememberEmoji } from '../state/recent-emoji.ts'
import { EmojiGrid } from './EmojiGrid.tsx'
import css from './EmojiPicker.module.css'
import { EmojiTabs } from './EmojiTabs.tsx'
import { findEmoji } from './find-emoji.ts'
import { isTouch } from './is-touch.ts'
import type { MenuPlace } from './Menu.tsx'
import searchField from './SearchField.module.css'
import { usePopover } from './use-popover.ts'

/** More would be a search that needs another letter. */
const FOUND_MAX = 64
const SPOKEN_AFTER_MS = 500

export type EmojiKind = EmojiGroup | 'recent'

export type EmojiPickerProps = { place: MenuPlace; onPick: (emoji: string) => void; onClose: () => void }

/** Every emoji: by kind, by name, and those that were used last (M17). */
export function EmojiPicker({ place, onPick, onClose }: EmojiPickerProps) {
  const popover = useRef<HTMLDivElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [recent] = useState(recentEmoji)
  const [kind, setKind] = useState<EmojiKind>(recent.length > 0 ? 'recent' : EMOJI_GROUPS[0])
  const [typed, setTyped] = useState('')
  const [hasFailed, setFailed] = useState(false)
  const words = aidWords()
  usePopover(popover, place, onClose)

  useEffect(() => {
    loadEmoji().catch(() => setFailed(true))
  }, [])
  const all = allEmoji.value
  const isSearch = typed.trim() !== ''
  const shown = isSearch ? findEmoji(all ?? [], typed, FOUND_MAX) : ofKind(kind)
  function ofKind(wanted: EmojiKind) {
    if (wanted !== 'recent') return (all ?? []).filter(({ group }) => group === wanted)
    return recent.flatMap((text) => all?.find((each) => each.text === text) ?? [])
  }

  useEffect(() => {
    if (!isSearch || all === null) return
    const text = shown.length > 0 ? t().found(shown.length) : words.none(typed)
    const timer = setTimeout(() => announce(text), SPOKEN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [typed, all])

  const pick = (emoji: string) => {
    rememberEmoji(emoji)
    // First closed, so that the focus is back before what is done moves it on.
    onClose()
    onPick(emoji)
  }
  const pressed = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229) return
    const isBare = !event.ctrlKey && !event.metaKey && !event.altKey
    if (event.key === 'Escape') {
      event.preventDefault()
      if (typed === '') onClose()
      else setTyped('')
    }
    // Whoever types on an emoji means to search; the letter itself lands in the field.
    if (isBare && [...event.key].length === 1 && event.key !== ' ') field.current?.focus()
    if (isBare) event.stopPropagation()
  }
  const firstCell = () => popover.current?.querySelector<HTMLElement>('[role="tabpanel"] button')

  return (
    <div
      ref={popover}
      class={css.picker}
      popover="manual"
      role="dialog"
      aria-label={words.emoji}
      onKeyDown={pressed}
      onFocusOut={({ relatedTarget, currentTarget }) => {
        if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget)) onClose()
      }}
    >
      <input
        ref={field}
        class={`${searchField.field} ${css.search}`}
        type="search"
        aria-label={words.search}
        placeholder={words.search}
        autocomplete="off"
        spellcheck={false}
        dir="auto"
        // On touch a keyboard that nobody asked for would cover what there is to see.
        data-entry={isTouch() ? undefined : true}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.isComposing || event.keyCode === 229) return
          const [first] = shown
          if (event.key === 'Enter' && isSearch && first) pick(first.text)
          else if (event.key === 'ArrowDown') firstCell()?.focus()
          else return
          event.preventDefault()
        }}
      />
      <EmojiTabs
        kinds={recent.length > 0 ? ['recent', ...EMOJI_GROUPS] : EMOJI_GROUPS}
        kind={isSearch ? null : kind}
        onChoose={(next) => {
          setTyped('')
          setKind(next)
        }}
      />
      <EmojiGrid
        key={isSearch ? typed : kind}
        label={isSearch ? t().results : kind === 'recent' ? words.recent : words.groups[kind]}
        emoji={shown}
        note={hasFailed ? t().emojiFailed : all === null ? t().loading : isSearch ? words.none(typed) : ''}
        onPick={pick}
        onLeave={() => field.current?.focus()}
      />
    </div>
  )
}
