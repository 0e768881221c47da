/**
 * Frees a TIFF, and what cameras call raw, from where, when and by whom it was made (CO-8). No browser is asked to
 * draw it: it is sent for all that is in it, so no pixel changes and no value moves. Of a plain TIFF only what is
 * known to be needed stays; of raw nobody knows what is needed, so what is known to be a note goes.
 * Tags: TIFF 6.0; EXIF: CIPA DC-008, 4.6; DNG 1.7; XMP specification, part 3.
 */

import { blankJpeg } from './strip-metadata.ts'
import {
  type Directory,
  ENTRY_BYTES,
  type Entry,
  numbersOf,
  type Range,
  readTiff,
  type Tiff,
  viewOf,
} from './tiff-directories.ts'

type Bytes = Uint8Array<ArrayBuffer>
/** Finds the numbers of a tag in a directory, none where it is not there. */
type Find = (tag: number) => number[]

const TAG = { compression: 259, photometric: 262, makerNote: 0x927c, dngVersion: 50706 }
/** Where pixels lie, and how long they are: strips, tiles, and a JPEG as a whole. */
const PIXELS = [
  [273, 279],
  [324, 325],
  [513, 514],
] as const
const [STRIPS, , JPEG] = PIXELS
/** Ways of compression that are JPEG: the old one, the new one, and that of lossy DNG. */
const JPEG_COMPRESSIONS = [6, 7, 34892]
/** What says how pixels are to be read, from a fax to a float; 34675 is the profile of their colours. */
const PLAIN_KEPT = new Set([
  ...[254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283],
  ...[284, 286, 287, 290, 291, 292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 326],
  ...[327, 328, 330, 332, 334, 336, 338, 339, 340, 341, 347, 512, 513, 514, 515, 529, 530, 531, 532],
  ...[32995, 32996, 32997, 34675, 37439, 50674],
])
/** From black and white to logarithms: what has others, as sensors do, is raw. */
const PLAIN_PHOTOMETRICS = [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 32844, 32845]
const RAW_DROPPED = new Set([
  // The name of the document, its description, date, artist, computer, and copyright.
  ...[269, 270, 306, 315, 316, 33432],
  // XMP, IPTC, Photoshop's blocks and layers, what a system's own window asks for, and GPS.
  ...[700, 33723, 34377, 37724, 0x9c9b, 0x9c9c, 0x9c9d, 0x9c9e, 0x9c9f, 0x8825],
  // Dates and their zones, first as a camera and then as TIFF/EP has them, and a history.
  ...[0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9290, 0x9291, 0x9292, 0x882a, 37393, 37394, 37395],
  // A comment, another file's name, what it is unique by, an owner, serial numbers, a title, who made it.
  ...[0x9286, 0xa004, 0xa420, 0xa430, 0xa431, 0xa435, 0xa436, 0xa437, 0xa438],
  // DNG: serial number, the file it was made of (all of it), what it is unique by, and when.
  ...[50735, 50781, 50827, 50828, 50971, 50973, 51043, 51081, 51105],
])
/** DNG says everything that its pixels need in tags of its own: a maker's notes are only notes. */
const DNG_DROPPED = [TAG.makerNote, 50740]
/** Offsets of tables, of which only a decoder knows how long they are. */
const UNMEASURED = [519, 520, 521]

/**
 * Blanks it in these very bytes.
 * @returns false where nothing says for sure what is what; the bytes are then of no use
 */
export function blankTiff(bytes: Bytes): boolean {
  try {
    const tiff = readTiff(bytes)
    const kind = kindOf(bytes, tiff)
    return blank(bytes, tiff, kind)
  } catch {
    // Cut off, in circles, or a preview in it is broken.
    return false
  }
}

type Kind = { isRaw: boolean; isKept: (tag: number) => boolean }

function kindOf(bytes: Bytes, { magic, isLittle, directories }: Tiff): Kind {
  const tags = new Set(directories.flatMap(({ entries }) => entries.map(({ tag }) => tag)))
  const isDng = tags.has(TAG.dngVersion)
  const isPlain = (directory: Directory) =>
    finder(bytes, isLittle, directory)(TAG.photometric).every((each) => PLAIN_PHOTOMETRICS.includes(each))
  const isCanon = bytes[8] === 0x43 && bytes[9] === 0x52
  const isRaw = magic !== 42 || isCanon || isDng || tags.has(TAG.makerNote) || !directories.every(isPlain)
  const dropped = new Set([...RAW_DROPPED, ...(isDng ? DNG_DROPPED : [])])
  return { isRaw, isKept: (tag) => (isRaw ? !dropped.has(tag) : PLAIN_KEPT.has(tag)) }
}

