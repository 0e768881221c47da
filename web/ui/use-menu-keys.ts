import type { RefObject } from 'preact'
import { useRef } from 'preact/hooks'
import { menuTarget } from './menu-keys.ts'

/** A row is walked sideways; what the keys mean is the menus' rule. */
const SIDEWAYS: Record<string, string> = { ArrowRight: 'ArrowDown', ArrowLeft: 'ArrowUp' }

/**
 * The keys of a menu: they move the focus between its buttons, Esc and Tab close it, and none gets out (AX-5).
 * @returns handles its keydown
 */
export function useMenuKeys(
  menu: RefObject<HTMLElement | null>,
  onClose: () => void,
  isRow = false,
): (event: KeyboardEvent) => void {
  const typed = useRef({ text: '', at: 0 })
  return (event) => {
    if (!menu.current) return
    const all = [...menu.current.querySelectorAll<HTMLElement>('button')]
    const at = all.indexOf(document.activeElement as HTMLElement)
    const key = isRow ? (SIDEWAYS[event.key] ?? event.key) : event.key
    if (key === 'Escape' || key === 'Tab') onClose()
    else {
      const labels = all.map((each) => each.textContent ?? '')
      const target = menuTarget({ key, at, labels, typed: typed.current }, Date.now())
      if (target === null) return
      all[target]?.focus()
    }
    event.preventDefault()
    event.stopPropagation()
  }
}
