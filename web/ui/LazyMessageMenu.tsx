import { t } from '../state/i18n.ts'
import { showToast } from '../state/toasts.ts'
import { later, useWanted } from './later.ts'
import type { MessageMenuProps } from './MessageMenu.tsx'
import { messageMenu } from './open-message-menu.ts'
import { reactionPicker } from './reactions.ts'

const menu = later(async () => (await import('./MessageMenu.tsx')).MessageMenu)

/** Not on the screen at first, so it comes after it. */
export function MessageMenu(props: MessageMenuProps) {
  const isWanted = messageMenu.value !== null || reactionPicker.value !== null
  const Menu = useWanted(menu, isWanted, () => {
    messageMenu.value = null
    reactionPicker.value = null
    showToast({ text: t().partFailed, isError: true })
  })
  return Menu && <Menu {...props} />
}
