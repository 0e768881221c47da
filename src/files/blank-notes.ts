/**
 * What a camera and an editor write into a picture beside the pixels: where it was taken, when, with what, by
 * whom. Whoever shares a photo of a cat does not mean to share where they live. It is blanked in place, so
 * that the file keeps its length and everything else in it keeps its place.
 */
import { ascii, JPEG, orientationOf, PNG, viewOf } from './image-size.ts'

/** A segment of a JPEG whose content starts so, or a kind of segment as a whole. */
const EXIF = 'Exif\0\0'
/** A directory of one entry, with its header and its end. */
const TIFF_BYTES = 26
const APP1 = 0xe1
const APP13_IPTC = 0xed
const START_OF_SCAN = 0xda

const PNG_NOTES: readonly string[] = ['eXIf', 'tEXt', 'zTXt', 'iTXt']
/** Ancillary, private, safe to copy: every reader of PNG passes over it. */
const PNG_NOTHING = 'nuLl'

/**
 * Blanks the notes in a picture's first bytes, in these very bytes. Other files are left alone.
 * @returns false where more notes may follow
 */
export function blankNotes(head: Uint8Array): boolean {
  if (ascii(head, 0, JPEG.length) === JPEG) return blankJpeg(head)
  if (ascii(head, 0, PNG.length) === PNG) return blankPng(head)
  return true
}

function blankJpeg(head: Uint8Array): boolean {
  const view = viewOf(head)
  for (let at = 2; at + 4 <= head.length; ) {
    const marker = view.getUint8(at + 1)
    if (view.getUint8(at) !== 0xff || marker === START_OF_SCAN) return true
    // A fill byte is skipped by itself: what follows it is the marker.
    const end = marker === 0xff ? at + 1 : at + 2 + view.getUint16(at + 2)
    if (end > head.length) return false
    if (marker === APP1 || marker === APP13_IPTC) blankSegment(head.subarray(at + 4, end))
    at = end
  }
  return false
}

/** All of it but the way up: the picture would fall on its side. */
function blankSegment(content: Uint8Array): void {
  const isExif = ascii(content, 0, EXIF.length) === EXIF
  const orientation = isExif ? orientationOf(viewOf(content), EXIF.length) : 1
  content.fill(0, isExif ? EXIF.length : 0)
  // TIFF, big-endian: a directory with one entry, tag 0x0112, one SHORT.
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation & 0x0f]
  if (isExif && content.length >= EXIF.length + TIFF_BYTES) content.set(tiff, EXIF.length)
}

function blankPng(head: Uint8Array): boolean {
  const view = viewOf(head)
  for (let at = PNG.length; at + 12 <= head.length; ) {
    const type = ascii(head, at + 4, 4)
    // Notes may stand after the pixels, too.
    if (type === 'IEND') return true
    const end = at + 12 + view.getUint32(at)
    if (end > head.length) return false
    if (PNG_NOTES.includes(type)) {
      head.fill(0, at + 8, end)
      for (let n = 0; n < 4; n += 1) head[at + 4 + n] = PNG_NOTHING.charCodeAt(n)
      // Readers check the sum even of what they pass over.
      view.setUint32(end - 4, crc32(head.subarray(at + 4, end - 4)))
    }
    at = end
  }
  return false
}

function crc32(bytes: Uint8Array): number {
  let sum = ~0
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1))
  }
  return ~sum >>> 0
}
