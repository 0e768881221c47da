/** The one inbox of this tab: open while someone is signed in, and what feeds the conversation list. */
import type { Inbox } from '../../src/client/inbox.ts'
import type { InboxRow, Summary } from '../../src/protocol/index.ts'
import { inboxState, rowOf } from './conversations.ts'

let inbox: Inbox | null = null

/**
 * Takes an inbox that was opened, and lets it feed the list.
 * @returns closes it
 */
export function followInbox(mine: Inbox): () => void {
  inbox = mine
  const update = () => {
    inboxState.value = mine.state
  }
  update()
  const unsubscribe = mine.subscribe(update)
  const comeBack = () => {
    if (document.visibilityState === 'visible') mine.reconnectNow()
  }
  const names = ['online', 'focus'] as const
  for (const name of names) addEventListener(name, comeBack)
  document.addEventListener('visibilitychange', comeBack)
  return () => {
    unsubscribe()
    for (const name of names) removeEventListener(name, comeBack)
    document.removeEventListener('visibilitychange', comeBack)
    mine.close()
    if (inbox === mine) inbox = null
    inboxState.value = null
  }
}

export function reconnectInbox(): void {
  inbox?.reconnectNow()
}

/** A conversation that an HTTP call told of: shown at once, until the inbox brings its row. */
export function putConversation(summary: Summary): void {
  inbox?.put(rowOf(summary))
}

/** A change of one's own shows at once; the row that the server sends for it says the same. */
export function putRow(row: InboxRow): void {
  inbox?.put(row)
}

/** @throws ApiError where the server does not take it, or there is no way to it */
export async function setSaved(conversationId: string, seq: number, on: boolean): Promise<void> {
  await inbox?.setSaved(conversationId, seq, on)
}

export function tellPresence(status: 'online' | 'away'): void {
  inbox?.setPresence(status)
}

export function watchPeople(userIds: readonly string[]): void {
  inbox?.watch(userIds)
}
