import { useLocation } from 'preact-iso'
import { later, useLater } from './later.ts'
import type { SearchPanelProps } from './SearchPanel.tsx'
import { closeMessageSearch } from './search-address.ts'

const panel = later(async () => (await import('./SearchPanel.tsx')).SearchPanel)

/** Fetches it when nothing else is to be done: without a network, when it is needed too, it could not come. */
export function useSearchPanelSoon(): void {
  useLater(panel)
}

/** Not everyone searches, so it comes when it is asked for. Where it cannot, it closes. */
export function SearchPanel(props: SearchPanelProps) {
  const { path, route } = useLocation()
  const Panel = useLater(panel, () => closeMessageSearch(path, route))
  return Panel && <Panel {...props} />
}
