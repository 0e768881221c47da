/** CO-8: a TIFF, and what cameras call raw, goes up without what says where, when and by whom, or not at all. */
import { describe, expect, it } from 'vitest'
import { blankTiff } from '../../web/pictures/blank-tiff.ts'
import { pictureType } from '../../web/pictures/picture-type.ts'
import { readTiff } from '../../web/pictures/tiff-directories.ts'
import { PLACE } from '../support/pictures.ts'
import { bytes, jpeg } from '../support/sample-files.ts'
import { type Tags, tiff } from '../support/tiff-files.ts'

type Bytes = Uint8Array<ArrayBuffer>

const PIXELS = bytes('PIXELS and more of them')
const CFA = 32_803
const DNG_VERSION = 50_706
const latin1 = (part: Uint8Array) => Buffer.from(part).toString('latin1')
const tagsOf = (picture: Bytes) =>
  readTiff(picture).directories.map(({ entries }) => entries.map((e) => e.tag))

const gps = { directories: [{ 1: 'N', 2: bytes(PLACE), 29: PLACE }] }
const exif = { 33434: bytes('1/250 sec'), 36867: PLACE, 37510: bytes(PLACE), 42033: PLACE, 42080: 7 }
const notes = { 270: PLACE, 306: PLACE, 315: PLACE, 700: bytes(PLACE), 33432: PLACE, 33723: bytes(PLACE) }
const picture = (pixels: Uint8Array = PIXELS): Tags => ({
  256: 3,
  257: 2,
  259: 1,
  262: 2,
  273: { offset: pixels },
  279: pixels.length,
})
const PICTURE_TAGS = [256, 257, 259, 262, 273, 279]

const plain: Tags = {
  ...picture(),
  ...notes,
  271: 'Maker',
  34377: bytes(PLACE),
  34675: bytes('profile of colours'),
  40000: PLACE,
  34665: { directories: [exif] },
  34853: gps,
}
const preview = jpeg({ place: PLACE, width: 7, height: 5 })
const raw: Tags = {
  ...picture(),
  ...notes,
  271: 'Maker',
  305: 'Version 7',
  330: {
    directories: [{ ...picture(bytes('RAW PIXELS')), 262: CFA, 50721: bytes('a matrix') }, { ...notes }],
  },
  513: { offset: preview },
  514: preview.length,
  40000: bytes('what a decoder needs'),
  34665: { directories: [{ ...exif, 34853: gps, 37500: bytes('notes of a maker') }] },
  34853: gps,
}

/** @returns what is left of it, which is as long as before */
function blanked(before: Bytes): Bytes {
  const after = before.slice()
  expect(latin1(before)).toContain('GPS')
  expect(blankTiff(after)).toBe(true)
  expect(after).toHaveLength(before.length)
  expect(latin1(after)).not.toContain('GPS')
  // Once more there is nothing to do.
  const again = after.slice()
  expect(blankTiff(again)).toBe(true)
  expect(latin1(again)).toBe(latin1(after))
  return after
}

/** The same bytes, at the same place. */
function expectKept(after: Bytes, before: Bytes, ...parts: string[]): void {
  for (const part of parts) {
    expect(latin1(before)).toContain(part)
    expect(latin1(after).indexOf(part)).toBe(latin1(before).indexOf(part))
  }
}

describe.each(['II', 'MM'])('CO-8 a TIFF of order %s', (order) => {
  it('keeps its pixels and their colours, and nothing else', () => {
    const before = tiff([plain, { ...picture(bytes('SECOND PAGE')), 306: PLACE }], { order })
    expect(pictureType(before)).toBe('image/tiff')
    const after = blanked(before)
    expectKept(after, before, latin1(PIXELS), 'SECOND PAGE', 'profile of colours')
    expect(latin1(after)).not.toContain('Maker')
    expect(tagsOf(after)).toEqual([[...PICTURE_TAGS, 34675], PICTURE_TAGS])
  })

  it('hides nothing where no directory leads', () => {
    const before = tiff([picture()], { order, start: [...Buffer.from(PLACE)] })
    expectKept(blanked(before), before, latin1(PIXELS))
    const behind = bytes(tiff([picture()], { order }), PLACE)
    expectKept(blanked(behind), behind, latin1(PIXELS))
  })

  it('that is a DNG keeps what it is developed from, and loses a maker’s notes', () => {
    const original = { 50828: bytes(PLACE), 50740: bytes(PLACE) }
    const before = tiff([{ ...raw, ...original, [DNG_VERSION]: bytes(1, 4, 0, 0) }], { order })
    const after = blanked(before)
    expectKept(after, before, latin1(PIXELS), 'RAW PIXELS', 'a matrix', 'Maker', 'Version 7', '1/250 sec')
    expect(latin1(after)).not.toContain('notes of a maker')
    const [first, pixels, empty, inner] = tagsOf(after)
    expect(first).toEqual(
      [...[256, 257, 259, 262, 271, 273, 279, 305, 330, 513, 514, 0x8769], ...[40_000, DNG_VERSION]].sort(
        (a, b) => a - b,
      ),
    )
    expect(pixels).toEqual([...PICTURE_TAGS, 50_721])
    expect(empty).toEqual([])
    expect(inner).toEqual([0x829a, 0xa460])
  })

  it('that is other raw keeps all that a decoder may need', () => {
    const before = tiff([raw], { order })
    expectKept(blanked(before), before, 'RAW PIXELS', 'what a decoder needs', 'notes of a maker', '1/250 sec')
  })

  it('loses the notes of a JPEG that lies in it, wherever', () => {
    const strip = { ...picture(preview), 259: 7 }
    const longer = { ...picture(bytes(preview, PLACE)), 259: 7 }
    for (const chain of [[strip], [longer], [raw], [{ ...picture(), 262: CFA, 46: preview }]]) {
      const before = tiff(chain, { order })
      const after = blanked(before)
      expectKept(after, before, latin1(preview.subarray(-11)), latin1(preview.subarray(0, 4)))
      for (const note of ['Exif', 'ns.adobe.com', 'Photoshop']) expect(latin1(after)).not.toContain(note)
    }
  })

  it('is not taken for clean where it is cut off, and is known in any case', () => {
    for (const whole of [tiff([plain], { order }), tiff([raw], { order })]) {
      for (let length = 4; length < whole.length; length += 1) {
        const part = whole.slice(0, length)
        expect(pictureType(part)).toBe('image/tiff')
        expect(blankTiff(part)).toBe(false)
      }
    }
  })
})

