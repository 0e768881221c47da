/** What a photo says beside its pixels: gone, with everything else in its place. */
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { blankNotes } from '../../src/files/blank-notes.ts'
import { identify } from '../../src/files/media-type.ts'
import { bytes, gif, html, jpeg, png, pngWithText } from '../support/sample-files.ts'

const place = 'GPS 37.5665N 126.9780E'
const latin1 = (file: Uint8Array) => new TextDecoder('latin1').decode(file)

/** Type, length and whether the sum is right, of each chunk. */
function chunksOf(file: Uint8Array<ArrayBuffer>): { type: string; length: number; isSound: boolean }[] {
  const view = new DataView(file.buffer)
  const chunks: { type: string; length: number; isSound: boolean }[] = []
  for (let at = 8; at < file.length; ) {
    const length = view.getUint32(at)
    const isSound = view.getUint32(at + 8 + length) === crc32(file.subarray(at + 4, at + 8 + length))
    chunks.push({ type: latin1(file.subarray(at + 4, at + 8)), length, isSound })
    at += 12 + length
  }
  return chunks
}

describe('AT15 the notes of a picture', () => {
  it.each([1, 3, 6, 8])('of a photo: Exif, XMP and IPTC go, its orientation %i stays', (orientation) => {
    const photo = jpeg({ width: 30, height: 20, orientation, place })
    const before = identify(photo.slice(), true)
    const original = photo.slice()
    expect(latin1(photo).match(/GPS/g)).toHaveLength(3)
    expect(blankNotes(photo)).toBe(true)
    expect(latin1(photo)).not.toMatch(/GPS|37\.56/)
    expect(photo.length).toBe(original.length)
    expect(identify(photo, true)).toEqual(before)
    // From the frame's header on, nothing has changed.
    const frame = latin1(original).indexOf('\xff\xc0')
    expect(photo.subarray(frame)).toEqual(original.subarray(frame))
  })

  it.each(['tEXt', 'iTXt', 'zTXt', 'eXIf'] as const)(
    'of a PNG: %s becomes a chunk that says nothing',
    (type) => {
      const picture = pngWithText(type, place)
      expect(blankNotes(picture)).toBe(true)
      expect(latin1(picture)).not.toContain('GPS')
      const chunks = chunksOf(picture)
      expect(chunks.map((chunk) => chunk.type)).toEqual(['IHDR', 'nuLl', 'IDAT', 'IEND'])
      expect(chunks[1]).toEqual({ type: 'nuLl', length: place.length, isSound: true })
      expect(identify(picture, true)).toMatchObject({ mediaType: 'image/png', width: 3 })
    },
  )

  it('of a PNG: notes that stand after the pixels go, too', () => {
    const picture = pngWithText('iTXt', place)
    const [text, pixels] = [latin1(picture).indexOf('iTXt') - 4, latin1(picture).indexOf('IDAT') - 4]
    const end = latin1(picture).indexOf('IEND') - 4
    const turned = Buffer.concat([
      picture.subarray(0, text),
      picture.subarray(pixels, end),
      picture.subarray(text, pixels),
      picture.subarray(end),
    ])
    expect(blankNotes(turned)).toBe(true)
    expect(latin1(turned)).not.toContain('GPS')
  })

  it('asks for more until the pixels have come, and is the same however often it looks', () => {
    for (const picture of [jpeg({ orientation: 6, place, before: 70_000 }), pngWithText('tEXt', place)]) {
      const whole = picture.slice()
      blankNotes(whole)
      const pixels = Math.max(latin1(picture).indexOf('IDAT'), latin1(picture).indexOf('\xff\xda'))
      for (let length = 8; length < pixels - 4; length += picture.length > 1_000 ? 997 : 1) {
        const part = picture.slice(0, length)
        expect(blankNotes(part)).toBe(false)
        const later = picture.slice()
        later.set(part)
        blankNotes(later)
        expect(Buffer.compare(later, whole)).toBe(0)
      }
    }
  })

  it.each([
    ['an animation', gif()],
    ['a page', html()],
    ['a plain PNG', png()],
    ['nothing', bytes()],
  ])('leaves %s alone', (_, file) => {
    const before = file.slice()
    blankNotes(file)
    expect(file).toEqual(before)
  })

  it('no damage makes it fail', () => {
    for (const file of [jpeg({ orientation: 6, place }), pngWithText('eXIf', place)]) {
      for (let at = 0; at < file.length; at += 1) {
        for (const byte of [0, 1, 0x7f, 0xff]) {
          const damaged = file.slice()
          damaged[at] = byte
          blankNotes(damaged)
        }
      }
    }
  })
})
