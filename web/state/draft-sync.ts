/** Takes drafts to the server: a second after the last key, on leaving, and when the connection is back. */
import { api } from './api.ts'
import { inboxState } from './conversations.ts'
import { type LocalDraft, shared, unsharedDraft, unsharedDrafts } from './drafts.ts'

const SHARE_AFTER_MS = 1_000

const timers = new Map<string, ReturnType<typeof setTimeout>>()
const underWay = new Set<string>()

/** Something was typed: tells the server when the keys rest. */
export function shareSoon(conversationId: string): void {
  clearTimeout(timers.get(conversationId))
  timers.set(
    conversationId,
    setTimeout(() => shareNow(conversationId), SHARE_AFTER_MS),
  )
}

export function shareNow(conversationId: string): void {
  clearTimeout(timers.get(conversationId))
  timers.delete(conversationId)
  const draft = unsharedDraft(conversationId)
  if (draft) void share(conversationId, draft)
}

/** What was written without a connection goes out when there is one. */
export function followConnection(): () => void {
  let wasLive = false
  return inboxState.subscribe((inbox) => {
    const isLive = inbox?.connection.phase === 'live'
    if (isLive && !wasLive) for (const [id, draft] of unsharedDrafts()) void share(id, draft)
    wasLive = isLive
  })
}

async function share(id: string, draft: LocalDraft): Promise<void> {
  // What is typed meanwhile has a timer of its own.
  if (underWay.has(id)) return
  underWay.add(id)
  try {
    await api.setDraft(id, { text: draft.text, editedAt: draft.editedAt })
    shared(id, draft)
  } catch {
    // It is on this disk: the next key, or the next connection, tries again.
  } finally {
    underWay.delete(id)
    const next = unsharedDraft(id)
    if (next && next.editedAt !== draft.editedAt && !timers.has(id)) shareSoon(id)
  }
}
