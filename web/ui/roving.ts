/** One tab stop for a whole list; arrows, Home and End move inside it (CL-9, AX-4). */

export type Roving = { refresh(): void; stop(): void }

/**
 * @param container holds the items; `selector` finds them in order
 * @param start which item is the tab stop until someone has moved
 */
export function rove(
  container: HTMLElement,
  selector: string,
  start: (items: readonly HTMLElement[]) => HTMLElement | undefined,
): Roving {
  let current: HTMLElement | undefined
  const items = () => [...container.querySelectorAll<HTMLElement>(selector)]
  const take = (item: HTMLElement) => {
    if (current !== item) current?.setAttribute('tabindex', '-1')
    current = item
    item.setAttribute('tabindex', '0')
  }
  const refresh = () => {
    if (current?.isConnected) return
    const first = start(items())
    if (first) take(first)
  }
  const focused = (event: FocusEvent) => {
    const item = event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null
    if (item && container.contains(item)) take(item)
  }
  const pressed = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const all = items()
    const at = all.indexOf(document.activeElement as HTMLElement)
    const to = target(event.key, at, all.length)
    if (at < 0 || to === null) return
    event.preventDefault()
    all[to]?.focus()
  }
  container.addEventListener('focusin', focused)
  container.addEventListener('keydown', pressed)
  refresh()
  return {
    refresh,
    stop() {
      container.removeEventListener('focusin', focused)
      container.removeEventListener('keydown', pressed)
    },
  }
}

function target(key: string, at: number, length: number): number | null {
  if (key === 'ArrowDown') return Math.min(length - 1, at + 1)
  if (key === 'ArrowUp') return Math.max(0, at - 1)
  if (key === 'Home') return 0
  if (key === 'End') return length - 1
  return null
}
