import { useEffect, useRef } from 'preact/hooks'
import { focusComposer } from './composer-focus.ts'

/** When this goes, gives the focus back to whoever had it before, or to the field. */
export function useReturnFocus(): void {
  // While drawing: an effect would come after those of what is inside, which may take the focus.
  const before = useRef(document.activeElement)
  useEffect(() => {
    return () => {
      const { current } = before
      // What was covered is inert until this drawing is done.
      queueMicrotask(() => {
        if (current instanceof HTMLElement && current.isConnected && current !== document.body)
          current.focus({ preventScroll: true })
        else focusComposer()
      })
    }
  }, [])
}
