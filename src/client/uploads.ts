/**
 * The files on their way to the server: two at a time, each repeated until it is there or the server will not
 * have it. What a file is for is not known here: it goes up while its message is still being written.
 */
import {
  type Attachment,
  SEND_RETRY_MS,
  UPLOAD_RETRY_MAX_MS,
  UPLOAD_SILENT_MS,
  UPLOADS_AT_ONCE,
  uuidv7,
} from '../protocol/index.ts'
import type { Api, ApiOptions } from './api.ts'
import type { Clock, Timer } from './platform.ts'
import type { SendBytes } from './send-bytes.ts'
import type { OutgoingFile, Store } from './store.ts'
import { createUploadCall, type UploadCall } from './upload-call.ts'
import {
  type FailedTry,
  failedTry,
  isCounted,
  isPassing,
  LOST,
  type UploadFailure,
} from './upload-failure.ts'

/** How far a file has got. A new object after each change. */
export type Upload = {
  phase: 'waiting' | 'uploading' | 'done' | 'failed'
  percent: number
  attachmentId?: string
  error?: UploadFailure
}

export type UploadsOptions = {
  clock: Clock
  store: Pick<Store, 'file'>
  call: UploadCall
  /** Takes back at the server what no message will name. */
  takeBack: (conversationId: string, attachmentId: string) => Promise<void>
}

type Entry = {
  conversationId: string
  file: OutgoingFile
  /** Undefined where only the disk has it. */
  bytes: Blob | undefined
  upload: Upload
  /** How often the server could not take it. */
  tries: number
  /** The wait before the next try. */
  pause: Timer | undefined
  waitMs: number
  /** Ends the try that is under way. */
  calledOff: AbortController | undefined
}

export class Uploads {
  readonly #options: UploadsOptions
  /** In the order in which they came. */
  readonly #entries = new Map<string, Entry>()
  readonly #listeners = new Set<() => void>()

  constructor(options: UploadsOptions) {
    this.#options = options
  }

