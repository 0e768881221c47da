/**
 * Deletes the bytes of what was erased, and of what was uploaded and never sent, off the path of whoever
 * erased it. What R2 does not confirm is asked of it again; deleting twice is deleting once.
 */
import { keyOf } from '../files/bucket.ts'
import { logError } from '../log.ts'
import { ERASE_BATCH, ERASE_WITHIN_MS } from '../protocol/index.ts'
import { retryAt } from '../retry.ts'
import type { Store } from './store.ts'
import { within } from './within.ts'

export type FileEraserParts = {
  store: Store
  conversationId: string
  bucket: Pick<R2Bucket, 'delete'>
  now: () => number
}

export class FileEraser {
  readonly #parts: FileEraserParts

  constructor(parts: FileEraserParts) {
    this.#parts = parts
  }

  /**
   * Never throws: an alarm that does is given up by the platform after six times.
   * @returns whether there was anything to do, so that the next time may be another now
   */
  async run(): Promise<boolean> {
    const { store, conversationId, bucket, now } = this.#parts
    if (!store.exists) return false
    const at = now()
    const due = store.transaction(() => {
      store.attachments.eraseUnsent(at)
      return store.attachments.toDelete(at, ERASE_BATCH)
    })
    if (due.length === 0) return false
    try {
      const keys = due.map(({ id }) => keyOf(conversationId, id))
      await within(ERASE_WITHIN_MS, bucket.delete(keys))
      store.transaction(() => {
        for (const { id } of due) store.attachments.forget(id)
      })
    } catch (error) {
      logError('files: delete', error, { conversationId, count: due.length })
      store.transaction(() => {
        for (const { id, attempts } of due) {
          store.attachments.postpone(id, attempts + 1, retryAt(attempts, now()))
        }
      })
    }
    return true
  }
}
