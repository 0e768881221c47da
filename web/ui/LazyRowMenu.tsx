import { t } from '../state/i18n.ts'
import { showToast } from '../state/toasts.ts'
import { later, useWanted } from './later.ts'
import { rowMenu } from './open-row-menu.ts'
import type { RowMenuProps } from './RowMenu.tsx'

const menu = later(async () => (await import('./RowMenu.tsx')).RowMenu)

/** Not on the screen at first, so it comes after it. */
export function RowMenu(props: RowMenuProps) {
  const Menu = useWanted(menu, rowMenu.value !== null, () => {
    rowMenu.value = null
    showToast({ text: t().partFailed, isError: true })
  })
  return Menu && <Menu {...props} />
}
