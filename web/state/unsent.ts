/**
 * What waits on this device's disk to be sent. A conversation sends while it is open; what was written in one
 * that has been left since is sent from here, as soon as there is a connection.
 */
import type { User } from '../../src/protocol/index.ts'
import { client } from './client.ts'
import { inboxState, open, unsent } from './conversations.ts'

/** A conversation that is opened only to send is closed after this, whatever became of it. */
const SEND_WITHIN_MS = 30_000
/** What was acknowledged leaves the disk a moment later. */
const COUNT_AFTER_MS = 500

/** Conversations that are open only to send, and how to give that up. */
const sending = new Map<string, () => void>()

/** @returns stops it */
export function followUnsent(me: User): () => void {
  const look = () => void sendWaiting(me)
  let wasLive = false
  const unsubscribe = inboxState.subscribe((inbox) => {
    const isLive = inbox?.connection.phase === 'live'
    if (isLive && !wasLive) look()
    wasLive = isLive
  })
  look()
  addEventListener('focus', look)
  document.addEventListener('visibilitychange', look)
  return () => {
    unsubscribe()
    removeEventListener('focus', look)
    document.removeEventListener('visibilitychange', look)
    for (const stop of sending.values()) stop()
  }
}

/** A conversation was left: whatever it had not sent by then is sent from here. */
export function sendSoon(me: User): void {
  setTimeout(() => void sendWaiting(me), COUNT_AFTER_MS)
}

async function sendWaiting(me: User): Promise<void> {
  unsent.value = await client.pendingCounts(me)
  if (inboxState.value?.connection.phase !== 'live') return
  for (const id of unsent.value.keys()) if (id !== open.value?.id && !sending.has(id)) sendFrom(id, me)
}

function sendFrom(id: string, me: User): void {
  const conversation = client.conversation(id, me)
  let hasLooked = false
  const stop = () => {
    clearTimeout(timer)
    unsubscribe()
    sending.delete(id)
    conversation.close()
    setTimeout(async () => {
      unsent.value = await client.pendingCounts(me)
    }, COUNT_AFTER_MS)
  }
  const timer = setTimeout(stop, SEND_WITHIN_MS)
  const unsubscribe = conversation.subscribe(() => {
    const { connection, pending } = conversation.state
    // Before the disk was read nothing seems to wait.
    hasLooked ||= pending.length > 0
    // What was refused waits for its author, who has to open the conversation for it.
    const isDone =
      connection.phase === 'live' && hasLooked && pending.every(({ state }) => state === 'failed')
    if (isDone || connection.phase === 'closed') stop()
  })
  sending.set(id, stop)
}
