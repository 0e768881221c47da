/**
 * The uploads of a client that has none yet: their script comes with the first file, and nobody who only writes
 * ever loads it.
 */
import type { OutgoingFile } from './store.ts'
import type { Upload, Uploads } from './uploads.ts'

export class LateUploads {
  readonly #make: () => Promise<Uploads>
  readonly #listeners = new Set<() => void>()
  #made: Uploads | undefined
  #making: Promise<Uploads> | undefined
  /** What was to go up when the script could not be had. */
  #missed: [conversationId: string, file: OutgoingFile][] = []

  constructor(make: () => Promise<Uploads>) {
    this.#make = make
  }

  /** Where files are added. Rejects where the script cannot be had; the next call tries again. */
  load(): Promise<Uploads> {
    this.#making ??= this.#make().then(
      (made) => {
        this.#made = made
        made.subscribe(() => {
          for (const listener of this.#listeners) listener()
        })
        return made
      },
      (error: unknown) => {
        this.#making = undefined
        throw error
      },
    )
    return this.#making
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  ensure(conversationId: string, file: OutgoingFile): void {
    this.load().then(
      (made) => made.ensure(conversationId, file),
      () => this.#missed.push([conversationId, file]),
    )
  }

  hurry(): void {
    this.#made?.hurry()
    for (const [conversationId, file] of this.#missed.splice(0)) this.ensure(conversationId, file)
  }

  async bytes(id: string): Promise<Blob | undefined> {
    return (await this.load()).bytes(id)
  }

  upload(id: string): Upload | undefined {
    return this.#made?.upload(id)
  }

  file(id: string): OutgoingFile | undefined {
    return this.#made?.file(id)
  }

  heldBytes(id: string): Blob | undefined {
    return this.#made?.heldBytes(id)
  }

  retry(id: string): void {
    this.#made?.retry(id)
  }

  cancel(id: string): void {
    this.#made?.cancel(id)
  }

  forget(id: string): void {
    this.#made?.forget(id)
  }

  close(): void {
    this.#missed = []
    this.#made?.close()
  }
}

/** What a conversation and its screens need of either. */
export type FileUploads = Pick<
  LateUploads,
  | 'load'
  | 'subscribe'
  | 'ensure'
  | 'hurry'
  | 'bytes'
  | 'upload'
  | 'file'
  | 'heldBytes'
  | 'retry'
  | 'cancel'
  | 'forget'
>
