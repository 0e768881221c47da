import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { Icon } from './Icon.tsx'
import type { IconName } from './icon-names.ts'
import css from './Menu.module.css'
import { useMenuKeys } from './use-menu-keys.ts'
import { usePopover } from './use-popover.ts'

export type MenuItem =
  | { kind: 'action'; label: string; icon: IconName; isDanger?: boolean; run: () => void }
  /** One of a few; `isChosen` says which. */
  | { kind: 'choice'; label: string; isChosen: boolean; run: () => void }
  /** Starts a named part of the menu. */
  | { kind: 'heading'; label: string }

/** Where a menu opens: at a button's box, or at the pointer. In CSS pixels of the viewport. */
export type MenuPlace = { x: number; y: number; width: number; height: number }

type Props = {
  label: string
  items: readonly MenuItem[]
  place: MenuPlace
  /** From the lower edge of the window instead: fingers reach it, and cover nothing of what it is about. */
  isSheet?: boolean
  /** Buttons above the items, in a row. */
  children?: ComponentChildren
  onClose: () => void
}

/** A menu in the top layer, walked with the arrow keys. */
export function Menu({ label, items, place, isSheet = false, children, onClose }: Props) {
  const menu = useRef<HTMLDivElement>(null)

  usePopover(menu, isSheet ? null : place, onClose)
  const pressed = useMenuKeys(menu, onClose)

  return (
    <div
      ref={menu}
      class={isSheet ? css.sheet : css.menu}
      popover="manual"
      role="menu"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={pressed}
      onContextMenu={(event) => event.preventDefault()}
    >
      {children && <div class={css.row}>{children}</div>}
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
