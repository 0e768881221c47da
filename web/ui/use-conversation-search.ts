import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks'
import { api } from '../state/api.ts'
import { type MessageSearch, NOTHING_ASKED, SEARCH_AFTER_MS, searchAfter } from './search-state.ts'

/**
 * Finds messages of one conversation. An answer that is no longer wanted is aborted and never shown.
 * @param q what to ask for; empty asks nothing
 */
export function useConversationSearch(conversationId: string | null, q: string): MessageSearch {
  const [state, step] = useReducer(searchAfter, NOTHING_ASKED)
  const [attempt, setAttempt] = useState(0)
  const wanted = useRef(new AbortController())
  const id = conversationId ?? ''

  const ask = async (before?: number) => {
    const { signal } = wanted.current
    try {
      const answer = await api.search(id, q, before, signal)
      if (!signal.aborted) step({ kind: 'answered', q, answer })
    } catch (error) {
      if (!signal.aborted) step({ kind: 'failed', q, error })
    }
  }

  useEffect(() => {
    const controller = new AbortController()
    wanted.current = controller
    step({ kind: 'asked', q })
    const timer = q === '' ? undefined : setTimeout(() => void ask(), SEARCH_AFTER_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [id, q, attempt])

  const hits = useMemo(() => state.hits.map((message) => ({ conversationId: id, message })), [state.hits, id])
  return {
    ...state,
    hits,
    progress: null,
    isOnDevice: false,
    more: () => {
      const oldest = state.hits.at(-1)?.seq
      if (!state.hasOlder || state.phase === 'loading_more' || oldest === undefined) return
      step({ kind: 'asked_more' })
      void ask(oldest)
    },
    retry: () => setAttempt((n) => n + 1),
  }
}
