import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { markOf, toggleMark } from './field-marks.ts'
import { SuggestionList } from './SuggestionList.tsx'
import { optionId, type SuggestionParts, useSuggestions } from './use-suggestions.ts'

export type WritingAidsProps = SuggestionParts

/**
 * Helps in a field that works without it: suggestions (CO-9) and marks around what is selected (1.11). It hears
 * the keys before the field does, and leaves it those that are not meant for it.
 */
export function WritingAids(props: WritingAidsProps) {
  const { field } = props
  const suggestions = useSuggestions(props)
  const { items, at, listId } = suggestions
  const latest = useRef(suggestions)
  latest.current = suggestions

  useEffect(() => {
    const { current: area } = field
    const box = area?.parentElement
    if (!area || !box) return
    const typed = () => latest.current.typed()
    const pressed = (event: KeyboardEvent) => {
      // The input method's keys are its own (CO-2).
      if (event.target !== area || event.isComposing || event.keyCode === 229) return
      const mark = markOf(event)
      if (mark) toggleMark(area, mark)
      else if (!latest.current.pressed(event)) return
      event.preventDefault()
      event.stopPropagation()
    }
    area.addEventListener('input', typed)
    // Whoever was faster than these came has typed already.
    if (document.activeElement === area && area.value !== '') typed()
    box.addEventListener('keydown', pressed, true)
    return () => {
      area.removeEventListener('input', typed)
      box.removeEventListener('keydown', pressed, true)
    }
  }, [field])

  // The field keeps the role that it has: a text area may not be a combobox, but may say what it controls.
  useLayoutEffect(() => {
    const { current: area } = field
    area?.setAttribute('aria-autocomplete', 'list')
    if (!area || items.length === 0) return
    area.setAttribute('aria-controls', listId)
    area.setAttribute('aria-activedescendant', optionId(listId, at))
    return () => {
      for (const name of ['aria-controls', 'aria-activedescendant']) area.removeAttribute(name)
    }
  }, [field, items.length, listId, at])

  return <SuggestionList suggestions={suggestions} />
}
