import type { InboxRow, Message } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { Menu } from './Menu.tsx'
import { messageActions, messageMenu } from './message-menu.ts'
import type { TimelineView } from './timeline-view.ts'

type Props = { messages: readonly Message[]; row: InboxRow; view: TimelineView }

/** The one menu of the message list, at the message that asked for it. */
export function MessageMenu({ messages, row, view }: Props) {
  const opened = messageMenu.value
  const message = opened && messages.findLast(({ seq }) => seq === opened.seq)
  if (!opened || !message) return null
  return (
    <Menu
      key={opened.seq}
      label={t().messageActions}
      place={opened.place}
      items={messageActions(message, { row, view })}
      onClose={() => {
        messageMenu.value = null
      }}
    />
  )
}
