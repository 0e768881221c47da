import type { ReadonlySignal, Signal } from '@preact/signals'
import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect, useId, useMemo, useRef } from 'preact/hooks'
import type { ConversationState } from '../../src/client/conversation.ts'
import { aidWords } from '../locales/aids.ts'
import { announce } from '../state/announcer.ts'
import { allEmoji, loadEmoji } from '../state/emoji.ts'
import { rememberEmoji } from '../state/recent-emoji.ts'
import { endComposition, replaceInField } from './field-edit.ts'
import { type SuggestionQuery, suggestionQueryAt } from './suggestion-query.ts'
import { type Suggestion, suggestionsFor } from './suggestions.ts'

/** A count is spoken once it has settled. */
const SPOKEN_AFTER_MS = 300

export type SuggestionParts = {
  field: { readonly current: HTMLTextAreaElement | null }
  /** What stands in the field. */
  text: Signal<string>
  isComposing: RefObject<boolean>
  state: ReadonlySignal<ConversationState>
  meId: string
}

export type Suggestions = {
  items: readonly Suggestion[]
  /** The chosen one's place. */
  at: number
  listId: string
  choose(at: number): void
  accept(item: Suggestion): void
  /** Something was typed: is something asked for? */
  typed(): void
  /** @returns whether the key was meant for the list */
  pressed(event: KeyboardEvent): boolean
}

/**
 * Members behind an `@` and emoji behind a `:` (CO-9). Typing opens the list, and only that: arrows that walk
 * through a text past somebody's name must not be caught by it.
 */
export function useSuggestions({ field, text, isComposing, state, meId }: SuggestionParts): Suggestions {
  const asked = useSignal<(SuggestionQuery & { text: string }) | null>(null)
  const chosen = useSignal(0)
  /** Where the sign stands whose list was closed with Esc: typing on does not open that one again. */
  const refusedAt = useRef<number | null>(null)
  const listId = useId()

  // A text that came otherwise, as a draft does or by sending, was not asked about.
  const current = asked.value?.text === text.value ? asked.value : null
  const { members, messages, role } = state.value
  const emoji = current?.kind === 'emoji' ? allEmoji.value : null
  const items = useMemo(
    () => (current ? suggestionsFor(current, { state: { members, messages, role }, meId, emoji }) : []),
    [current, members, messages, role, emoji, meId],
  )
  const at = Math.min(chosen.value, items.length - 1)
  const { length } = items

  const close = () => {
    asked.value = null
  }

  useEffect(() => {
    if (length === 0) return
    const timer = setTimeout(() => announce(aidWords().suggestions(length)), SPOKEN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [length, current?.start])

  const isAsked = current !== null
  useEffect(() => {
    const { current: area } = field
    if (!isAsked || !area) return
    const moved = () => {
      // Compared with what was asked last: this may come before that has been drawn.
      if (area.selectionStart !== asked.peek()?.end || area.selectionEnd !== area.selectionStart) close()
    }
    document.addEventListener('selectionchange', moved)
    area.addEventListener('blur', close)
    return () => {
      document.removeEventListener('selectionchange', moved)
      area.removeEventListener('blur', close)
    }
  }, [isAsked])

  const typed = () => {
    const { current: area } = field
    if (!area) return
    const { value, selectionStart, selectionEnd } = area
    const found = selectionStart === selectionEnd ? suggestionQueryAt(value, selectionStart) : null
    if (found === null) refusedAt.current = null
    if (found === null || found.start === refusedAt.current) return close()
    // Not there, or not yet: then there is nothing to show, and the text stays what it is.
    if (found.kind === 'emoji') loadEmoji().catch(() => {})
    asked.value = { ...found, text: value }
    chosen.value = 0
  }

  const accept = (item: Suggestion) => {
    const { current: area } = field
    if (!area) return
    if (isComposing.current) endComposition(area)
    const { value, selectionStart } = area
    const found = suggestionQueryAt(value, selectionStart)
    if (!found) return
    close()
    const isSpaced = item.insert.endsWith(' ') && value[found.end] === ' '
    replaceInField(area, found.start, found.end + (isSpaced ? 1 : 0), item.insert)
    if (item.kind === 'emoji') rememberEmoji(item.insert)
  }

  const pressed = (event: KeyboardEvent): boolean => {
    const item = items[at]
    if (!item || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false
    if (event.key === 'ArrowDown') chosen.value = (at + 1) % length
    else if (event.key === 'ArrowUp') chosen.value = (at - 1 + length) % length
    else if (event.key === 'Enter' || event.key === 'Tab') accept(item)
    else if (event.key === 'Escape') {
      refusedAt.current = current?.start ?? null
      close()
    } else return false
    return true
  }

  return {
    items,
    at,
    listId,
    choose(place) {
      chosen.value = place
    },
    accept,
    typed,
    pressed,
  }
}

export function optionId(listId: string, at: number): string {
  return `${listId}-${at}`
}
