/** Files before they are part of a message: who may bring one, who may read it, and which a message may name. */
import {
  type Attachment,
  mediaKindOf,
  UPLOADS_BURST,
  UPLOADS_PER_S,
  UPLOADS_UNSENT_MAX,
  uuidv7,
} from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'
import { TokenBucket } from '../token-bucket.ts'
import { type AttachmentRow, toAttachment } from './attachment-rows.ts'
import type { MemberRow } from './rows.ts'
import type { Store } from './store.ts'
import { invalid } from './verbs/operation.ts'

/** What came of an upload: what its bytes say it is, and what its sender says of a video's size, which no header tells early. */
export type Uploaded = {
  found: Pick<Attachment, 'mediaType' | 'width' | 'height'>
  said: Pick<Attachment, 'width' | 'height'>
}

export type FileTurn = { store: Store; member: MemberRow; now: number }

/** How fast each person uploads; only in memory, since what they have unsent is counted from the rows. */
export class UploadRate {
  readonly #buckets = new Map<string, TokenBucket>()

  /** @returns 0, or after how many ms one more is fine */
  take(userId: string, now: number): number {
    const bucket = this.#buckets.get(userId) ?? new TokenBucket(UPLOADS_PER_S, UPLOADS_BURST)
    this.#buckets.set(userId, bucket)
    return bucket.take(now)
  }
}

/**
 * Makes room for a file, before its first byte is taken.
 * @returns its id
 * Refuses: `archived`, `rate_limited` (too many at once, or too many that were never sent).
 */
export function beginUpload(
  { store, member, now }: FileTurn,
  rate: UploadRate,
  upload: { name: string; size: number },
): string {
  if (store.conversation().archived_at !== null) {
    throw new Refusal('archived', 'the conversation is archived')
  }
  const { count, firstDueAt } = store.attachments.unsentOf(member.user_id, now)
  if (count >= UPLOADS_UNSENT_MAX) {
    const retryAfterMs = Math.max(1, firstDueAt - now)
    throw new Refusal('rate_limited', 'send or delete what you have uploaded first', { retryAfterMs })
  }
  const retryAfterMs = rate.take(member.user_id, now)
  if (retryAfterMs > 0) throw new Refusal('rate_limited', 'uploading too quickly', { retryAfterMs })
  const id = uuidv7(now)
  store.attachments.begin({ id, uploaderId: member.user_id, ...upload }, now)
  return id
}

/** All bytes are there, and say what they are. Refuses: `not_found` where the upload was given up meanwhile. */
export function finishUpload({ store, member }: FileTurn, id: string, { found, said }: Uploaded): Attachment {
  const row = store.attachments.get(id)
  if (row?.state !== 'pending' || row.uploader_id !== member.user_id) throw noSuchFile()
  const size = mediaKindOf(found.mediaType) === 'video' ? said : {}
  store.attachments.stored(id, { ...size, ...found })
  return toAttachment(store.attachments.get(id) as AttachmentRow)
}

/** Takes an upload back. Refuses: `not_found` where it is not one's own, `conflict` once it was sent. */
export function dropUpload({ store, member, now }: FileTurn, id: string): void {
  const row = store.attachments.get(id)
  if (row?.uploader_id !== member.user_id) throw noSuchFile()
  if (row.state === 'sent') throw new Refusal('conflict', 'it was sent: delete its message')
  store.attachments.erase(id, now)
}

/** A file that this member may read: what was sent, and their own of what was not. Refuses: `not_found`. */
export function readableFile({ store, member }: FileTurn, id: string): Attachment {
  const row = store.attachments.get(id)
  const isOwn = row?.state === 'stored' && row.uploader_id === member.user_id
  if (!row || !(row.state === 'sent' || isOwn)) throw noSuchFile()
  return toAttachment(row)
}

/** The files that a message names, in its order. Refuses: `invalid` for one that is not its author's to send. */
export function filesToSend({ store, member }: FileTurn, ids: readonly string[]): Attachment[] {
  if (new Set(ids).size < ids.length) throw invalid('attachments', 'names a file twice')
  return ids.map((id) => {
    const row = store.attachments.get(id)
    // One answer for all: which files are there, and whose they are, is nobody's business.
    const isReady = row?.state === 'stored' && row.uploader_id === member.user_id
    if (!isReady) throw invalid('attachments', 'must be unsent uploads of yours')
    return toAttachment(row)
  })
}

function noSuchFile(): Refusal {
  return new Refusal('not_found', 'no such file')
}
