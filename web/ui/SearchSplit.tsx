import type { ComponentChildren } from 'preact'
import { lazy, useLocation } from 'preact-iso'
import type { SearchPanelProps } from './SearchPanel.tsx'
import css from './SearchSplit.module.css'
import { closeMessageSearch } from './search-address.ts'
import { useSearchOverlay } from './search-overlay.ts'

/** Not everyone searches: it comes when it is asked for. */
const SearchPanel = lazy(async () => (await import('./SearchPanel.tsx')).SearchPanel)

type Props = Omit<SearchPanelProps, 'isOverlay'> & { children: ComponentChildren }

/** A conversation, and its search beside or above it while the address says so (MO-1). */
export function SearchSplit({ children, ...panel }: Props) {
  const { path, query, route } = useLocation()
  const isSearching = query.q !== undefined
  const isOverlay = useSearchOverlay()
  const isCovered = isSearching && isOverlay
  return (
    <div
      class={css.split}
      onPointerDown={(event) => {
        // What is covered is inert, so that a press on it arrives here: it means the messages.
        if (isCovered && event.target === event.currentTarget) closeMessageSearch(path, route)
      }}
    >
      <div class={css.conversation} inert={isCovered}>
        {children}
      </div>
      {isSearching && <SearchPanel {...panel} isOverlay={isOverlay} />}
    </div>
  )
}
