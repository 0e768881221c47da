/** How large a picture or a film is drawn: known before a byte of it is there, so that nothing moves (ML-11). */
import type { Attachment } from '../../src/protocol/index.ts'

/** ML-11: at most this on a side, in CSS pixels. */
const SIDE_MAX = 360
/** Where nobody has said how large it is. */
const UNKNOWN = { width: SIDE_MAX, height: 203 }

export function mediaBox({ width, height }: Pick<Attachment, 'width' | 'height'>): {
  width: number
  height: number
} {
  if (!width || !height) return UNKNOWN
  const scale = Math.min(1, SIDE_MAX / width, SIDE_MAX / height)
  // Not rounded: half a pixel more or less would move everything below it when the picture has come.
  return { width: width * scale, height: height * scale }
}
