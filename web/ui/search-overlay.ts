import { useEffect, useState } from 'preact/hooks'

/** MO-1: below this the panel lies over the messages; SearchPanel.module.css has the same width. */
const OVERLAY = '(width < 75rem)'

/** Whether the search panel covers the conversation instead of standing beside it. */
export function useSearchOverlay(): boolean {
  const [isOverlay, setOverlay] = useState(() => matchMedia(OVERLAY).matches)
  useEffect(() => {
    const media = matchMedia(OVERLAY)
    const changed = () => setOverlay(media.matches)
    changed()
    media.addEventListener('change', changed)
    return () => media.removeEventListener('change', changed)
  }, [])
  return isOverlay
}
