/** How the menu of a message is asked for: by a right click, the menu key, or a finger that stays. */
import { signal } from '@preact/signals'
import type { MenuPlace } from './Menu.tsx'
import type { ListName } from './reactions.ts'

/** Held longer than this, a touch means the menu (MA-1). */
const LONG_PRESS_MS = 450
/** A click follows the finger's going within this. */
const AFTER_RELEASE_MS = 50
/** A finger that moves further means to scroll. */
const LONG_PRESS_SLOP_PX = 10

/** The message whose menu is open, by its seq. */
export const messageMenu = signal<{ seq: number; list: ListName; place: MenuPlace } | null>(null)

/** A root stands in two lists: its menu opens in the one where it was asked for. */
export function listOf(target: Element): ListName {
  return target.closest<HTMLElement>('[data-list]')?.dataset.list === 'thread' ? 'thread' : 'main'
}

/** Right click, or the menu key: ours, except where the browser's own has more to offer. */
export function openedByContext(event: MouseEvent): void {
  const { target } = event
  if (!(target instanceof Element) || event.shiftKey || target.closest('a, img') !== null) return
  if (getSelection()?.isCollapsed === false) return
  const seq = seqOf(target)
  if (seq === null) return
  event.preventDefault()
  const isByKey = event.button !== 2 && event.clientX === 0
  const box = target.getBoundingClientRect()
  messageMenu.value = {
    seq,
    list: listOf(target),
    place: isByKey ? box : { x: event.clientX, y: event.clientY, width: 0, height: 0 },
  }
}

/** A finger that stays where it is. */
export function heldByTouch(event: PointerEvent): void {
  const { target, clientX: x, clientY: y } = event
  if (
    event.pointerType !== 'touch' ||
    !(target instanceof Element) ||
    target.closest('a, button:not([data-picture])')
  )
    return
  const seq = seqOf(target)
  if (seq === null) return
  const end = () => {
    clearTimeout(timer)
    for (const name of ['pointerup', 'pointercancel'] as const) removeEventListener(name, end)
    removeEventListener('pointermove', moved)
  }
  const moved = (move: PointerEvent) => {
    if (Math.hypot(move.clientX - x, move.clientY - y) > LONG_PRESS_SLOP_PX) end()
  }
  const timer = setTimeout(() => {
    end()
    // Its list has gone under the finger.
    if (!target.isConnected) return
    ignoreRelease()
    messageMenu.value = { seq, list: listOf(target), place: { x, y, width: 0, height: 0 } }
  }, LONG_PRESS_MS)
  for (const name of ['pointerup', 'pointercancel'] as const) addEventListener(name, end)
  addEventListener('pointermove', moved)
}

/** What opens under the finger must not be pressed by its going; the next press counts again. */
function ignoreRelease(): void {
  const ignore = (event: Event) => {
    event.preventDefault()
    event.stopPropagation()
  }
  const stop = () => {
    removeEventListener('click', ignore, true)
    removeEventListener('pointerdown', stop, true)
    for (const name of ['pointerup', 'pointercancel'] as const) removeEventListener(name, released)
  }
  const released = () => void setTimeout(stop, AFTER_RELEASE_MS)
  addEventListener('click', ignore, true)
  addEventListener('pointerdown', stop, true)
  for (const name of ['pointerup', 'pointercancel'] as const) addEventListener(name, released)
}

/** The message that an element belongs to, by its seq. */
export function seqOf(target: Element): number | null {
  const row = target.closest<HTMLElement>('article')?.closest<HTMLElement>('[data-seq]')
  return row?.dataset.seq ? Number(row.dataset.seq) : null
}
