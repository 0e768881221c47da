/** How large an image is, read from its header, so that a client keeps its place before the bytes arrive. */

/** How these begin. */
export const PNG = '\x89PNG\r\n\x1a\n'
export const JPEG = '\xff\xd8\xff'

export type ImageSize = { width: number; height: number }

/** @returns undefined where the size does not stand in these bytes */
export function imageSizeOf(mediaType: string, head: Uint8Array): ImageSize | undefined {
  try {
    const size = READERS[mediaType]?.(viewOf(head))
    return size && size.width > 0 && size.height > 0 ? size : undefined
  } catch (error) {
    // Past the end: these are not all the bytes, or the header lies about its own length.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const READERS: Record<string, (view: DataView) => ImageSize | undefined> = {
  'image/png': (view) =>
    word(view, 12) === 'IHDR' ? { width: view.getUint32(16), height: view.getUint32(20) } : undefined,
  'image/gif': (view) => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) }),
  'image/jpeg': jpegSize,
  'image/webp': webpSize,
  'image/avif': avifSize,
}

/** Segment by segment to the frame's header. A photo taken sideways is shown upright: its sides change places. */
function jpegSize(view: DataView): ImageSize | undefined {
  let isSideways = false
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)]
      return isSideways ? { width: height, height: width } : { width, height }
    }
    // The picture has begun without saying how large it is.
    if (marker === 0xda || marker === 0xd9) return undefined
    const hasLength = marker !== 0xff && marker !== 0x01 && !(marker >= 0xd0 && marker <= 0xd8)
    if (marker === 0xe1 && word(view, at + 4) === 'Exif') isSideways = orientationOf(view, at + 10) >= 5
    // A fill byte is skipped by itself: what follows it is the marker.
    at += hasLength ? 2 + view.getUint16(at + 2) : marker === 0xff ? 1 : 2
  }
}

/** The tag 0x0112 of the TIFF block in a photo: 1 to 8, from 5 on lying on its side; 1 where it says nothing we can read. */
export function orientationOf(view: DataView, tiff: number): number {
  if (tiff + 8 > view.byteLength) return 1
  const isLittle = view.getUint16(tiff) === 0x4949
  const directory = tiff + view.getUint32(tiff + 4, isLittle)
  if (directory + 2 > view.byteLength) return 1
  const room = Math.floor((view.byteLength - directory - 2) / 12)
  const count = Math.min(view.getUint16(directory, isLittle), room)
  for (let n = 0; n < count; n += 1) {
    const entry = directory + 2 + n * 12
    if (view.getUint16(entry, isLittle) === 0x0112) return view.getUint16(entry + 8, isLittle)
  }
  return 1
}

function webpSize(view: DataView): ImageSize | undefined {
  switch (word(view, 12)) {
    case 'VP8X':
      return { width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) }
    case 'VP8 ':
      if (uint24(view, 23) !== 0x2a019d) return undefined
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
    case 'VP8L': {
      if (view.getUint8(20) !== 0x2f) return undefined
      const bits = view.getUint32(21, true)
      return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) }
    }
    default:
      return undefined
  }
}

/** The largest of the sizes in its properties: smaller ones are of tiles, thumbnails and transparency. */
function avifSize(view: DataView): ImageSize | undefined {
  const meta = boxIn(view, 'meta', 0, view.byteLength)
  const properties = meta && boxIn(view, 'iprp', meta.from + 4, meta.to)
  const container = properties && boxIn(view, 'ipco', properties.from, properties.to)
  if (!container) return undefined
  let largest: ImageSize | undefined
  for (const box of boxes(view, container.from, container.to)) {
    if (box.name !== 'ispe') continue
    const size = { width: view.getUint32(box.from + 4), height: view.getUint32(box.from + 8) }
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size
  }
  return largest
}

type Box = { name: string; from: number; to: number }

function boxIn(view: DataView, name: string, from: number, to: number): Box | undefined {
  for (const box of boxes(view, from, to)) if (box.name === name) return box
  return undefined
}

function* boxes(view: DataView, from: number, to: number): IterableIterator<Box> {
  for (let at = from; at + 8 <= to; ) {
    const length = view.getUint32(at)
    // 0 is "to the end" and 1 "see below", which no header of a picture needs.
    if (length < 8) return
    yield { name: word(view, at + 4), from: at + 8, to: at + length }
    at += length
  }
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
}

/** Four bytes as letters. */
function word(view: DataView, at: number): string {
  return ascii(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), at, 4)
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Bytes as characters of the same number; shorter where they end. */
export function ascii(bytes: Uint8Array, at: number, length: number): string {
  let text = ''
  for (const byte of bytes.subarray(at, at + Math.max(0, length))) text += String.fromCharCode(byte)
  return text
}

export function hasAscii(bytes: Uint8Array, text: string): boolean {
  return ascii(bytes, 0, Math.min(bytes.length, 4_096)).includes(text)
}
