/** What a file is to those who look at it: one list for what the server shows inline and what clients play. */
import type { Attachment } from './model.ts'

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

/** What a list says of the files of a message; undefined where it has none. */
export function attachmentPreviewOf(
  attachments: readonly Attachment[],
): { kind: MediaKind; name: string; count: number } | undefined {
  const [first] = attachments
  return first && { kind: kindOfAll(attachments), name: first.name, count: attachments.length }
}
