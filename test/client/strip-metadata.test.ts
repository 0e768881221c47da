/** CO-8: what leaves this device of a picture is the picture, and nothing that a camera has noted. */
import { describe, expect, it } from 'vitest'
import { pictureType } from '../../web/pictures/picture-type.ts'
import { stripGif } from '../../web/pictures/strip-gif.ts'
import { stripMetadata } from '../../web/pictures/strip-metadata.ts'
import { avif, bytes, gif, jpeg, png, pngWithText, webp } from '../support/sample-files.ts'

const PLACE = '51.5007 N 0.1246 W'

const text = (parts: readonly Uint8Array[]) =>
  parts.map((part) => Buffer.from(part).toString('latin1')).join('')
const latin1 = (...parts: Parameters<typeof bytes>) => Buffer.from(bytes(...parts)).toString('latin1')

describe('CO-8 a JPEG', () => {
  it('loses every note, in whichever of the ways a camera writes them, and keeps its pixels', () => {
    const stripped = stripMetadata(jpeg({ place: PLACE, width: 7, height: 5 }), 'image/jpeg')
    const left = text(stripped?.parts ?? [])
    for (const note of [PLACE, 'Exif', 'ns.adobe.com', 'Photoshop']) expect(left).not.toContain(note)
    expect(left).toContain(latin1(0xff, 0xc0, 0, 11, 8, 0, 5, 0, 7))
    expect(left.endsWith('\xff\xd9')).toBe(true)
  })

  it.each([1, 3, 6, 8])('says how it must be turned: %i', (orientation) => {
    expect(stripMetadata(jpeg({ orientation }), 'image/jpeg')?.orientation).toBe(orientation)
  })

  it('loses what phones hide behind it: another picture, a film', () => {
    const stripped = stripMetadata(bytes(jpeg(), jpeg({ place: PLACE }), 'ftypmp42'), 'image/jpeg')
    expect(text(stripped?.parts ?? [])).toBe(text(stripMetadata(jpeg(), 'image/jpeg')?.parts ?? []))
  })

  it('keeps what says how its colours are meant', () => {
    const plain = jpeg()
    const colours = bytes(0xff, 0xe2, 0, 2 + 12 + 4, 'ICC_PROFILE\0', 'abcd')
    const stripped = stripMetadata(bytes(plain.subarray(0, 2), colours, plain.subarray(2)), 'image/jpeg')
    expect(text(stripped?.parts ?? [])).toContain('ICC_PROFILE\0abcd')
  })

  it('goes through what is pressed together: stuffed bytes and restarts are pixels', () => {
    const scan = bytes(0xff, 0xda, 0, 2, 1, 0xff, 0, 2, 0xff, 0xd3, 3)
    const stripped = stripMetadata(bytes(0xff, 0xd8, scan, 0xff, 0xd9, PLACE), 'image/jpeg')
    expect(text(stripped?.parts ?? [])).toBe(latin1(0xff, 0xd8, scan, 0xff, 0xd9))
  })
})

describe('CO-8 a PNG', () => {
  it.each(['tEXt', 'iTXt', 'zTXt', 'eXIf'] as const)('loses its %s', (type) => {
    const stripped = stripMetadata(pngWithText(type, PLACE), 'image/png')
    const left = text(stripped?.parts ?? [])
    expect(left).not.toContain(PLACE)
    expect(left).toContain('IDATabc')
  })

  it('ends where it ends', () => {
    const stripped = stripMetadata(bytes(png(), PLACE), 'image/png')
    expect(text(stripped?.parts ?? [])).toBe(latin1(png()))
  })

  it('is left in motion', () => {
    const plain = png()
    const frames = bytes(0, 0, 0, 0, 'acTL', 0, 0, 0, 0)
    const moving = bytes(plain.subarray(0, 33), frames, plain.subarray(33))
    expect(stripMetadata(moving, 'image/png')?.isAnimated).toBe(true)
    expect(stripMetadata(plain, 'image/png')?.isAnimated).toBe(false)
  })
})

