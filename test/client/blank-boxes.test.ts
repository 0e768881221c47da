/** CO-8: a picture that this browser cannot read goes up without what a camera has noted, or not at all. */
import { describe, expect, it } from 'vitest'
import { blankBoxes } from '../../web/pictures/blank-boxes.ts'
import { pictureType } from '../../web/pictures/picture-type.ts'
import { AVIF, AVIF_PIXELS, HEIC, HEIC_PIXELS, JXL } from '../support/phone-pictures.ts'
import { PLACE } from '../support/pictures.ts'
import { box, bytes, iso, u16, u32 } from '../support/sample-files.ts'

const latin1 = (part: Uint8Array) => Buffer.from(part).toString('latin1')
const copy = (part: Uint8Array) => Uint8Array.from(part)

type Options = { method?: number; source?: number; at?: number; length?: number; type?: string }

/** A picture of which item 1 is the pixels and item 2 a note, both in `idat`: as the smallest files have them. */
function tiny({ method = 1, source = 0, at = 6, length = PLACE.length, type = 'Exif' }: Options = {}) {
  const infe = (id: number, type: string) =>
    box('infe', [2, 0, 0, 0], u16(id), u16(0), type, `${PLACE}\0`, type === 'mime' ? 'a/b\0' : '')
  const item = (id: number, way: number, from: number, at: number, length: number) =>
    bytes(u16(id), u16(way), u16(from), u16(1), u32(at), u32(length))
  const iloc = bytes(u16(2), item(1, 1, 0, 0, 6), item(2, method, source, at, length))
  const meta = [
    box('hdlr', u32(0), u32(0), 'pict', new Array<number>(12).fill(0), `${PLACE}\0`),
    box('pitm', u32(0), u16(1)),
    box('iinf', u32(0), u16(2), infe(1, 'av01'), infe(2, type)),
    box('iloc', [1, 0, 0, 0], [0x44, 0], iloc),
    box('iprp', box('ipco', box('ispe', u32(0), u32(3), u32(2)), box('udes', PLACE)), box('ipma', u32(0))),
    box('idat', 'PIXELS', PLACE),
    box('xml ', PLACE),
  ]
  return bytes(box('ftyp', 'avif', u32(0), 'mif1'), box('meta', u32(0), ...meta))
}

describe('CO-8 a real picture', () => {
  it.each([
    ['HEIC', HEIC, HEIC_PIXELS, 'image/heic'],
    ['AVIF', AVIF, AVIF_PIXELS, 'image/avif'],
  ] as const)(
    '%s loses its notes and no pixel, and everything keeps its place',
    (_, picture, pixels, type) => {
      const before = latin1(picture)
      expect(before).toContain(PLACE)
      expect(before).toContain('rdf:RDF')
      expect(pictureType(picture)).toBe(type)
      const after = copy(picture)
      expect(blankBoxes(after, type)).toBe(true)
      expect(after).toHaveLength(picture.length)
      for (const note of ['GPS', 'rdf:', 'xmp', 'MM\0*', 'II*\0']) expect(latin1(after)).not.toContain(note)
      expect(latin1(after.subarray(...pixels))).toBe(latin1(picture.subarray(...pixels)))
      // What differs is blank now.
      const changed = [...after].filter((byte, n) => byte !== picture[n])
      expect(changed.length).toBeGreaterThan(500)
      expect(changed.every((byte) => byte === 0 || byte === 0x2d)).toBe(true)
      // Once more there is nothing to do.
      expect(blankBoxes(copy(after), type)).toBe(true)
    },
  )

  it('JPEG XL loses the boxes beside its picture', () => {
    expect(pictureType(JXL)).toBe('image/jxl')
    const whole = bytes(JXL, box('Exif', u32(0), PLACE), box('brob', 'xml ', PLACE), box('jbrd', PLACE))
    expect(blankBoxes(whole, 'image/jxl')).toBe(true)
    expect(latin1(whole).startsWith(latin1(JXL))).toBe(true)
    expect(latin1(whole)).not.toContain(PLACE)
  })
})

describe('CO-8 boxes', () => {
  it('hide nothing inside of `meta`: data, names of items, descriptions, and what nobody knows', () => {
    const picture = tiny()
    expect(latin1(picture).split(PLACE)).toHaveLength(7)
    expect(blankBoxes(picture, 'image/avif')).toBe(true)
    expect(latin1(picture)).not.toContain('GPS')
    expect(latin1(picture)).toContain('idatPIXELS\0')
  })

  it('hide nothing beside it: a film behind the picture, notes of a maker, free space', () => {
    for (const name of ['uuid', 'mpvd', 'free', 'sefd', 'udta', 'mdat']) {
      const whole = bytes(HEIC, box(name, PLACE))
      expect(blankBoxes(whole, 'image/heic')).toBe(true)
      expect(latin1(whole)).not.toContain(PLACE)
    }
  })

  it.each<[string, Uint8Array<ArrayBuffer>]>([
    ['a note in another file', tiny({ source: 1 })],
    ['a note made of other items', tiny({ method: 2 })],
    ['a note that shares its bytes with the pixels', tiny({ at: 3 })],
    ['a note that lies where the boxes are', tiny({ method: 0, at: 40 })],
    ['a note that goes on past the end', tiny({ length: 999 })],
    ['a note without an end', tiny({ length: 0 })],
    ['a film', bytes(AVIF, box('moov', PLACE))],
    ['a second description', bytes(AVIF, box('meta', u32(0), PLACE))],
    ['no description', iso('heic')],
    ['something behind the last box', bytes(HEIC, PLACE)],
    ['nothing that is known to be pixels', bytes(latin1(HEIC).replace('grid', 'gr1d'))],
    ['an empty file', bytes()],
  ])('are not taken for clean with %s', (_, picture) => {
    expect(blankBoxes(picture, 'image/heic')).toBe(false)
  })

  it('are not taken for clean where they are cut off', () => {
    for (let length = 1; length < HEIC.length; length += 13) {
      expect(blankBoxes(copy(HEIC.subarray(0, length)), 'image/heic')).toBe(false)
    }
  })
})

it('CO-8 a picture in boxes is known by any of its brands, and a film is none', () => {
  for (const brand of ['heic', 'heix', 'hevc', 'mif1', 'msf1']) {
    expect(pictureType(iso(brand))).toBe('image/heic')
  }
  expect(pictureType(iso('mif1', 'miaf', 'heic'))).toBe('image/heic')
  expect(pictureType(iso('mif1', 'miaf', 'avif'))).toBe('image/avif')
  expect(pictureType(iso('avis'))).toBe('image/avif')
  for (const brand of ['isom', 'qt  ', 'mp42', 'M4A ', 'crx ']) expect(pictureType(iso(brand))).toBeNull()
})
