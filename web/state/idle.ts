/** Past this, whatever waits is done anyway. */
const IDLE_WITHIN_MS = 2_000

/** Does something when nothing else is to be done. Safari cannot tell: there it is done soon. @returns undoes the wish */
export function whenIdle(act: () => void): () => void {
  if (typeof requestIdleCallback !== 'function') {
    const timer = setTimeout(act, 1)
    return () => clearTimeout(timer)
  }
  const id = requestIdleCallback(act, { timeout: IDLE_WITHIN_MS })
  return () => cancelIdleCallback(id)
}
