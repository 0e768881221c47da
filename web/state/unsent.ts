/**
 * What the server has refused and waits for its author, for the list to say so. What merely waits for a
 * connection is no alarm: the client sends it by itself, also from conversations that were left.
 */
import type { User } from '../../src/protocol/index.ts'
import { client } from './client.ts'
import { inboxState, unsent } from './conversations.ts'

/** What was acknowledged or refused is written down a moment later. */
const COUNT_AFTER_MS = 500

/** @returns stops it */
export function followUnsent(me: User): () => void {
  const look = () => void count(me)
  let wasLive = false
  const unsubscribe = inboxState.subscribe((inbox) => {
    const isLive = inbox?.connection.phase === 'live'
    if (isLive && !wasLive) countSoon(me)
    wasLive = isLive
  })
  look()
  addEventListener('focus', look)
  document.addEventListener('visibilitychange', look)
  return () => {
    unsubscribe()
    removeEventListener('focus', look)
    document.removeEventListener('visibilitychange', look)
  }
}

/** A conversation was left, or a connection came back. */
export function countSoon(me: User): void {
  setTimeout(() => void count(me), COUNT_AFTER_MS)
}

async function count(me: User): Promise<void> {
  unsent.value = await client.failedCounts(me)
}
