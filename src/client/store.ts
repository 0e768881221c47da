/** What must survive a reload: operations that the server has not acknowledged yet. */

export type StoredOperation = {
  /** The client id of the operation: the idempotency key. */
  id: string
  userId: string
  conversationId: string
  text: string
  replyTo: number | null
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
  clear(): Promise<void>
}

/** For programs and tests: nothing outlives the process. */
export function memoryStore(): Store {
  const operations = new Map<string, StoredOperation>()
  return {
    operations: async (userId) => [...operations.values()].filter((each) => each.userId === userId),
    put: async (operation) => void operations.set(operation.id, operation),
    remove: async (id) => void operations.delete(id),
    clear: async () => operations.clear(),
  }
}
