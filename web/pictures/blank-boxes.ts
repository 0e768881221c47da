/**
 * Frees a picture that this browser cannot read from what is not the picture (CO-8): HEIC, AVIF and JPEG XL are
 * made of boxes, and nothing in them is encoded anew or moved. What is not known to be needed is overwritten
 * with zeros where it stands: all offsets stay true, and what nobody has thought of goes too.
 * Boxes: ISO/IEC 14496-12; items and their properties: ISO/IEC 23008-12; JPEG XL: ISO/IEC 18181-2.
 */

import type { BoxedType } from './picture-type.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Range = { start: number; end: number }
type Box = Range & { name: string; body: number }
type Item = { id: number; extents: Range[] }

const words = (text: string) => new Set(text.split(' '))
const JXL_KEPT = words('ftyp jxll jxlc jxlp jxli').add('JXL ')
const FILE_KEPT = words('ftyp meta mdat')
const META_KEPT = words('hdlr pitm iinf iloc iref iprp idat grpl')
const PROPERTIES_KEPT = words(
  'ispe pixi colr hvcC av1C pasp irot imir clap auxC clli mdcv cclv a1op a1lx lsel rloc',
)
/** Kinds of items that are pixels, or say how those are put together: not `Exif`, `mime` (XMP) and all others. */
const PIXELS = words('hvc1 hev1 av01 grid iovl iden tmap')

/**
 * Blanks it in these very bytes.
 * @returns false where nothing says for sure what is what; the bytes are then of no use
 */
export function blankBoxes(bytes: Bytes, type: BoxedType): boolean {
  try {
    return type === 'image/jxl' ? blankJxl(bytes) : blankItems(bytes)
  } catch {
    // Read past the end: it is cut off.
    return false
  }
}

function blankJxl(bytes: Bytes): boolean {
  blankOthers(bytes, boxesIn(bytes, 0, bytes.length), JXL_KEPT)
  return true
}

function blankItems(bytes: Bytes): boolean {
  const file = boxesIn(bytes, 0, bytes.length)
  const metas = file.filter(({ name }) => name === 'meta')
  // Pictures that move have their notes in yet another place.
  if (metas.length !== 1 || !metas[0] || file.some(({ name }) => name === 'moov')) return false
  const meta = boxesIn(bytes, metas[0].body + 4, metas[0].end)
  const one = (name: string): Box => {
    const [found, ...more] = meta.filter((each) => each.name === name)
    if (!found || more.length > 0) throw new Error(`not one ${name}`)
    return found
  }
  const idats = meta.filter(({ name }) => name === 'idat')
  const stores = [...file.filter(({ name }) => name === 'mdat'), ...idats]
  const types = itemTypes(bytes, one('iinf'))
  const isPixels = ({ id }: { id: number }) => PIXELS.has(types.get(id) ?? '')
  const items = itemsAt(bytes, one('iloc'), idats[0]?.body)
  const kept = items.filter(isPixels).flatMap(({ extents }) => extents)
  const dropped = items.filter((item) => !isPixels(item)).flatMap(({ extents }) => extents)
  // Where a note lies outside, or across the pixels, it would stay.
  const isStored = (at: Range) => stores.some(({ body, end }) => at.start >= body && at.end <= end)
  const isApart = (at: Range) => kept.every(({ start, end }) => at.end <= start || at.start >= end)
  if (![...kept, ...dropped].every(isStored) || !dropped.every(isApart)) return false
  if (!isPixels({ id: idAt(bytes, one('pitm')) })) return false

  for (const store of stores) blankBetween(bytes, { start: store.body, end: store.end }, kept)
  const handler = one('hdlr')
  bytes.fill(0, handler.body + 24, handler.end)
  const properties = one('iprp')
  for (const { name, body, end } of boxesIn(bytes, properties.body, properties.end)) {
    if (name === 'ipco') blankOthers(bytes, boxesIn(bytes, body, end), PROPERTIES_KEPT)
    else if (name !== 'ipma') return false
  }
  blankOthers(bytes, meta, META_KEPT)
  blankOthers(bytes, file, FILE_KEPT)
  return true
}