describe('CO-8 a WebP', () => {
  const chunk = (name: string, content: string) =>
    bytes(name, [content.length, 0, 0, 0], content, content.length % 2 ? [0] : [])
  const riff = (...chunks: Uint8Array[]) => {
    const inside = bytes('WEBP', ...chunks)
    return bytes('RIFF', [inside.length & 255, inside.length >> 8, 0, 0], inside)
  }

  it('loses its notes, says so in its head, and is as long as it says', () => {
    const flags = `${String.fromCharCode(0x10 | 0x0c)}123456789`
    const whole = riff(chunk('VP8X', flags), chunk('VP8 ', 'abc'), chunk('EXIF', PLACE), chunk('XMP ', PLACE))
    const left = Buffer.from(text(stripMetadata(whole, 'image/webp')?.parts ?? []), 'latin1')
    expect(left.toString('latin1')).not.toContain(PLACE)
    expect(left.toString('latin1')).toContain('abc')
    expect(left.readUInt32LE(4)).toBe(left.length - 8)
    expect(left[20]).toBe(0x10)
  })

  it('says how it must be turned, and whether it moves', () => {
    const exif = latin1('MM\0*', [0, 0, 0, 8, 0, 1], [1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0])
    const whole = riff(chunk('VP8X', '\x02123456789'), chunk('VP8 ', 'abc'), chunk('EXIF', exif))
    expect(stripMetadata(whole, 'image/webp')).toMatchObject({ orientation: 6, isAnimated: true })
  })
})

describe('CO-8 a GIF', () => {
  const block = (label: number, content: string) => bytes(0x21, label, content, 0)
  const sized = (content: string) => String.fromCharCode(content.length) + content
  const picture = bytes(0x2c, [0, 0, 0, 0, 1, 0, 1, 0, 0], 2, sized('DE'), 0)
  const loop = block(0xff, `${sized('NETSCAPE2.0')}\x03\x01\0\0`)
  const times = block(0xf9, '\x04\0\x0a\0\0')
  // As XMP has it: raw, and a ramp of lengths behind it that leads whoever counts blocks to the end.
  const ramp = String.fromCharCode(1, ...Array.from({ length: 256 }, (_, n) => 255 - n))
  const xmp = block(0xff, `${sized('XMP DataXMP')}<x:xmpmeta>${PLACE}${'.'.repeat(300)}${ramp}`)
  const head = gif().slice(0, 13)

  it('loses its comments and its XMP, and goes on moving as before', () => {
    const note = block(0xfe, sized(PLACE))
    const whole = bytes(head, note, loop, xmp, times, picture, note, times, picture, ';', PLACE)
    expect(text(stripGif(whole))).toBe(latin1(head, loop, times, picture, times, picture, ';'))
  })

  it('keeps its colours, and what is left where it is cut off', () => {
    const colours = bytes('GIF89a', [1, 0, 1, 0, 0x81, 0, 0], '!'.repeat(12), picture, ';')
    expect(text(stripGif(colours))).toBe(latin1(colours))
    expect(text(stripGif(bytes(head, picture.slice(0, -2))))).toBe(latin1(head, picture.slice(0, -2), ';'))
  })
})

it('CO-8 what is cut off or is something else is not taken for clean', () => {
  const whole = jpeg({ place: PLACE })
  for (let length = 3; length < whole.length - 1; length += 7) {
    expect(stripMetadata(whole.slice(0, length), 'image/jpeg')).toBeNull()
  }
  expect(stripMetadata(png().slice(0, 30), 'image/png')).toBeNull()
  expect(stripMetadata(bytes('RIFF', [4, 0, 0, 0], 'WEBP'), 'image/webp')).toBeNull()
})

it('CO-8 a picture is known by its bytes', () => {
  expect([jpeg(), png(), gif(), webp.lossy()].map((each) => pictureType(each.subarray(0, 12)))).toEqual([
    'image/jpeg',
    'image/png',
    'image/gif',
    'image/webp',
  ])
  expect(pictureType(avif().subarray(0, 12))).toBe('image/avif')
  expect(pictureType(bytes('hello there'))).toBeNull()
})
