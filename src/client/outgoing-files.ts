/** What an outbox asks about the files of its messages: how far they are, and what the server calls them. */
import { filesOf, type OutgoingFile, type Store, type StoredOperation } from './store.ts'

/** Refused for what it says: a file may have lain at the server for too long without a message. */
const MAY_BE_GONE: ReadonlySet<string> = new Set(['invalid', 'not_found'])

type Failure = { code: string; message: string }

/** What is asked of the uploads; more of them is nobody's business here. */
export type FilesOnTheirWay = {
  ensure(conversationId: string, file: OutgoingFile): void
  upload(id: string): { percent: number; attachmentId?: string; error?: Failure } | undefined
  heldBytes(id: string): Blob | undefined
  forget(id: string): void
  cancel(id: string): void
}

type Arrived = { id: string; attachmentId: string }

export class OutgoingFiles {
  readonly #conversationId: string
  readonly #store: Store
  readonly #uploads: FilesOnTheirWay
  /** By the file's id: what is being written down needs no second hand. */
  readonly #adopting = new Set<string>()

  constructor({
    conversationId,
    store,
    uploads,
  }: {
    conversationId: string
    store: Store
    uploads: FilesOnTheirWay
  }) {
    this.#conversationId = conversationId
    this.#store = store
    this.#uploads = uploads
  }

  /** Lets what is not at the server go up, also from the disk of an earlier life. */
  ensure(operation: StoredOperation): void {
    for (const file of missing(operation)) this.#uploads.ensure(this.#conversationId, file)
  }

  areThere(operation: StoredOperation): boolean {
    return missing(operation).length === 0
  }

  /** What has become of those that were not at the server. */
  look(operation: StoredOperation): { failure: Failure | undefined; arrived: readonly Arrived[] } {
    let failure: Failure | undefined
    const arrived: Arrived[] = []
    for (const { id } of missing(operation)) {
      const upload = this.#uploads.upload(id)
      failure ??= upload?.error
      if (upload?.attachmentId !== undefined && !this.#adopting.has(id))
        arrived.push({ id, attachmentId: upload.attachmentId })
    }
    return { failure, arrived }
  }

  /** Of all its bytes, in whole numbers; undefined where everything is at the server. */
  percent(operation: StoredOperation): number | undefined {
    if (this.areThere(operation)) return undefined
    const files = filesOf(operation)
    const size = files.reduce((sum, file) => sum + file.size, 0)
    const sent = files.reduce((sum, file) => sum + (file.size * this.#percentOf(file)) / 100, 0)
    return size === 0 ? 0 : Math.floor((100 * sent) / size)
  }

  bytesOf(operation: StoredOperation): ReadonlyMap<string, Blob> {
    const bytes = new Map<string, Blob>()
    for (const { id } of filesOf(operation)) {
      const held = this.#uploads.heldBytes(id)
      if (held) bytes.set(id, held)
    }
    return bytes
  }

  /**
   * @returns the id that stands: another tab's, where that was first; undefined where the operation is gone
   */
  async adopt(operationId: string, fileId: string, attachmentId: string): Promise<string | undefined> {
    this.#adopting.add(fileId)
    // A disk that has failed meanwhile: memory has it.
    const kept = await this.#store.adopt(operationId, fileId, attachmentId).catch(() => attachmentId)
    this.#adopting.delete(fileId)
    return kept
  }

  /** What is sent again after the server or an upload has failed it. */
  again<T extends StoredOperation>(operation: T, error: { code: string }): T {
    const files = filesOf(operation)
    if (files.length === 0) return operation
    // A refusal has stored nothing, so the message may name other ids than before.
    const next = MAY_BE_GONE.has(error.code) ? { ...operation, files: files.map(unsent) } : operation
    this.ensure(next)
    return next
  }

  /** The message is at the server, and they with it. */
  forget(operation: StoredOperation): void {
    for (const { id } of filesOf(operation)) this.#uploads.forget(id)
  }

  cancel(operation: StoredOperation): void {
    for (const { id } of filesOf(operation)) this.#uploads.cancel(id)
  }

  #percentOf({ id, attachmentId }: OutgoingFile): number {
    return attachmentId === undefined ? (this.#uploads.upload(id)?.percent ?? 0) : 100
  }
}

function missing(operation: StoredOperation): readonly OutgoingFile[] {
  return filesOf(operation).filter(({ attachmentId }) => attachmentId === undefined)
}

function unsent({ attachmentId: _, ...file }: OutgoingFile): OutgoingFile {
  return file
}
