/**
 * The message search is an address (SE-3): it survives a reload, and Back leads out of it or back to it. It adds
 * to the path that is there, be it of a conversation or of one of its messages: another path is another page.
 */

type Go = (url: string, isReplacing?: boolean) => void

export const SEARCH_FIELD = 'message-search'

/** Whether the entry before the search's in the history is the conversation without it. */
let isConversationBehind = false

export function searchPath(path: string, typed: string): string {
  return `${path}?${new URLSearchParams({ q: typed })}`
}

/** Opens the search of the conversation at this path, or goes to its field where it is open. */
export function openMessageSearch(path: string, go: Go): void {
  const field = document.getElementById(SEARCH_FIELD)
  if (field instanceof HTMLInputElement) {
    field.focus()
    field.select()
    return
  }
  isConversationBehind = true
  go(searchPath(path, ''))
}

/** Goes back where that is the conversation: closing by replacing would leave it in the history twice. */
export function closeMessageSearch(path: string, go: Go): void {
  if (isConversationBehind) history.back()
  else go(path, true)
  isConversationBehind = false
}
