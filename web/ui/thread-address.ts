/**
 * A thread is an address: it survives a reload, and Back leads out of it. It adds to the path that is there, as the
 * search does: another path is another page.
 */

type Go = (url: string, isReplacing?: boolean) => void

/** `root`: whose thread is shown. `at`: the reply to go to in it. */
export type ThreadPlace = { root: number; at: number | null }

/** Whether the entry before the thread's in the history is the conversation without it. */
let isConversationBehind = false

export function threadPath(path: string, root: number, at?: number): string {
  return `${path}?thread=${root}${at === undefined ? '' : `&at=${at}`}`
}

export function threadOf(query: Record<string, string>): ThreadPlace | null {
  const root = seqOf(query.thread)
  return root === null ? null : { root, at: seqOf(query.at) }
}

/** One thread takes the place of another: Back leads to the conversation. */
export function openThread(path: string, go: Go, place: ThreadPlace): void {
  const isOpen = threadOf(Object.fromEntries(new URLSearchParams(location.search))) !== null
  if (!isOpen) isConversationBehind = true
  go(threadPath(path, place.root, place.at ?? undefined), isOpen)
}

/** Goes back where that is the conversation: closing by replacing would leave it in the history twice. */
export function closeThread(path: string, go: Go): void {
  if (isConversationBehind) history.back()
  else go(path, true)
  isConversationBehind = false
}

function seqOf(text: string | undefined): number | null {
  const seq = Number(text)
  return Number.isSafeInteger(seq) && seq > 0 ? seq : null
}
