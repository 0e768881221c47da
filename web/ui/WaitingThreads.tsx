import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { excerpt, type Message, PREVIEW_MAX } from '../../src/protocol/index.ts'
import { api } from '../state/api.ts'
import { t } from '../state/i18n.ts'
import { showToast } from '../state/toasts.ts'
import { Button } from './Button.tsx'
import row from './ConversationRow.module.css'
import { errorText } from './error-text.ts'
import { Menu, type MenuItem, type MenuPlace } from './Menu.tsx'
import { withoutMarks } from './plain-text.ts'
import { openThread } from './thread-address.ts'

/** There while replies in threads wait for me, however far up their roots are: leads to the thread, or asks to which. */
export function WaitingThreads({ id }: { id: string }) {
  const { path, route } = useLocation()
  const [opened, setOpened] = useState<{ place: MenuPlace; items: MenuItem[] } | null>(null)
  const label = t().threads.waiting
  const open = (root: Message) => openThread(path, route, { root: root.seq, at: null })

  const pressed = async (place: MenuPlace) => {
    try {
      const threads = await api.threads(id)
      const [first] = threads
      if (threads.length === 1 && first) return open(first.root)
      const items = threads.map(({ root }): MenuItem => {
        const label =
          root.deletedAt === null ? excerpt(withoutMarks(root.text), PREVIEW_MAX) : t().messageDeleted
        return { kind: 'action', label, icon: 'messages-square', run: () => open(root) }
      })
      if (items.length > 0) setOpened({ place, items })
    } catch (error) {
      showToast({ text: errorText(error), isError: true })
    }
  }

  return (
    <>
      <Button
        look="text"
        icon="messages-square"
        aria-label={label}
        title={label}
        onClick={(event) => void pressed(event.currentTarget.getBoundingClientRect())}
      >
        <span class={row.dot} />
      </Button>
      {opened && (
        <Menu label={label} items={opened.items} place={opened.place} onClose={() => setOpened(null)} />
      )}
    </>
  )
}
