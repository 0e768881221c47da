import type { RefObject } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import type { MenuPlace } from './Menu.tsx'

/** Air between a popover and what it belongs to, and to the edge of the window. */
const GAP_PX = 4

/**
 * Shows an element in the top layer at its place, with the focus on its field or its first button, until a press
 * elsewhere or a new size of the window; then the focus goes back to whoever had it. A manual popover, because a light
 * one is dismissed by the release of the very right click that opened it.
 * @param place null where its style says where it is
 */
export function usePopover(
  popover: RefObject<HTMLElement | null>,
  place: MenuPlace | null,
  onClose: () => void,
): void {
  useLayoutEffect(() => {
    const { current } = popover
    if (!current) return
    const invoker = document.activeElement
    current.showPopover()
    if (place) moveTo(current, place)
    current.querySelector<HTMLElement>('input[data-entry], button')?.focus({ preventScroll: true })
    const pressedOutside = (event: Event) => {
      const { target } = event
      if (!(target instanceof Element) || current.contains(target)) return
      // Its button closes it itself: closed by this press already, the click would open it again.
      if (target.closest('[aria-haspopup="dialog"][aria-expanded="true"]') === null) onClose()
    }
    const resized = () => {
      // A touch keyboard that comes for a field inside takes room from the window: that is no reason to go.
      if (place && current.querySelector('input:focus')) moveTo(current, place)
      else onClose()
    }
    addEventListener('pointerdown', pressedOutside, true)
    addEventListener('resize', resized)
    return () => {
      removeEventListener('pointerdown', pressedOutside, true)
      removeEventListener('resize', resized)
      const hadFocus = current.contains(document.activeElement)
      current.hidePopover()
      if (hadFocus && invoker instanceof HTMLElement && invoker.isConnected) invoker.focus()
    }
  }, [])
}

/** Below its place; where there is no room above a button, or as far down as fits at a pointer. */
function moveTo(popover: HTMLElement, place: MenuPlace): void {
  const { offsetWidth: width, offsetHeight: height } = popover
  const isButton = place.width > 0
  const isLeftToRight = getComputedStyle(popover).direction !== 'rtl'
  const x = isButton && isLeftToRight ? place.x + place.width - width : place.x
  const below = place.y + place.height + GAP_PX
  const above = place.y - height - GAP_PX
  const y = isButton && below + height > innerHeight && above > 0 ? above : below
  popover.style.left = `${clamp(x, innerWidth - width)}px`
  popover.style.top = `${clamp(y, innerHeight - height)}px`
}

function clamp(value: number, max: number): number {
  return Math.max(GAP_PX, Math.min(value, max - GAP_PX))
}
