/** What a file is to those who look at it: one list for what the server shows inline and what clients play. */

import { PREVIEW_MAX } from './limits.ts'
import type { Attachment, AttachmentPreview, Message, Preview } from './model.ts'
import { excerpt } from './text.ts'

export type MediaKind = 'image' | 'video' | 'audio' | 'file'

/**
 * What a browser shows by itself and cannot be made to run: pixels and sound. Everything else is a download,
 * however harmless it calls itself: SVG and PDF carry scripts, and HTML is a page on our own origin.
 */
const INLINE: ReadonlyMap<string, MediaKind> = new Map([
  ['image/png', 'image'],
  ['image/jpeg', 'image'],
  ['image/gif', 'image'],
  ['image/webp', 'image'],
  ['image/avif', 'image'],
  ['video/mp4', 'video'],
  ['video/webm', 'video'],
  ['video/quicktime', 'video'],
  ['audio/mpeg', 'audio'],
  ['audio/mp4', 'audio'],
  ['audio/aac', 'audio'],
  ['audio/ogg', 'audio'],
  ['audio/webm', 'audio'],
  ['audio/wav', 'audio'],
  ['audio/flac', 'audio'],
])

/** How a client shows a file of this type; `file` for what is only downloaded. */
export function mediaKindOf(mediaType: string): MediaKind {
  return INLINE.get(mediaType) ?? 'file'
}

/** Several of one kind are that kind; mixed ones are files. */
function kindOfAll(attachments: readonly Attachment[]): MediaKind {
  const kinds = new Set(attachments.map(({ mediaType }) => mediaKindOf(mediaType)))
  const [kind = 'file'] = kinds
  return kinds.size === 1 ? kind : 'file'
}

/** What a message is by what hangs on it. */
export function messageKindOf(attachments: readonly Attachment[]): 'text' | 'image' | 'file' {
  if (attachments.length === 0) return 'text'
  return kindOfAll(attachments) === 'image' ? 'image' : 'file'
}

/** What stands for them where there is one line; undefined where there are none. */
export function attachmentPreviewOf(attachments: readonly Attachment[]): AttachmentPreview | undefined {
  const [first] = attachments
  return first && { kind: kindOfAll(attachments), name: first.name, count: attachments.length }
}

/** What a list says of a message. Nothing of one that was deleted, but that it was there. */
export function previewOf({ seq, authorId, text, attachments, createdAt, deletedAt }: Message): Preview {
  const isThere = deletedAt === null
  const attachment = isThere ? attachmentPreviewOf(attachments) : undefined
  const preview = isThere ? excerpt(text, PREVIEW_MAX) : ''
  return { seq, authorId, preview, ...(attachment && { attachment }), createdAt }
}