  /** Here already: see {@link LateUploads}. */
  async load(): Promise<Uploads> {
    return this
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** @returns the file's id on this device */
  add(
    conversationId: string,
    bytes: Blob,
    about: Pick<Attachment, 'name' | 'mediaType' | 'width' | 'height'>,
  ): string {
    const id = uuidv7(this.#options.clock.now())
    this.#start(conversationId, { ...about, id, size: bytes.size }, bytes)
    return id
  }

  /** Takes up what an earlier life of this page left, or tries again what has failed or must go up anew. */
  ensure(conversationId: string, file: OutgoingFile): void {
    const known = this.#entries.get(file.id)
    if (!known) return this.#start(conversationId, file, undefined)
    if (known.upload.phase === 'failed' || known.upload.phase === 'done') this.#again(known)
  }

  retry(id: string): void {
    const entry = this.#entries.get(id)
    if (entry?.upload.phase === 'failed') this.#again(entry)
  }

  upload(id: string): Upload | undefined {
    return this.#entries.get(id)?.upload
  }

  /** What a message says of it, with the server's id where there is one. */
  file(id: string): OutgoingFile | undefined {
    const entry = this.#entries.get(id)
    const attachmentId = entry?.upload.attachmentId
    return entry && (attachmentId === undefined ? entry.file : { ...entry.file, attachmentId })
  }

  /** Where this page has them in memory. */
  heldBytes(id: string): Blob | undefined {
    return this.#entries.get(id)?.bytes
  }

  /** From memory, or else from the disk. */
  async bytes(id: string): Promise<Blob | undefined> {
    return this.heldBytes(id) ?? (await this.#options.store.file(id).catch(() => undefined))
  }

  /** Nobody wants it any more: what is under way ends, what has arrived is taken back. */
  cancel(id: string): void {
    const entry = this.#entries.get(id)
    const attachmentId = entry?.upload.attachmentId
    this.forget(id)
    if (!entry || attachmentId === undefined) return
    // Where this fails the server lets go of it by itself, a day later.
    this.#options.takeBack(entry.conversationId, attachmentId).catch(() => undefined)
  }

  /** Its message is at the server. */
  forget(id: string): void {
    const entry = this.#entries.get(id)
    if (!entry) return
    this.#entries.delete(id)
    this.#rest(entry)
    this.#changed()
  }

  /** The way to the server is open again: what waits to be tried again is tried now. */
  hurry(): void {
    for (const entry of this.#entries.values()) this.#clearPause(entry)
    this.#next()
  }

  close(): void {
    for (const id of [...this.#entries.keys()]) this.forget(id)
  }

  #start(conversationId: string, file: OutgoingFile, bytes: Blob | undefined): void {
    this.#entries.set(file.id, {
      ...{ conversationId, file, bytes, tries: 0, pause: undefined, calledOff: undefined },
      ...{ upload: { phase: 'waiting', percent: 0 }, waitMs: SEND_RETRY_MS },
    })
    this.#changed()
  }

  #again(entry: Entry): void {
    entry.tries = 0
    entry.waitMs = SEND_RETRY_MS
    entry.upload = { phase: 'waiting', percent: 0 }
    this.#changed()
  }

  #next(): void {
    const entries = [...this.#entries.values()]
    let free = UPLOADS_AT_ONCE - entries.filter(({ calledOff }) => calledOff).length
    for (const entry of entries) {
      if (free <= 0) return
      if (entry.upload.phase !== 'waiting' || entry.pause !== undefined) continue
      free -= 1
      void this.#run(entry)
    }
  }

  async #run(entry: Entry): Promise<void> {
    const { clock, call } = this.#options
    const calledOff = new AbortController()
    entry.calledOff = calledOff
    entry.upload = { phase: 'uploading', percent: 0 }
    let hasStalled = false
    let patience: Timer | undefined
    const moved = () => {
      if (patience !== undefined) clock.clearTimer(patience)
      patience = clock.setTimer(() => {
        hasStalled = true
        calledOff.abort()
      }, UPLOAD_SILENT_MS)
    }
    const isWanted = () => entry.calledOff === calledOff
    try {
      const bytes = await this.bytes(entry.file.id)
      if (!bytes) throw new Error('the bytes are gone')
      if (!isWanted()) return
      moved()
      const attachment = await call({
        ...{ conversationId: entry.conversationId, file: entry.file, bytes, signal: calledOff.signal },
        onProgress: (percent) => {
          moved()
          if (isWanted()) this.#show(entry, { phase: 'uploading', percent })
        },
      })
      // Called off when it had just arrived: it is of no use to anyone.
      if (!isWanted()) return void this.#options.takeBack(entry.conversationId, attachment.id).catch(() => {})
      entry.calledOff = undefined
      this.#show(entry, { phase: 'done', percent: 100, attachmentId: attachment.id })
    } catch (error) {
      if (!isWanted()) return
      const isReadable = await this.#isReadable(entry)
      if (!isWanted()) return
      entry.calledOff = undefined
      this.#failed(entry, isReadable ? failedTry(error, hasStalled) : LOST)
    } finally {
      if (patience !== undefined) clock.clearTimer(patience)
    }
  }

  #failed(entry: Entry, { retryAfterMs, ...error }: FailedTry): void {
    if (isCounted(error)) entry.tries += 1
    if (!isPassing(error, entry.tries)) return this.#show(entry, { phase: 'failed', percent: 0, error })
    entry.pause = this.#options.clock.setTimer(() => {
      entry.pause = undefined
      this.#next()
    }, retryAfterMs ?? entry.waitMs)
    entry.waitMs = Math.min(entry.waitMs * 2, UPLOAD_RETRY_MAX_MS)
    this.#show(entry, { phase: 'waiting', percent: 0 })
  }

  /** A file that was picked and then moved or deleted fails like a broken line, for ever. */
  async #isReadable({ file }: Entry): Promise<boolean> {
    try {
      const bytes = await this.bytes(file.id)
      await bytes?.slice(0, 1).arrayBuffer()
      return bytes !== undefined
    } catch {
      return false
    }
  }

  #rest(entry: Entry): void {
    this.#clearPause(entry)
    const { calledOff } = entry
    entry.calledOff = undefined
    calledOff?.abort()
  }

  #clearPause(entry: Entry): void {
    if (entry.pause !== undefined) this.#options.clock.clearTimer(entry.pause)
    entry.pause = undefined
  }

  #show(entry: Entry, upload: Upload): void {
    const { phase, percent } = entry.upload
    if (upload.phase === 'uploading' && phase === 'uploading' && upload.percent === percent) return
    entry.upload = upload
    this.#changed()
  }

  #changed(): void {
    this.#next()
    for (const listener of this.#listeners) listener()
  }
}

/** As a client has them. */
export function createUploads({
  baseUrl,
  authorize,
  sendBytes,
  clock,
  store,
  api,
}: Pick<ApiOptions, 'baseUrl' | 'authorize'> &
  Pick<UploadsOptions, 'clock' | 'store'> & { sendBytes: SendBytes | undefined; api: Api }): Uploads {
  return new Uploads({
    clock,
    store,
    call: createUploadCall({ baseUrl, authorize }, sendBytes),
    takeBack: (conversationId, attachmentId) => api.removeAttachment(conversationId, attachmentId),
  })
}
