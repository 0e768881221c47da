/** What can be done with one message. A new action is one more entry here. */
import { signal } from '@preact/signals'
import type { InboxRow, Message } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { showToast } from '../state/toasts.ts'
import type { MenuItem, MenuPlace } from './Menu.tsx'
import { markUnreadFrom } from './row-menu.ts'
import type { TimelineView } from './timeline-view.ts'

/** Held longer than this, a touch means the menu (MA-1). */
const LONG_PRESS_MS = 450
/** A finger that moves further means to scroll. */
const LONG_PRESS_SLOP_PX = 10

/** The message whose menu is open, by its seq. */
export const messageMenu = signal<{ seq: number; place: MenuPlace } | null>(null)

type Context = { row: InboxRow; view: TimelineView }

/** MA-2: in this order; what is not possible is not shown. */
export function messageActions(message: Message, { row, view }: Context): MenuItem[] {
  const text = t()
  const items: MenuItem[] = []
  if (message.deletedAt === null && message.text !== '') {
    items.push({ kind: 'action', label: text.copyText, icon: 'copy', run: () => void copy(message.text) })
  }
  const markUnread = async () => {
    await view.holdUnread(message.seq)
    await markUnreadFrom(row, message.seq)
  }
  items.push({ kind: 'action', label: text.markUnreadFromHere, icon: 'mail', run: () => void markUnread() })
  return items
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
    place: isByKey ? box : { x: event.clientX, y: event.clientY, width: 0, height: 0 },
  }
}

/** A finger that stays where it is. */
export function heldByTouch(event: PointerEvent): void {
  const { target, clientX: x, clientY: y } = event
  if (event.pointerType !== 'touch' || !(target instanceof Element) || target.closest('a, button')) return
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
    messageMenu.value = { seq, place: { x, y, width: 0, height: 0 } }
  }, LONG_PRESS_MS)
  for (const name of ['pointerup', 'pointercancel'] as const) addEventListener(name, end)
  addEventListener('pointermove', moved)
}

function seqOf(target: Element): number | null {
  const row = target.closest<HTMLElement>('article')?.closest<HTMLElement>('[data-seq]')
  return row?.dataset.seq ? Number(row.dataset.seq) : null
}

async function copy(text: string): Promise<void> {
  const isCopied = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  )
  showToast({ text: isCopied ? t().textCopied : t().textCopyFailed, isError: !isCopied })
}