/** @returns what follows one another between two places, to the last byte; throws where that is not so */
function boxesIn(bytes: Bytes, from: number, to: number): Box[] {
  const view = viewOf(bytes)
  const boxes: Box[] = []
  for (let start = from; start < to; ) {
    const size = view.getUint32(start)
    const isLarge = size === 1
    const body = start + (isLarge ? 16 : 8)
    // 0 goes on to the end of the file.
    const end =
      size === 0 && to === bytes.length ? to : start + (isLarge ? numberAt(view, start + 8, 8) : size)
    if (end < body || end > to) throw new Error('a box that does not end')
    boxes.push({ name: textAt(bytes, start + 4), start, body, end })
    start = end
  }
  return boxes
}

/** What a box becomes that nobody is to read: free space, of the same length. */
function blankOthers(bytes: Bytes, boxes: readonly Box[], kept: ReadonlySet<string>): void {
  for (const { name, start, body, end } of boxes) {
    if (kept.has(name)) continue
    bytes.set([0x66, 0x72, 0x65, 0x65], start + 4)
    bytes.fill(0, body, end)
  }
}

function blankBetween(bytes: Bytes, { start, end }: Range, kept: readonly Range[]): void {
  let at = start
  for (const each of kept.toSorted((a, b) => a.start - b.start)) {
    if (each.end <= at || each.start >= end) continue
    bytes.fill(0, at, Math.max(at, each.start))
    at = each.end
  }
  bytes.fill(0, at, Math.max(at, end))
}

/** Of each item its kind; what somebody has called it is blanked on the way. */
function itemTypes(bytes: Bytes, { body, end }: Box): Map<number, string> {
  const types = new Map<number, string>()
  for (const box of boxesIn(bytes, body + (bytes[body] === 0 ? 6 : 8), end)) {
    const version = bytes[box.body] ?? 0
    if (box.name !== 'infe' || version < 2) throw new Error('not an item that says its kind')
    const type = box.body + (version === 2 ? 8 : 10)
    types.set(idAt(bytes, { body: box.body, isLong: version > 2 }), textAt(bytes, type))
    const nameEnd = bytes.indexOf(0, type + 4)
    bytes.fill(0x2d, type + 4, nameEnd < 0 ? box.end : Math.min(nameEnd, box.end))
  }
  return types
}

/** @param idat where the data begins that lies inside `meta` itself */
function itemsAt(bytes: Bytes, { body, end }: Box, idat: number | undefined): Item[] {
  const view = viewOf(bytes)
  const version = view.getUint8(body)
  let at = body + 4
  const next = (size: number): number => {
    if (at + size > end) throw new Error('cut off')
    at += size
    return numberAt(view, at - size, size)
  }
  const [sizes, more] = [next(1), next(1)]
  const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 4, sizes & 15, more >> 4]
  const idBytes = version < 2 ? 2 : 4
  return Array.from({ length: next(idBytes) }, () => {
    const id = next(idBytes)
    const method = version === 0 ? 0 : next(2) & 15
    const source = next(2)
    const from = method === 0 ? 0 : idat
    // In another file, or made of other items.
    if (source !== 0 || method > 1 || from === undefined) throw new Error('data that is not here')
    const base = from + next(baseBytes)
    const extents = Array.from({ length: next(2) }, () => {
      if (version > 0) next(more & 15)
      const start = base + next(offsetBytes)
      const length = next(lengthBytes)
      // Everything there is: nothing says where that ends.
      if (length === 0) throw new Error('no length')
      return { start, end: start + length }
    })
    return { id, extents }
  })
}

/** The item that a box is about: its first number, longer in later versions. */
function idAt(
  bytes: Bytes,
  { body, isLong = bytes[body] !== 0 }: { body: number; isLong?: boolean },
): number {
  return numberAt(viewOf(bytes), body + 4, isLong ? 4 : 2)
}

function numberAt(view: DataView, at: number, size: number): number {
  let number = 0
  for (let n = 0; n < size; n += 1) number = number * 256 + view.getUint8(at + n)
  return number
}

function viewOf(bytes: Bytes): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function textAt(bytes: Bytes, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4))
}
