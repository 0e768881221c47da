/**
 * Files that this page has itself: what is on its way is shown from here, and goes on being shown from here
 * when it is sent, so that nothing moves or blinks (SO-5).
 */
import { signal } from '@preact/signals'
import type { FileUploads } from '../../src/client/late-uploads.ts'

/** Pictures stay in memory while they have an address: the ones that were sent long ago come from the server. */
const KEPT_MAX = 40

/** A file's id, this device's and then also the server's → an address of this page. */
export const localFiles = signal<ReadonlyMap<string, string>>(new Map())

export function keepLocal(uploads: FileUploads, id: string, bytes: Blob): void {
  const url = URL.createObjectURL(bytes)
  put(id, url)
  const stop = uploads.subscribe(() => {
    const upload = uploads.upload(id)
    if (upload?.attachmentId !== undefined) put(upload.attachmentId, url)
    if (!upload || upload.attachmentId !== undefined) stop()
  })
}

/** What an earlier life of this page left on the disk. */
export async function loadLocal(uploads: FileUploads, id: string): Promise<void> {
  const bytes = await uploads.bytes(id)
  if (bytes && !localFiles.peek().has(id)) keepLocal(uploads, id, bytes)
}

export function clearLocal(): void {
  for (const url of localFiles.peek().values()) URL.revokeObjectURL(url)
  localFiles.value = new Map()
}

function put(id: string, url: string): void {
  const next = new Map(localFiles.peek()).set(id, url)
  for (const [oldest, gone] of next) {
    if (next.size <= KEPT_MAX) break
    next.delete(oldest)
    if (![...next.values()].includes(gone)) URL.revokeObjectURL(gone)
  }
  localFiles.value = next
}
