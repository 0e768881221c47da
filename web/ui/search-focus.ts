import { useEffect, useRef } from 'preact/hooks'
import { focusComposer } from './composer-focus.ts'
import { isTouch } from './is-touch.ts'

/**
 * Takes the focus into the search, and gives it back on closing: to the message that was gone to, or to
 * whoever had it.
 * @returns where to put the seq of that message
 */
export function useSearchFocus(field: { readonly current: HTMLInputElement | null }): {
  current: number | null
} {
  const foundSeq = useRef<number | null>(null)
  useEffect(() => {
    const invoker = document.activeElement
    field.current?.focus()
    return () => {
      const message = document.querySelector<HTMLElement>(`[data-seq="${foundSeq.current}"] article`)
      const back = message ?? (invoker === document.body ? null : invoker)
      // What the panel covered is inert until this drawing is done.
      queueMicrotask(() => {
        if (back instanceof HTMLElement && back.isConnected) back.focus({ preventScroll: true })
        // On a touch screen that would cover with a keyboard what was just found.
        else if (!isTouch()) focusComposer()
      })
    }
  }, [])
  return foundSeq
}
