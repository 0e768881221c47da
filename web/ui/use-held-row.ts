import { useLayoutEffect, useRef } from 'preact/hooks'

type Held = { key: string; top: number }

/**
 * Rows that come in above would push away what somebody is on: the scroller goes along.
 * @param chosen the `data-key` of the row that was chosen; without one, the first that is seen after scrolling
 */
export function useHeldRow(scroller: { readonly current: HTMLElement | null }, chosen: string | null) {
  const held = useRef<Held | null>(null)
  const look = () => {
    held.current = scroller.current && heldIn(scroller.current, chosen)
  }
  useLayoutEffect(() => {
    const { current } = scroller
    const before = held.current
    const row = current && before && rowOf(current, before.key)
    if (row) current.scrollTop += topIn(current, row) - before.top
    look()
  })
  return look
}

function heldIn(scroller: HTMLElement, chosen: string | null): Held | null {
  const isSeen = (row: Element) => topIn(scroller, row) > -row.clientHeight
  const first = scroller.scrollTop > 0 ? [...scroller.querySelectorAll('[data-key]')].find(isSeen) : null
  const row = (chosen === null ? null : rowOf(scroller, chosen)) ?? first
  const key = row?.getAttribute('data-key')
  return row && key ? { key, top: topIn(scroller, row) } : null
}

function rowOf(scroller: HTMLElement, key: string): Element | null {
  return scroller.querySelector(`[data-key="${key}"]`)
}

function topIn(scroller: HTMLElement, row: Element): number {
  return row.getBoundingClientRect().top - scroller.getBoundingClientRect().top
}
