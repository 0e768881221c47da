import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/**
 * A row that is taken off a list takes its button with it, and the focus: it goes to the row that stands in
 * its place, or to whatever is left.
 * @returns to be called with the place of the row, just before it goes
 */
export function useKeptFocus(list: RefObject<HTMLElement | null>, count: number): (at: number) => void {
  const gone = useRef<number | null>(null)
  useLayoutEffect(() => {
    const at = gone.current
    gone.current = null
    if (at === null || list.current?.contains(document.activeElement)) return
    const rows = list.current?.querySelectorAll<HTMLElement>('[data-open]') ?? []
    const next = rows[Math.min(at, rows.length - 1)]
    const rest = list.current?.closest<HTMLElement>('dialog, [data-region]')
    if (next) next.focus()
    else (rest?.querySelector<HTMLElement>('button') ?? rest)?.focus()
  }, [count])
  return (at) => {
    gone.current = at
  }
}
