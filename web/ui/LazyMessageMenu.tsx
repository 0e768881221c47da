import { useEffect } from 'preact/hooks'
import { t } from '../state/i18n.ts'
import { showToast } from '../state/toasts.ts'
import { later, useWanted } from './later.ts'
import type { MessageMenuProps } from './MessageMenu.tsx'
import { messageAt } from './message-window.ts'
import { messageMenu } from './open-message-menu.ts'
import { type ListName, reactionPicker } from './reactions.ts'

const menu = later(async () => (await import('./MessageMenu.tsx')).MessageMenu)

/** Not on the screen at first, so it comes after it. */
export function MessageMenu(props: MessageMenuProps) {
  const { messages, list } = props
  const isWanted = messageMenu.value?.list === list || reactionPicker.value?.list === list
  const Menu = useWanted(menu, isWanted, () => {
    close(list)
    showToast({ text: t().partFailed, isError: true })
  })
  // Left open without its message, it would open again over the message of another conversation that has its seq.
  useEffect(() => close(list, (seq) => !messageAt(messages, seq)))
  useEffect(() => () => close(list), [list])
  return Menu && <Menu {...props} />
}

function close(list: ListName, isMeant: (seq: number) => boolean = () => true): void {
  for (const opened of [messageMenu, reactionPicker]) {
    const value = opened.peek()
    if (value?.list === list && isMeant(value.seq)) opened.value = null
  }
}
