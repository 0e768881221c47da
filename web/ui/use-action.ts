import { useCallback, useRef, useState } from 'preact/hooks'
import { errorText } from './error-text.ts'

/**
 * One thing at a time: runs `work`, ignores every further call until it is done (two fast Enters are one
 * request, AU-3), and keeps what went wrong as text.
 */
export function useAction(): {
  isBusy: boolean
  error: string | null
  clear: () => void
  run: (work: () => Promise<unknown>) => Promise<void>
} {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const isRunning = useRef(false)
  const run = useCallback(async (work: () => Promise<unknown>) => {
    if (isRunning.current) return
    isRunning.current = true
    setBusy(true)
    setError(null)
    try {
      await work()
    } catch (failure) {
      setError(errorText(failure))
    } finally {
      isRunning.current = false
      setBusy(false)
    }
  }, [])
  return { isBusy, error, clear: useCallback(() => setError(null), []), run }
}
