import { useEffect, useRef, useState } from 'preact/hooks'
import type { OpenPane } from './open-pane.ts'
import { type Reached, reachMessage } from './reach-message.ts'

/** Further back than this, loading everything in between takes longer than anyone waits. */
export const JUMP_PAGES_MAX = 40

export type SearchJump = {
  /** The page being loaded on the way to a hit; null where nothing is under way. */
  page: number | null
  /** Why the last jump did not arrive. */
  failure: Exclude<Reached, 'there' | 'cancelled'> | null
  /** Resolves with whether the message is on screen now. */
  to: (seq: number) => Promise<boolean>
  cancel: () => void
}

/** Goes from a hit to its message in the open conversation. A second jump takes the place of the first. */
export function useSearchJump(pane: OpenPane | null): SearchJump {
  const [page, setPage] = useState<number | null>(null)
  const [failure, setFailure] = useState<SearchJump['failure']>(null)
  const current = useRef<AbortController | null>(null)
  useEffect(() => {
    setPage(null)
    setFailure(null)
    return () => current.current?.abort()
  }, [pane])

  const cancel = () => {
    current.current?.abort()
    setPage(null)
  }
  const to = async (seq: number) => {
    cancel()
    setFailure(null)
    if (!pane) return false
    const controller = new AbortController()
    const { signal } = controller
    current.current = controller
    const onPage = (page: number) => {
      if (!signal.aborted) setPage(page)
    }
    const reached = await reachMessage(pane.conversation, seq, { pagesMax: JUMP_PAGES_MAX, signal, onPage })
    if (signal.aborted || reached === 'cancelled') return false
    setPage(null)
    if (reached !== 'there') {
      setFailure(reached)
      return false
    }
    pane.view.jumpTo(seq)
    return true
  }
  return { page, failure, to, cancel }
}
