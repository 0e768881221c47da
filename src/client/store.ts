/** What survives a reload: operations that the server has not acknowledged yet, and the conversation list. */
import type { InboxRow } from '../protocol/index.ts'

/** What an operation does: says something, or changes what was said. `target` is a message's seq. */
export type Doing =
  | { type: 'send'; text: string; replyTo: number | null }
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
  /** Keeps these rows; a removed one is dropped. */
  putRows(userId: string, rows: readonly InboxRow[]): Promise<void>
  clear(): Promise<void>
}

/** For programs and tests: nothing outlives the process. */
export function memoryStore(): Store {
  const operations = new Map<string, StoredOperation>()
  const lists = new Map<string, Map<string, InboxRow>>()
  return {
    operations: async (userId) => [...operations.values()].filter((each) => each.userId === userId),
    put: async (operation) => void operations.set(operation.id, operation),
    remove: async (id) => void operations.delete(id),
    rows: async (userId) => [...(lists.get(userId)?.values() ?? [])],
    async putRows(userId, rows) {
      const list = lists.get(userId) ?? new Map<string, InboxRow>()
      for (const row of rows) {
        if (row.removed) list.delete(row.id)
        else list.set(row.id, row)
      }
      lists.set(userId, list)
    },
    async clear() {
      operations.clear()
      lists.clear()
    },
  }
}
