/**
 * What a TIFF says it is made of: directories of tagged values, one after another and inside of each other. TIFF 6.0,
 * section 2; what cameras call raw (DNG, CR2, NEF, ARW, ORF, RW2 …) is made in the same way.
 */

type Bytes = Uint8Array<ArrayBuffer>
/** Places in the file, in bytes: the second is the first behind it. */
export type Range = { start: number; end: number }
export type Entry = {
  tag: number
  /** Where it stands in its directory. */
  at: number
  /** Where its value is, null where nobody knows how long that would be. */
  value: Range | null
}
export type Directory = Range & {
  entries: Entry[]
  /** The tags that led here, from the first directory on. */
  path: number[]
}
export type Tiff = { magic: number; isLittle: boolean; directories: Directory[] }

export const ENTRY_BYTES = 12
/** By type: BYTE, ASCII, SHORT, LONG, RATIONAL, their signed kin, FLOAT, DOUBLE, IFD, and three of eight bytes. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]
const SHORT = 3
const LONGS = [4, 13]
const SUB = 330
/** Tags that lead to other directories: SubIFDs, parameters, EXIF, GPS and interoperability. */
const POINTERS = [SUB, 400, 0x8769, 0x8825, 0xa005]
/** What these lead to has no next one: where that would be said, some cameras leave whatever was there. */
const LEAVES = POINTERS.slice(1)
/** TIFF itself, Olympus and Panasonic. BigTIFF is another thing, and not known here. */
const MAGICS = [42, 0x4f52, 0x5352, 0x55]

/** @throws where it is cut off, goes round in circles, or is not what it should be */
export function readTiff(bytes: Bytes): Tiff {
  const view = viewOf(bytes)
  const isLittle = view.getUint16(0) === 0x4949
  const magic = view.getUint16(2, isLittle)
  if (!MAGICS.includes(magic)) throw new Error('another kind of TIFF')
  const directories: Directory[] = []
  const seen = new Set<number>()
  const waiting = [{ start: view.getUint32(4, isLittle), path: [] as number[] }]
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { start, path } = next
    if (seen.has(start)) throw new Error('a directory that is met twice')
    seen.add(start)
    const directory = directoryAt(view, isLittle, start, path)
    directories.push(directory)
    for (const entry of directory.entries) {
      if (!POINTERS.includes(entry.tag)) continue
      for (const to of numbersOf(view, isLittle, entry))
        if (to > 0) waiting.push({ start: to, path: [...path, entry.tag] })
    }
    const following = isChained(path) ? view.getUint32(directory.end - 4, isLittle) : 0
    if (following > 0) waiting.push({ start: following, path })
  }
  return { magic, isLittle, directories }
}

/** @throws where these are no whole numbers that could be a place or a length */
export function numbersOf(view: DataView, isLittle: boolean, { at, value }: Entry): number[] {
  const type = view.getUint16(at + 2, isLittle)
  if (!value || (type !== SHORT && !LONGS.includes(type))) throw new Error('not a place')
  const count = view.getUint32(at + 4, isLittle)
  return Array.from({ length: count }, (_, n) =>
    type === SHORT
      ? view.getUint16(value.start + n * 2, isLittle)
      : view.getUint32(value.start + n * 4, isLittle),
  )
}

export function viewOf(bytes: Bytes): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function directoryAt(view: DataView, isLittle: boolean, start: number, path: number[]): Directory {
  const count = view.getUint16(start, isLittle)
  const end = start + 2 + count * ENTRY_BYTES + (isChained(path) ? 4 : 0)
  if (start < 8 || end > view.byteLength) throw new Error('a directory that does not end')
  const entries = Array.from({ length: count }, (_, n) =>
    entryAt(view, isLittle, start + 2 + n * ENTRY_BYTES),
  )
  return { start, end, entries, path }
}

function entryAt(view: DataView, isLittle: boolean, at: number): Entry {
  const tag = view.getUint16(at, isLittle)
  const size = TYPE_BYTES[view.getUint16(at + 2, isLittle)] ?? 0
  const length = size * view.getUint32(at + 4, isLittle)
  // What fits stands in the entry itself.
  const start = length <= 4 ? at + 8 : view.getUint32(at + 8, isLittle)
  if (start + length > view.byteLength) throw new Error('a value that does not end')
  return { tag, at, value: size === 0 ? null : { start, end: start + length } }
}

function isChained(path: readonly number[]): boolean {
  return !LEAVES.includes(path.at(-1) ?? SUB)
}
