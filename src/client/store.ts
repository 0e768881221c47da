/**
 * What survives a reload: operations that the server has not acknowledged yet, the conversation list, and the
 * newest part of conversations that were looked at.
 */
import type { InboxRow } from '../protocol/index.ts'
import { isOutdated, type KeptTimeline, withinLimit } from './kept-timeline.ts'

/** What an operation does: says something, or changes what was said. `target` is a message's seq. */
export type Doing =
  | {
      type: 'send'
      text: string
      replyTo: number | null
      /** The root, where it is a reply in a thread; absent otherwise, as in what was kept before threads were. */
      thread?: number
      alsoToConversation?: true
    }
  | { type: 'edit'; target: number; text: string }
  | { type: 'delete'; target: number }
  | { type: 'react'; target: number; emoji: string; on: boolean }
  | { type: 'pin'; target: number; on: boolean }

export type StoredOperation = Doing & {
  /** The client id of the operation: the idempotency key. */
  id: string
  userId: string
  conversationId: string
  /** ms since 1970, by this device's clock: only shown, never sorted by. */
  createdAt: number
  /** Why the server will not take it; it then waits for its author. */
  error?: { code: string; message: string }
}

/** Operations come back in the order in which they were first put. */
export type Store = {
  operations(userId: string): Promise<StoredOperation[]>
  put(operation: StoredOperation): Promise<void>
  remove(id: string): Promise<void>
  /** The conversation list as this device knew it last. */
  rows(userId: string): Promise<InboxRow[]>
  /** Keeps these rows; a removed one is dropped, with all that was said there, in the same moment. */
  putRows(userId: string, rows: readonly InboxRow[]): Promise<void>
  timeline(userId: string, conversationId: string): Promise<KeptTimeline | undefined>
  /** By conversation id. */
  timelines(userId: string): Promise<Map<string, KeptTimeline>>
  /**
   * Keeps it as one piece, in the place of an older one; those not used for longest make room. Where the list
   * has no row of the conversation nothing is kept: what another tab still holds after a removal, or after
   * signing out, must not come back.
   */
  putTimeline(userId: string, conversationId: string, kept: KeptTimeline): Promise<void>
  removeTimeline(userId: string, conversationId: string): Promise<void>
  clear(): Promise<void>
}

/** For programs and tests: nothing outlives the process. */
export function memoryStore(): Store {
  const operations = new Map<string, StoredOperation>()
  const lists = new Map<string, Map<string, InboxRow>>()
  /** User and conversation → what is kept. */
  const timelines = new Map<string, KeptTimeline>()
  const keyOf = (userId: string, conversationId: string) => `${userId} ${conversationId}`
  return {
    operations: async (userId) => [...operations.values()].filter((each) => each.userId === userId),
    put: async (operation) => void operations.set(operation.id, operation),
    remove: async (id) => void operations.delete(id),
    rows: async (userId) => [...(lists.get(userId)?.values() ?? [])],
    async putRows(userId, rows) {
      const list = lists.get(userId) ?? new Map<string, InboxRow>()
      for (const row of rows) {
        if (row.removed) {
          list.delete(row.id)
          timelines.delete(keyOf(userId, row.id))
        } else list.set(row.id, row)
      }
      lists.set(userId, list)
    },
    timeline: async (userId, conversationId) => timelines.get(keyOf(userId, conversationId)),
    async timelines(userId) {
      const start = keyOf(userId, '')
      const mine = [...timelines].filter(([key]) => key.startsWith(start))
      return new Map(mine.map(([key, kept]) => [key.slice(start.length), kept]))
    },
    async putTimeline(userId, conversationId, kept) {
      const key = keyOf(userId, conversationId)
      if (!lists.get(userId)?.has(conversationId) || isOutdated(kept, timelines.get(key))) return
      timelines.set(key, kept)
      const byUse = [...timelines].sort(([, a], [, b]) => b.usedAt - a.usedAt)
      const staying = withinLimit(byUse.map(([, { messages }]) => messages.length))
      for (const [gone] of byUse.slice(staying)) timelines.delete(gone)
    },
    removeTimeline: async (userId, conversationId) => void timelines.delete(keyOf(userId, conversationId)),
    async clear() {
      timelines.clear()
      operations.clear()
      lists.clear()
    },
  }
}
