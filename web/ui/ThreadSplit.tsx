import type { ComponentChildren } from 'preact'
import { lazy, useLocation } from 'preact-iso'
import { useSearchOverlay } from './search-overlay.ts'
import type { ThreadPanelProps } from './ThreadPanel.tsx'
import css from './ThreadSplit.module.css'
import { closeThread, threadOf } from './thread-address.ts'

/** Not everyone opens a thread: it comes when it is asked for. */
const ThreadPanel = lazy(async () => (await import('./ThreadPanel.tsx')).ThreadPanel)

type Props = Omit<ThreadPanelProps, 'place' | 'isOverlay' | 'onClose'> & { children: ComponentChildren }

/** A conversation, and a thread beside or above it while the address says so (MA-5, MO-1). */
export function ThreadSplit({ children, ...panel }: Props) {
  const { path, query, route } = useLocation()
  const place = query.q === undefined ? threadOf(query) : null
  const isOverlay = useSearchOverlay()
  return (
    <div class={css.split}>
      <div class={css.conversation} inert={isOverlay && place !== null}>
        {children}
      </div>
      {place && (
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
