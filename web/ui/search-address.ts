/**
 * The message search is an address (SE-3): it survives a reload, and Back leads out of it or back to it. It adds
 * to the path that is there, be it of the list, of a conversation or of one of its messages.
 */

type Go = (url: string, isReplacing?: boolean) => void

/** Where to look: in the conversation that is open, or in all of them. */
export type SearchScope = 'this' | 'all'

export const SEARCH_FIELD = 'message-search'

/** Whether the entry before the search's in the history is the same page without it. */
let isPageBehind = false

export function searchPath(path: string, typed: string, scope: SearchScope = 'this'): string {
  return `${path}?${new URLSearchParams({ q: typed, ...(scope === 'all' ? { in: 'all' } : {}) })}`
}

/** Where nothing is open there is nothing else than all. */
export function scopeOf(query: Record<string, string>, openId: string | null): SearchScope {
  return openId === null || query.in === 'all' ? 'all' : 'this'
}

/** Opens the search at this path, or goes to its field where it is open. */
export function openMessageSearch(path: string, go: Go, scope: SearchScope = 'this'): void {
  const field = document.getElementById(SEARCH_FIELD)
  if (field instanceof HTMLInputElement) {
    if (scope === 'all') go(searchPath(path, field.value, scope), true)
    field.focus()
    field.select()
    return
  }
  isPageBehind = true
  go(searchPath(path, '', scope))
}

/** Goes to a message of another conversation, where the search stays. */
export function searchOn(path: string, typed: string, go: Go): void {
  isPageBehind = false
  go(searchPath(path, typed, 'all'))
}

/** Goes back where that is the same page: closing by replacing would leave it in the history twice. */
export function closeMessageSearch(path: string, go: Go): void {
  if (isPageBehind) history.back()
  else go(path, true)
  isPageBehind = false
}
