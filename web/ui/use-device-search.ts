import { useEffect, useState } from 'preact/hooks'
import { searchHeld } from '../../src/client/search-held.ts'
import type { SearchHit } from '../../src/client/search-hit.ts'
import type { User } from '../../src/protocol/index.ts'
import { client } from '../state/client.ts'
import type { MessageSearch } from './search-state.ts'

const PAGE = 50
/** The disk answers faster than people type. */
const SEARCH_AFTER_MS = 100

/**
 * Finds messages among those that this device holds.
 * @param ids the conversations to look in; another `whereKey` is another search
 */
export function useDeviceSearch(
  q: string,
  { me, ids, whereKey }: { me: User; ids: ReadonlySet<string>; whereKey: string },
): MessageSearch {
  const [found, setFound] = useState<{ q: string; hits: readonly SearchHit[] } | null>(null)
  const [shown, setShown] = useState(PAGE)

  useEffect(() => {
    setShown(PAGE)
    if (q === '') return setFound(null)
    const stopping = new AbortController()
    const { signal } = stopping
    const timer = setTimeout(async () => {
      const held = (await client.heldTimelines(me)).filter(({ conversationId }) => ids.has(conversationId))
      const hits = await searchHeld(held, q, { signal, rest })
      if (!signal.aborted) setFound({ q, hits })
    }, SEARCH_AFTER_MS)
    return () => {
      clearTimeout(timer)
      stopping.abort()
    }
  }, [q, whereKey, me.id])

  const hits = found?.hits ?? []
  return {
    q,
    phase: q === '' ? 'hint' : found?.q === q ? 'done' : 'loading',
    hits: hits.slice(0, shown),
    hasOlder: hits.length > shown,
    error: null,
    progress: null,
    isOnDevice: true,
    more: () => setShown(shown + PAGE),
    retry: () => {},
  }
}

/** Whoever types while thousands of messages are looked through does not notice. */
function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}
