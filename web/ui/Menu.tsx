import { useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from './Icon.tsx'
import type { IconName } from './icon-names.ts'
import css from './Menu.module.css'
import { menuTarget } from './menu-keys.ts'

export type MenuItem =
  | { kind: 'action'; label: string; icon: IconName; isDanger?: boolean; run: () => void }
  /** One of a few; `isChosen` says which. */
  | { kind: 'choice'; label: string; isChosen: boolean; run: () => void }
  /** Starts a named part of the menu. */
  | { kind: 'heading'; label: string }

/** Where a menu opens: at a button's box, or at the pointer. In CSS pixels of the viewport. */
export type MenuPlace = { x: number; y: number; width: number; height: number }

type Props = { label: string; items: readonly MenuItem[]; place: MenuPlace; onClose: () => void }

/** Air between a menu and what it belongs to, and to the edge of the window. */
const GAP_PX = 4

/**
 * A menu in the top layer. It gives the focus back to whoever had it. A manual popover, because a light one
 * is dismissed by the release of the very right click that opened it.
 */
export function Menu({ label, items, place, onClose }: Props) {
  const menu = useRef<HTMLDivElement>(null)
  const typed = useRef({ text: '', at: 0 })

  useLayoutEffect(() => {
    const { current } = menu
    if (!current) return
    const invoker = document.activeElement
    current.showPopover()
    moveTo(current, place)
    entries(current)[0]?.focus({ preventScroll: true })
    const pressedOutside = (event: Event) => {
      if (event.target instanceof Node && !current.contains(event.target)) onClose()
    }
    addEventListener('pointerdown', pressedOutside, true)
    addEventListener('resize', onClose)
    return () => {
      removeEventListener('pointerdown', pressedOutside, true)
      removeEventListener('resize', onClose)
      const hadFocus = current.contains(document.activeElement)
      current.hidePopover()
      if (hadFocus && invoker instanceof HTMLElement && invoker.isConnected) invoker.focus()
    }
  }, [])
  const pressed = (event: KeyboardEvent) => {
    if (!menu.current) return
    const all = entries(menu.current)
    const at = all.indexOf(document.activeElement as HTMLElement)
    if (event.key === 'Escape' || event.key === 'Tab') onClose()
    else {
      const target = menuTarget(
        { key: event.key, at, labels: all.map(nameOf), typed: typed.current },
        Date.now(),
      )
      if (target === null) return
      all[target]?.focus()
    }
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div
      ref={menu}
      class={css.menu}
      popover="manual"
      role="menu"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={pressed}
      onContextMenu={(event) => event.preventDefault()}
    >
      {items.map((item) => drawItem(item, onClose))}
    </div>
  )
}

function drawItem(item: MenuItem, onClose: () => void) {
  if (item.kind === 'heading') {
    return (
      <div key={item.label} class={css.heading} role="presentation">
        {item.label}
      </div>
    )
  }
  const press = () => {
    // First closed, so that the focus is back before what is done moves it on.
    onClose()
    item.run()
  }
  if (item.kind === 'choice') {
    return (
      <button
        key={item.label}
        type="button"
        class={css.item}
        role="menuitemradio"
        aria-checked={item.isChosen}
        tabIndex={-1}
        onClick={press}
      >
        <Icon name="check" class={item.isChosen ? '' : css.unchosen} />
        <span>{item.label}</span>
      </button>
    )
  }
  return (
    <button
      key={item.label}
      type="button"
      class={css.item}
      role="menuitem"
      tabIndex={-1}
      data-danger={item.isDanger}
      onClick={press}
    >
      <Icon name={item.icon} />
      <span>{item.label}</span>
    </button>
  )
}

function entries(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('button')]
}

function nameOf(entry: HTMLElement): string {
  return entry.textContent ?? ''
}

/** Below its place; where there is no room above a button, or as far down as fits at a pointer. */
function moveTo(menu: HTMLElement, place: MenuPlace): void {
  const { offsetWidth: width, offsetHeight: height } = menu
  const isButton = place.width > 0
  const isLeftToRight = getComputedStyle(menu).direction !== 'rtl'
  const x = isButton && isLeftToRight ? place.x + place.width - width : place.x
  const below = place.y + place.height + GAP_PX
  const above = place.y - height - GAP_PX
  const y = isButton && below + height > innerHeight && above > 0 ? above : below
  menu.style.left = `${clamp(x, innerWidth - width)}px`
  menu.style.top = `${clamp(y, innerHeight - height)}px`
}

function clamp(value: number, max: number): number {
  return Math.max(GAP_PX, Math.min(value, max - GAP_PX))
}
