import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { User } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { openLayer } from '../state/layer.ts'
import { IconButton } from './Button.tsx'
import { InboxBanner } from './ConnectionBanner.tsx'
import { ConversationList } from './ConversationList.tsx'
import { Icon } from './Icon.tsx'
import { Menu, type MenuPlace } from './Menu.tsx'
import { askMarkAllRead } from './mark-all-read.ts'
import css from './Sidebar.module.css'
import { openMessageSearch } from './search-address.ts'

const CHORD = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K'

export function Sidebar({ me, openId }: { me: User; openId: string | null }) {
  const [place, setPlace] = useState<MenuPlace | null>(null)
  const { path, route } = useLocation()
  const text = t()
  return (
    <nav class={css.rail} aria-label={text.conversations} data-region tabIndex={-1}>
      <header class={css.header}>
        <h2 class={css.title}>{text.chats}</h2>
        <IconButton name="users-round" label={text.newGroup} onClick={() => openLayer('new_group')} />
        <IconButton
          name="ellipsis"
          label={text.listActions}
          aria-haspopup="menu"
          aria-expanded={place !== null}
          onClick={(event) => setPlace(event.currentTarget.getBoundingClientRect())}
        />
        <a class={css.settings} href="/settings" aria-label={text.settings} title={text.settings}>
          <Icon name="settings" />
        </a>
      </header>
      <search class={css.search}>
        <button
          type="button"
          class={css.find}
          onClick={() => openLayer('switcher')}
          aria-keyshortcuts="Control+K Meta+K"
        >
          <Icon name="search" />
          <span class={css.findText}>{text.findPeople}</span>
          <kbd class={css.chord}>{CHORD}</kbd>
        </button>
        <IconButton
          name="text-search"
          label={text.search.titleAll}
          onClick={() => openMessageSearch(openId === null ? '/' : path, route, 'all')}
        />
      </search>
      <ConversationList me={me} openId={openId} />
      {/* Beside an open conversation its pane says it, and once is enough. */}
      {openId === null && <InboxBanner />}
      {place && (
        <Menu
          label={text.listActions}
          place={place}
          onClose={() => setPlace(null)}
          items={[
            { kind: 'action', label: text.savedMessages, icon: 'bookmark', run: () => route('/saved') },
            { kind: 'action', label: text.markAllRead, icon: 'check-check', run: askMarkAllRead },
          ]}
        />
      )}
    </nav>
  )
}
