/**
 * Feeds the conversation list by asking every few seconds. A stand-in until the inbox socket exists: deleting
 * this file and its one call in Chat.tsx is all that it takes to be rid of it.
 */
import { api } from './api.ts'
import { client } from './client.ts'
import { isListFailing, nextPage, putConversations, unsent } from './conversations.ts'
import { isSignedOutBy, session } from './session.ts'

const EVERY_MS = 5_000

/**
 * Asks now, then every 5 s while the page is visible.
 * @returns stops it
 */
export function pollConversations(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isStopped = false
  const ask = async () => {
    clearTimeout(timer)
    await refreshConversations()
    if (!isStopped && document.visibilityState === 'visible') timer = setTimeout(ask, EVERY_MS)
  }
  const look = () => {
    if (document.visibilityState === 'visible') void ask()
  }
  document.addEventListener('visibilitychange', look)
  addEventListener('online', look)
  void ask()
  return () => {
    isStopped = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', look)
    removeEventListener('online', look)
  }
}

/** Asks once. Never throws: a failure shows in `isListFailing`. */
export async function refreshConversations(): Promise<void> {
  const { value } = session
  // Until someone has signed in again there is nothing to ask, and a refusal every five seconds.
  if (value.status !== 'signed_in') return
  try {
    const [page, counts] = await Promise.all([api.conversations(), client.pendingCounts(value.user)])
    putConversations(page.conversations, page.next === null)
    if (nextPage.value === undefined) nextPage.value = page.next
    unsent.value = counts
    isListFailing.value = false
  } catch (error) {
    if (!isSignedOutBy(error)) isListFailing.value = true
  }
}

/** Brings the next page of older conversations, if there is one. */
export async function loadMoreConversations(): Promise<void> {
  const cursor = nextPage.value
  if (!cursor) return
  const page = await api.conversations(cursor)
  putConversations(page.conversations)
  nextPage.value = page.next
}
