import { useEffect, useState } from 'preact/hooks'
import type { User } from '../../src/protocol/index.ts'
import { api } from '../state/api.ts'

const DEBOUNCE_MS = 250
const CJK = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u

export type PeopleSearch =
  | { state: 'idle' }
  | { state: 'loading'; users: readonly User[] }
  | { state: 'done'; users: readonly User[] }
  | { state: 'failed'; retry: () => void }

/** SE-2: two letters make a search, one where a letter is a syllable or a word. */
export function isSearchable(query: string): boolean {
  return query.length >= 2 || CJK.test(query)
}

/** People by name or username. An answer that is no longer wanted is aborted and never shown. */
export function usePeopleSearch(typed: string): PeopleSearch {
  const query = typed.trim().replace(/^@/, '')
  const [search, setSearch] = useState<PeopleSearch>({ state: 'idle' })
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    if (!isSearchable(query)) {
      setSearch({ state: 'idle' })
      return
    }
    const stale = new AbortController()
    setSearch((before) => ({ state: 'loading', users: before.state === 'done' ? before.users : [] }))
    const timer = setTimeout(async () => {
      try {
        const users = await api.searchUsers(query, stale.signal)
        if (!stale.signal.aborted) setSearch({ state: 'done', users })
      } catch {
        if (!stale.signal.aborted) setSearch({ state: 'failed', retry: () => setAttempt((n) => n + 1) })
      }
    }, DEBOUNCE_MS)
    return () => {
      clearTimeout(timer)
      stale.abort()
    }
  }, [query, attempt])
  return search
}
