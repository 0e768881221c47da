import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import type { User } from '../../src/protocol/index.ts'
import { SearchPanel, useSearchPanelSoon } from './LazySearchPanel.tsx'
import css from './SearchSplit.module.css'
import split from './Split.module.css'
import { closeMessageSearch } from './search-address.ts'
import { useSearchOverlay } from './search-overlay.ts'

type Props = { me: User; openId: string | null; children: ComponentChildren }

/** What is open, and the search beside or above it while the address says so (MO-1). */
export function SearchSplit({ me, openId, children }: Props) {
  const { path, query, route } = useLocation()
  const isSearching = query.q !== undefined
  const isOverlay = useSearchOverlay()
  const isCovered = isSearching && isOverlay
  useSearchPanelSoon()
  return (
    <div
      class={split.split}
      onPointerDown={(event) => {
        // What is covered is inert, so that a press on it arrives here: it means the messages.
        if (isCovered && event.target === event.currentTarget) closeMessageSearch(path, route)
      }}
    >
      <div class={css.covered} inert={isCovered}>
        {children}
      </div>
      {isSearching && <SearchPanel me={me} openId={openId} isOverlay={isOverlay} />}
    </div>
  )
}