describe('CO-8 raw', () => {
  it('is known by what it was made by, or by its pixels', () => {
    const privately = { 40000: bytes('what a decoder needs') }
    const canon = tiff([{ ...picture(), ...privately }], { start: [0x43, 0x52, 2, 0] })
    const olympus = tiff([{ ...picture(), ...privately }], { magic: 0x4f52 })
    const panasonic = tiff([{ ...picture(), 273: 0xffffffff, ...privately }], { magic: 0x55 })
    const sensor = tiff([{ ...picture(), 262: CFA, ...privately }])
    const ofMaker = tiff([
      { ...picture(), ...privately, 34665: { directories: [{ 37500: bytes('notes') }] } },
    ])
    for (const whole of [canon, olympus, panasonic, sensor, ofMaker]) {
      expect(pictureType(whole)).toBe('image/tiff')
      const after = whole.slice()
      expect(blankTiff(after)).toBe(true)
      expect(latin1(after)).toBe(latin1(whole))
    }
  })

  it('leads nowhere from its EXIF, whatever stands behind that', () => {
    const before = tiff([raw])
    const inner = readTiff(before).directories.find(({ path }) => path.at(-1) === 0x8769)
    if (!inner) throw new Error('no EXIF')
    new DataView(before.buffer).setUint32(inner.start + 2 + inner.entries.length * 12, 0x7fffffff, true)
    expectKept(blanked(before), before, 'RAW PIXELS')
  })

  it('is pressed together in ways of its own: no pixel is taken for a note', () => {
    const lossless = bytes(
      0xff,
      0xd8,
      [0xff, 0xc3, 0, 4, 1, 1],
      [0xff, 0xda, 0, 2],
      1,
      [0xff, 0xe1, 0, 6],
      'abcd',
    )
    const before = tiff([{ ...picture(lossless), 259: 7, 262: CFA, 306: PLACE }])
    expectKept(blanked(before), before, latin1(lossless))
  })
})

/** A TIFF in which a number of four bytes has become another one. */
function changed(whole: Bytes, from: number, to: number): Bytes {
  const view = new DataView(whole.buffer)
  for (let at = 4; at < whole.length - 4; at += 2) {
    if (view.getUint32(at, true) !== from) continue
    view.setUint32(at, to, true)
    return whole
  }
  throw new Error('not there')
}

describe('CO-8 a TIFF is not taken for clean', () => {
  const firstOf = (whole: Bytes) => new DataView(whole.buffer).getUint32(4, true)
  const looped = tiff([plain])
  new DataView(looped.buffer).setUint32(looped.length - 4, firstOf(looped), true)
  const inItself = tiff([{ ...picture(), 330: 0x12345678 }])
  const shared = tiff([{ ...picture(), 262: CFA, 315: PLACE, 40000: bytes('needed') }])
  const note = latin1(shared).indexOf(PLACE)

  it.each<[string, Bytes]>([
    ['that leads back to its start', looped],
    ['with a directory that holds itself', changed(inItself, 0x12345678, firstOf(inItself))],
    ['that leads past its end', tiff([{ ...picture(), 34853: 0x7fffffff }])],
    [
      'with a note that shares its bytes with what stays',
      changed(shared.slice(), latin1(shared).indexOf('needed'), note),
    ],
    ['with a note of no known kind', changed(tiff([{ ...picture(), 315: PLACE }]), 2 + 65_536 * 23, 99)],
    ['with pixels of no length', tiff([{ ...picture(), 279: 0 }])],
    ['with pixels that go on past its end', tiff([{ ...picture(), 279: 9_999 }])],
    ['with pixels behind its end', changed(tiff([picture()]), 8, 9_999)],
    ['with pixels where a directory is', changed(tiff([picture()]), 8, firstOf(tiff([picture()])))],
    ['with a note behind its end', changed(shared.slice(), note, 9_999)],
    ['with tables of no known length', tiff([{ ...picture(), 519: { offset: bytes('a table') } }])],
    [
      'with a preview that is broken',
      tiff([{ ...raw, 513: { offset: bytes(0xff, 0xd8, 0xff, 0xe1, 99, 99, PLACE) }, 514: 28 }]),
    ],
    ['of the big kind', tiff([picture()], { magic: 43 })],
    ['with nothing in it', bytes('II*\0')],
  ])('%s', (_, whole) => {
    expect(pictureType(whole)).toBe('image/tiff')
    expect(blankTiff(whole)).toBe(false)
  })

  it('nor does it keep a note, whichever of its bytes is wrong', () => {
    // What only a maker knows may be anything: with a wrong byte this is no longer known to be plain.
    const whole = tiff([{ ...plain, 40000: 0 }])
    for (let at = 0; at < whole.length; at += 1) {
      const wrong = whole.slice()
      wrong[at] = 0xff
      if (blankTiff(wrong)) expect([at, latin1(wrong).includes(PLACE)]).toEqual([at, false])
    }
  })
})
