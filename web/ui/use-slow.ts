import { useEffect, useState } from 'preact/hooks'

/** True once `isBusy` has lasted: what is quick should not flicker. */
export function useSlow(isBusy: boolean, afterMs = 300): boolean {
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    if (!isBusy) {
      setSlow(false)
      return
    }
    const timer = setTimeout(() => setSlow(true), afterMs)
    return () => clearTimeout(timer)
  }, [isBusy, afterMs])
  return isBusy && isSlow
}
