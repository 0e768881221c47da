import { useLocation } from 'preact-iso'
import type { InboxRow, User } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { minute } from '../state/today.ts'
import { Menu } from './Menu.tsx'
import { conversationName } from './names.ts'
import { rowMenu } from './open-row-menu.ts'
import { rowActions } from './row-menu.ts'

export type RowMenuProps = { rows: readonly InboxRow[]; me: User; openId: string | null }

/** The menu of a row in the list, where one was asked for. */
export function RowMenu({ rows, me, openId }: RowMenuProps) {
  const { route } = useLocation()
  const opened = rowMenu.value
  const row = opened && rows.find(({ id }) => id === opened.id)
  if (!opened || !row) return null
  const name = conversationName(row, me.id)
  const onLeft = () => {
    if (row.id === openId) route('/', true)
  }
  return (
    <Menu
      key={`${row.id} ${opened.place.x} ${opened.place.y}`}
      label={t().actionsFor(name)}
      place={opened.place}
      items={rowActions(row, { meId: me.id, now: minute.value, name, onLeft })}
      onClose={() => {
        rowMenu.value = null
      }}
    />
  )
}
