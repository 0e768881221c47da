/**
 * What survives a reload: operations that the server has not acknowledged yet, the conversation list, and the
 * newest part of conversations that were looked at.
 */
import type { Attachment, InboxRow } from '../protocol/index.ts'
import { isOutdated, type KeptTimeline, withinLimit } from './kept-timeline.ts'

/** A file that goes with a message. Its `id` is this device's own name for it, also where its bytes are kept. */
export type OutgoingFile = Attachment & {
  /** What the server calls it. Once it is here it is on disk, and every repetition of the message names it. */
  attachmentId?: string
}

/** What an operation does: says something, or changes what was said. `target` is a message's seq. */
export type Doing =
  | {
      type: 'send'
      text: string
      replyTo: number | null
      /** The root, where it is a reply in a thread; absent otherwise, as in what was kept before threads were. */
      thread?: number
      alsoToConversation?: true
      files?: readonly OutgoingFile[]
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
  /** Keeps an operation, and with it the bytes of its files by their ids: both or neither. */
  put(operation: StoredOperation, files?: ReadonlyMap<string, Blob>): Promise<void>
  /** With the bytes of its files. */
  remove(id: string): Promise<void>
  /** The bytes of a file of a kept operation. */
  file(id: string): Promise<Blob | undefined>
  /**
   * Writes down what the server calls a file. The first to say so wins: two tabs that have both uploaded it
   * must send the same message, or the server takes the second one for another (G2).
   * @returns what it is called, undefined where the operation is not kept any more
   */
  adopt(operationId: string, fileId: string, attachmentId: string): Promise<string | undefined>
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
  const files = new Map<string, Blob>()
  const lists = new Map<string, Map<string, InboxRow>>()
  /** User and conversation → what is kept. */
  const timelines = new Map<string, KeptTimeline>()
  const keyOf = (userId: string, conversationId: string) => `${userId} ${conversationId}`
  return {
    operations: async (userId) => [...operations.values()].filter((each) => each.userId === userId),
    async put(operation, more) {
      operations.set(operation.id, operation)
      for (const [id, blob] of more ?? []) files.set(id, blob)
    },
    async remove(id) {
      for (const file of filesOf(operations.get(id))) files.delete(file.id)
      operations.delete(id)
    },
    file: async (id) => files.get(id),
    async adopt(operationId, fileId, attachmentId) {
      const operation = operations.get(operationId)
      if (!operation) return undefined
      const adopted = withAttachment(operation, fileId, attachmentId)
      operations.set(operationId, adopted)
      return filesOf(adopted).find(({ id }) => id === fileId)?.attachmentId
    },
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
      files.clear()
      lists.clear()
    },
  }
}

export function filesOf(operation: StoredOperation | undefined): readonly OutgoingFile[] {
  return operation?.type === 'send' ? (operation.files ?? []) : []
}

/** The operation with a file called what the server calls it, where nobody has said so before. */
export function withAttachment<T extends StoredOperation>(
  operation: T,
  fileId: string,
  attachmentId: string,
): T {
  const isNews = filesOf(operation).some((file) => file.id === fileId && file.attachmentId === undefined)
  if (!isNews) return operation
  const files = filesOf(operation).map((file) => (file.id === fileId ? { ...file, attachmentId } : file))
  return { ...operation, files }
}
