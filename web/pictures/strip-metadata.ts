/**
 * Takes everything out of a picture that is not the picture: where and when it was taken, with what, by whom,
 * and the second picture that phones hide behind the first (CO-8). Only what is known to be needed stays, so
 * what nobody has thought of goes too. Nothing is encoded anew: the pixels are the same, bit for bit.
 */
import { orientationOf } from './orientation.ts'

export type Stripped = {
  /** Pieces of the original, in order. */
  parts: Uint8Array<ArrayBuffer>[]
  /** As EXIF counts: 1 is upright. Lost with the rest, so any other must be drawn into the pixels. */
  orientation: number
  /** Drawing it would leave one picture of many. */
  isAnimated: boolean
}

type Bytes = Uint8Array<ArrayBuffer>

/** @returns null where the bytes are not what they should be: then only drawing it anew is safe */
export function stripMetadata(
  bytes: Bytes,
  type: 'image/jpeg' | 'image/png' | 'image/webp',
): Stripped | null {
  try {
    if (type === 'image/jpeg') return stripJpeg(bytes)
    return type === 'image/png' ? stripPng(bytes) : stripWebp(bytes)
  } catch {
    // Read past the end: it is cut off.
    return null
  }
}

const JPEG = { start: 0xd8, end: 0xd9, scan: 0xda, app0: 0xe0, app15: 0xef, comment: 0xfe }
/** Application segments that say how the pixels are to be understood. */
const JPEG_KEPT: ReadonlyMap<number, string> = new Map([
  [0xe0, 'JFIF\0'],
  [0xe2, 'ICC_PROFILE\0'],
  [0xee, 'Adobe'],
])

function stripJpeg(bytes: Bytes): Stripped | null {
  const view = viewOf(bytes)
  const parts = [bytes.subarray(0, 2)]
  let orientation = 1
  let at = 2
  for (;;) {
    if (view.getUint8(at) !== 0xff) return null
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === JPEG.end) {
      parts.push(bytes.subarray(at, at + 2))
      return { parts, orientation, isAnimated: false }
    }
    const end = at + 2 + view.getUint16(at + 2)
    if (end > bytes.length) return null
    if (marker === 0xe1 && textAt(bytes, at + 4, 6) === 'Exif\0\0') {
      orientation = orientationOf(bytes.subarray(at + 10, end)) ?? orientation
    }
    const next = marker === JPEG.scan ? endOfScan(bytes, end) : end
    if (isKeptSegment(bytes, at)) parts.push(bytes.subarray(at, next))
    at = next
  }
}

/** Where pixels may go on past what looks like a marker: makers of raw are not strict. */
const LOSSLESS = 0xc3

/**
 * The same for a JPEG that lies inside of another file: everything keeps its place, and notes become zeros.
 * @returns false where it is not what it should be; it may be cut off in its pixels
 */
export function blankJpeg(bytes: Bytes): boolean {
  const view = viewOf(bytes)
  let isLossless = false
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = view.getUint8(at + 1)
    if (view.getUint8(at) !== 0xff) return false
    if (marker === JPEG.end) {
      bytes.fill(0, at + 2)
      return true
    }
    // A fill byte is skipped by itself: what follows it is the marker.
    const end = marker === 0xff ? at + 1 : at + 2 + view.getUint16(at + 2)
    if (end > bytes.length) return false
    if (!isKeptSegment(bytes, at)) bytes.fill(0, at + 4, end)
    if (marker === LOSSLESS) isLossless = true
    if (marker === JPEG.scan && isLossless) return true
    at = marker === JPEG.scan ? endOfScan(bytes, end) : end
  }
  return true
}

function isKeptSegment(bytes: Bytes, at: number): boolean {
  const marker = bytes[at + 1] ?? 0
  const kept = JPEG_KEPT.get(marker)
  const isNote = marker === JPEG.comment || (marker >= JPEG.app0 && marker <= JPEG.app15)
  return !isNote || (kept !== undefined && textAt(bytes, at + 4, kept.length) === kept)
}

/** Compressed pixels go on until a marker that is neither a stuffed 0xff nor a restart. */
function endOfScan(bytes: Bytes, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at
  }
  return bytes.length
}

const PNG_KEPT = new Set(
  'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT'.split(
    ' ',
  ),
)

function stripPng(bytes: Bytes): Stripped | null {
  const view = viewOf(bytes)
  const parts = [bytes.subarray(0, 8)]
  let orientation = 1
  let isAnimated = false
  for (let at = 8; ; ) {
    const end = at + 12 + view.getUint32(at)
    const name = textAt(bytes, at + 4, 4)
    if (end > bytes.length) return null
    if (PNG_KEPT.has(name)) parts.push(bytes.subarray(at, end))
    if (name === 'eXIf') orientation = orientationOf(bytes.subarray(at + 8, end - 4)) ?? orientation
    if (name === 'acTL') isAnimated = true
    if (name === 'IEND') return { parts, orientation, isAnimated }
    at = end
  }
}

const WEBP_KEPT = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])
/** Bits of a WebP's first chunk. */
const WEBP_FLAGS = { animation: 0x02, notes: 0x0c }

function stripWebp(bytes: Bytes): Stripped | null {
  const view = viewOf(bytes)
  const end = Math.min(bytes.length, 8 + view.getUint32(4, true))
  const parts: Bytes[] = []
  let orientation = 1
  let isAnimated = false
  let at = 12
  while (at < end) {
    const size = view.getUint32(at + 4, true)
    // An odd chunk is followed by one byte that is none of it.
    const next = at + 8 + size + (size % 2)
    const name = textAt(bytes, at, 4)
    if (at + 8 + size > bytes.length) return null
    const chunk = bytes.slice(at, next)
    if (name === 'VP8X') {
      isAnimated = ((chunk[8] ?? 0) & WEBP_FLAGS.animation) !== 0
      chunk[8] = (chunk[8] ?? 0) & ~WEBP_FLAGS.notes
    }
    if (name === 'EXIF') orientation = orientationOf(chunk.subarray(8)) ?? orientation
    if (WEBP_KEPT.has(name)) parts.push(chunk)
    at = next
  }
  if (parts.length === 0) return null
  const head = bytes.slice(0, 12)
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  viewOf(head).setUint32(4, 4 + length, true)
  return { parts: [head, ...parts], orientation, isAnimated }
}

function viewOf(bytes: Bytes): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function textAt(bytes: Bytes, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length))
}
