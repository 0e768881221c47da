import { useEffect, useRef, useState } from 'preact/hooks'
import { systemClock } from '../../src/client/platform.ts'
import { type AcrossState, SearchAcross } from '../../src/client/search-across.ts'
import type { InboxRow } from '../../src/protocol/index.ts'
import { api } from '../state/api.ts'
import { type MessageSearch, SEARCH_AFTER_MS, type SearchState } from './search-state.ts'

type Shown = { q: string; state: AcrossState; isMore: boolean }

/**
 * Finds messages of many conversations.
 * @param q what to ask for; empty asks nothing
 * @param where the conversations as they are when it begins, null before they are known; another `whereKey` is
 * another search
 */
export function useAcrossSearch(
  q: string,
  where: readonly InboxRow[] | null,
  whereKey: string,
): MessageSearch {
  const [shown, setShown] = useState<Shown | null>(null)
  const [attempt, setAttempt] = useState(0)
  const current = useRef<SearchAcross | null>(null)
  const isMore = useRef(false)

  useEffect(() => {
    if (q === '') return setShown(null)
    if (where === null) return
    const timer = setTimeout(() => {
      isMore.current = false
      const across = new SearchAcross({
        ...{ q, conversations: where, search: api.search, clock: systemClock },
        onChange: () => setShown({ q, state: across.state, isMore: isMore.current }),
      })
      current.current = across
      across.start()
    }, SEARCH_AFTER_MS)
    return () => {
      clearTimeout(timer)
      current.current?.stop()
      current.current = null
    }
  }, [q, whereKey, attempt])

  const state = shown?.state
  return {
    q,
    phase: phaseOf(q, shown, current.current !== null),
    hits: state?.hits ?? [],
    hasOlder: state !== undefined && (state.hasMore || (shown?.isMore === true && state.isBusy)),
    error: state?.error ?? null,
    progress: state ?? null,
    isOnDevice: false,
    more: () => {
      isMore.current = true
      current.current?.more()
    },
    retry: () => {
      if (current.current && (state?.hits.length ?? 0) > 0) current.current.retry()
      else setAttempt((n) => n + 1)
    },
  }
}

/** @param isAsked somebody has been asked this; before that, what is shown answers another question */
function phaseOf(q: string, shown: Shown | null, isAsked: boolean): SearchState['phase'] {
  if (q === '') return 'hint'
  if (!shown || shown.q !== q || !isAsked) return 'loading'
  const { isBusy, hits, error } = shown.state
  if (error !== null) return hits.length > 0 ? 'more_failed' : 'failed'
  if (!isBusy) return 'done'
  if (shown.isMore) return 'loading_more'
  return hits.length > 0 ? 'done' : 'loading'
}
