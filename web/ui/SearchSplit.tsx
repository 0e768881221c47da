import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { lazy, useLocation } from 'preact-iso'
import type { User } from '../../src/protocol/index.ts'
import css from './SearchSplit.module.css'
import { closeMessageSearch } from './search-address.ts'
import { useSearchOverlay } from './search-overlay.ts'

/** Not everyone searches: it comes when it is asked for … */
const SearchPanel = lazy(async () => (await import('./SearchPanel.tsx')).SearchPanel)

/** … or when the page has nothing else to do: without a network it could not come any more. */
const FETCH_AFTER_MS = 5_000

type Props = { me: User; openId: string | null; children: ComponentChildren }

/** What is open, and the search beside or above it while the address says so (MO-1). */
export function SearchSplit({ me, openId, children }: Props) {
  const { path, query, route } = useLocation()
  const isSearching = query.q !== undefined
  const isOverlay = useSearchOverlay()
  const isCovered = isSearching && isOverlay
  useEffect(() => {
    const timer = setTimeout(() => void SearchPanel.preload().catch(() => {}), FETCH_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div
      class={css.split}
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
