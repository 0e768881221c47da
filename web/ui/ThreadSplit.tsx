import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import { t } from '../state/i18n.ts'
import { showToast } from '../state/toasts.ts'
import { later, useWanted } from './later.ts'
import split from './Split.module.css'
import { useSearchOverlay } from './search-overlay.ts'
import type { ThreadPanelProps } from './ThreadPanel.tsx'
import css from './ThreadSplit.module.css'
import { closeThread, threadOf } from './thread-address.ts'

/** Not on the screen at first, so it comes after it. Where it cannot, the thread closes. */
const panelPart = later(async () => (await import('./ThreadPanel.tsx')).ThreadPanel)

type Props = Omit<ThreadPanelProps, 'place' | 'isOverlay' | 'onClose'> & { children: ComponentChildren }

/** A conversation, and a thread beside or above it while the address says so (MA-5, MO-1). */
export function ThreadSplit({ children, ...panel }: Props) {
  const { path, query, route } = useLocation()
  const place = query.q === undefined ? threadOf(query) : null
  const isOverlay = useSearchOverlay()
  const ThreadPanel = useWanted(panelPart, place !== null, () => {
    closeThread(path, route)
    showToast({ text: t().partFailed, isError: true })
  })
  return (
    <div class={split.split}>
      <div class={css.conversation} inert={isOverlay && ThreadPanel !== null}>
        {children}
      </div>
      {place && ThreadPanel && (
        <ThreadPanel
          key={place.root}
          {...panel}
          place={place}
          isOverlay={isOverlay}
          onClose={() => closeThread(path, route)}
        />
      )}
    </div>
  )
}
