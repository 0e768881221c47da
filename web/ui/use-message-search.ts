import { useEffect, useReducer, useRef, useState } from 'preact/hooks'
import { api } from '../state/api.ts'
import { NOTHING_ASKED, type SearchState, searchAfter } from './search-state.ts'

const DEBOUNCE_MS = 300

export type MessageSearch = SearchState & { more: () => void; retry: () => void }

/**
 * Finds messages of a conversation (SE-3). An answer that is no longer wanted is aborted and never shown.
 * @param q what to ask for; empty asks nothing
 */
export function useMessageSearch(conversationId: string, q: string): MessageSearch {
  const [state, step] = useReducer(searchAfter, NOTHING_ASKED)
  const [attempt, setAttempt] = useState(0)
  const wanted = useRef(new AbortController())

  const ask = async (before?: number) => {
    const { signal } = wanted.current
    try {
      const answer = await api.search(conversationId, q, before, signal)
      if (!signal.aborted) step({ kind: 'answered', q, answer })
    } catch (error) {
      if (!signal.aborted) step({ kind: 'failed', q, error })
    }
  }

  useEffect(() => {
    const controller = new AbortController()
    wanted.current = controller
    step({ kind: 'asked', q })
    const timer = q === '' ? undefined : setTimeout(() => void ask(), DEBOUNCE_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [conversationId, q, attempt])

  return {
    ...state,
    more: () => {
      const oldest = state.hits.at(-1)?.seq
      if (!state.hasOlder || state.phase === 'loading_more' || oldest === undefined) return
      step({ kind: 'asked_more' })
      void ask(oldest)
    },
    retry: () => setAttempt((n) => n + 1),
  }
}