function blank(bytes: Bytes, { magic, isLittle, directories }: Tiff, { isRaw, isKept }: Kind): boolean {
  const kept = directories.filter(({ path }) => path.every(isKept))
  const pixels = kept.flatMap((directory) => pixelsOf(finder(bytes, isLittle, directory), magic))
  const staying = kept.flatMap(({ entries }) => entries.filter(({ tag }) => isKept(tag)))
  if (!isRaw && kept.some(({ entries }) => entries.some(({ tag }) => UNMEASURED.includes(tag)))) return false
  const values = staying.flatMap(outsideOf)
  const dropped = directories.filter((each) => !kept.includes(each))
  const going = [
    ...kept.flatMap(({ entries }) => entries.filter(({ tag }) => !isKept(tag))),
    ...dropped.flatMap(({ entries }) => entries),
  ]
  if (going.some(({ value }) => value === null)) return false
  const notes = [...going.flatMap(outsideOf), ...dropped]
  const held: Range[] = [{ start: 0, end: 8 }, ...values, ...pixels]
  if (held.some(({ end }) => end > bytes.length)) return false
  // Where a note shares its bytes with what stays, one of them would be lost; the same of a directory.
  if (!notes.every((note) => isApart(note, [...held, ...kept]))) return false
  if (!kept.every((each, n) => isApart(each, [...held, ...kept.slice(n + 1)]))) return false

  if (isRaw) for (const { start, end } of notes) bytes.fill(0, start, end)
  else blankOthers(bytes, [...held, ...kept])
  for (const directory of kept) rewrite(bytes, isLittle, directory, isKept)
  const previews = [...pixels.filter(({ isJpeg }) => isJpeg), ...(isRaw ? values : [])]
  return previews
    .map(({ start, end }) => bytes.subarray(start, end))
    .filter((each) => each[0] === 0xff && each[1] === 0xd8 && each[2] === 0xff)
    .every(blankJpeg)
}

function finder(bytes: Bytes, isLittle: boolean, { entries }: Directory): Find {
  return (tag) => {
    const entry = entries.find((each) => each.tag === tag)
    return entry ? numbersOf(viewOf(bytes), isLittle, entry) : []
  }
}

function pixelsOf(find: Find, magic: number): (Range & { isJpeg: boolean })[] {
  const isJpeg = JPEG_COMPRESSIONS.includes(find(TAG.compression)[0] ?? 0)
  return PIXELS.flatMap(([offsetTag, lengthTag]) => {
    const [offsets, lengths] = [find(offsetTag), find(lengthTag)]
    // Panasonic has it in a tag of its own.
    if (magic === 0x55 && offsetTag === STRIPS[0] && offsets[0] === 0xffffffff) return []
    if (offsets.length !== lengths.length) throw new Error('pixels without a length')
    return offsets.map((start, n) => {
      const length = lengths[n] ?? 0
      if (start > 0 && length === 0) throw new Error('pixels without a length')
      return { start, end: start + length, isJpeg: isJpeg || offsetTag === JPEG[0] }
    })
  })
}

/** Where its value is, if that is not in the entry itself. */
function outsideOf({ at, value }: Entry): Range[] {
  return value && value.start !== at + 8 ? [value] : []
}

function isApart(range: Range, others: readonly Range[]): boolean {
  return others.every(({ start, end }) => range.end <= start || range.start >= end)
}

function blankOthers(bytes: Bytes, kept: readonly Range[]): void {
  let at = 0
  for (const { start, end } of kept.toSorted((a, b) => a.start - b.start)) {
    if (start > at) bytes.fill(0, at, start)
    at = Math.max(at, end)
  }
  bytes.fill(0, at)
}

/** What stays in a directory moves together, within it: an entry without a value would be an error to many readers. */
function rewrite(
  bytes: Bytes,
  isLittle: boolean,
  { start, end, entries }: Directory,
  isKept: Kind['isKept'],
): void {
  const left = entries.filter(({ tag }) => isKept(tag))
  const next = bytes.slice(start + 2 + entries.length * ENTRY_BYTES, end)
  viewOf(bytes).setUint16(start, left.length, isLittle)
  let at = start + 2
  for (const part of [...left.map((each) => bytes.slice(each.at, each.at + ENTRY_BYTES)), next]) {
    bytes.set(part, at)
    at += part.length
  }
  bytes.fill(0, at, end)
}
