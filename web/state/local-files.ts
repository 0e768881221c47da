/**
 * Files that this page has itself: what is on its way is shown from here, and goes on being shown from here
 * when it is sent, so that nothing moves or blinks (SO-5).
 */
import { signal } from '@preact/signals'
import type { FileUploads } from '../../src/client/late-uploads.ts'

/**
 * Pictures stay in memory while they have an address: the ones that were sent long ago come from the server.
 * What is not sent yet, or is on the screen, does not count: it has no other address.
 */
const KEPT_MAX = 40

/** A file's id, this device's and then also the server's → an address of this page. */
export const localFiles = signal<ReadonlyMap<string, string>>(new Map())

/** A file's id → how often it is on the screen. */
const shown = new Map<string, number>()

/** It is on the screen, and stays here until what this returns is called: its row would only load it again. */
export function showLocal(id: string): () => void {
  shown.set(id, (shown.get(id) ?? 0) + 1)
  return () => {
    const left = (shown.get(id) ?? 0) - 1
    if (left > 0) shown.set(id, left)
    else shown.delete(id)
  }
}

export function keepLocal(uploads: FileUploads, id: string, bytes: Blob): void {
  const url = URL.createObjectURL(bytes)
  put(uploads, id, url)
  const stop = uploads.subscribe(() => {
    const upload = uploads.upload(id)
    if (upload?.attachmentId !== undefined) put(uploads, upload.attachmentId, url)
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

function put(uploads: FileUploads, id: string, url: string): void {
  const next = new Map(localFiles.peek()).set(id, url)
  const isHeld = (id: string) => shown.has(id) || uploads.upload(id) !== undefined
  // By address: what is held under one of its ids is kept under the other, too.
  const held = new Set([...next].flatMap(([id, url]) => (isHeld(id) ? url : [])))
  const others = [...next].filter(([, url]) => !held.has(url))
  for (const [oldest, gone] of others.slice(0, Math.max(0, others.length - KEPT_MAX))) {
    next.delete(oldest)
    if (![...next.values()].includes(gone)) URL.revokeObjectURL(gone)
  }
  localFiles.value = next
}
