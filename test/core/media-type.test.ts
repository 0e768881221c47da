/** What a file is, by its bytes alone; and how large an image is, by its header. */
import { describe, expect, it } from 'vitest'
import { identify } from '../../src/files/media-type.ts'
import { FILE_HEAD_BYTES, mediaKindOf } from '../../src/protocol/index.ts'
import { avif, bytes, gif, html, iso, jpeg, mp3, png, svg, wav, webm, webp } from '../support/sample-files.ts'

const DOWNLOAD = { mediaType: 'application/octet-stream' }

describe('a file is what its bytes say', () => {
  it.each([
    ['image/png', png(640, 480)],
    ['image/gif', gif(640, 480)],
    ['image/jpeg', jpeg({ width: 640, height: 480 })],
    ['image/webp', webp.lossy(640, 480)],
    ['image/webp', webp.lossless(640, 480)],
    ['image/webp', webp.extended(640, 480)],
    ['image/avif', avif(640, 480)],
  ])('AT4 AT5 %s, with its size', (mediaType, file) => {
    expect(identify(file, true)).toEqual({ mediaType, width: 640, height: 480 })
    expect(mediaKindOf(mediaType)).toBe('image')
  })

  it.each([
    ['video/mp4', 'video', iso('isom', 'avc1')],
    ['video/mp4', 'video', iso('mp42')],
    ['video/quicktime', 'video', iso('qt  ')],
    ['video/webm', 'video', webm('V_VP9', 'A_OPUS')],
    ['audio/webm', 'audio', webm('A_OPUS')],
    ['audio/mp4', 'audio', iso('M4A ')],
    ['audio/mpeg', 'audio', mp3()],
    ['audio/mpeg', 'audio', bytes('ID3', 4, 0, 'anything')],
    ['audio/ogg', 'audio', bytes('OggS', 0, 2, 'OpusHead')],
    ['audio/wav', 'audio', wav()],
    ['audio/flac', 'audio', bytes('fLaC', 0)],
    ['audio/aac', 'audio', bytes(0xff, 0xf1, 0x50)],
    ['application/pdf', 'file', bytes('%PDF-1.7')],
    ['application/zip', 'file', bytes('PK', 3, 4, 'word/document.xml')],
    ['application/gzip', 'file', bytes(0x1f, 0x8b, 8, 0)],
    ['image/heic', 'file', iso('heic', 'mif1')],
    ['video/x-matroska', 'file', bytes('\x1aE\xdf\xa3', 'matroska')],
    ['text/plain', 'file', bytes('name;age\nAda;36\n')],
    ['text/plain', 'file', new TextEncoder().encode('안녕하세요 👋')],
  ])('AT4 %s, shown as %s', (mediaType, kind, file) => {
    expect(identify(file, true)).toEqual({ mediaType })
    expect(mediaKindOf(mediaType)).toBe(kind)
  })

  it.each([
    ['a page', html()],
    ['a page after a mark and white space', bytes(0xef, 0xbb, 0xbf, '\r\n\t <HTML><body>')],
    ['a comment before a page', html('<!-- x --><script>alert(1)</script>')],
    ['a drawing', svg()],
    ['a drawing in XML', bytes('<?xml version="1.0"?><svg/>')],
    ['a page in UTF-16', bytes(0xff, 0xfe, '<\0h\0t\0m\0l\0>\0')],
    ['a page after the mark of a photo', bytes(0xff, 0xd8, 0xff, '<script>alert(1)</script>')],
    ['a page after the mark of a picture', bytes('\x89PNG\r\n\x1a\n<script>alert(1)</script>')],
    ['an animation without a size', bytes('GIF89a', 0, 0, 0, 0)],
    ['bytes of no kind', bytes(0, 1, 2, 3)],
    ['text with a control in it', bytes('text\0more')],
    ['text that is not UTF-8', bytes('caf', 0xe9, ' au lait')],
    ['a RIFF of another form', bytes('RIFF', 0, 0, 0, 0, 'AVI LIST')],
    ['a sync that no format has', bytes(0xff, 0xff, 0xff)],
  ])('AT4 only a download: %s', (_, file) => {
    expect(identify(file, true)).toEqual(DOWNLOAD)
  })

  it('AT4 what is a picture and a page at once is served as the picture that it is', () => {
    const polyglot = bytes(gif(), '/*<script>alert(1)</script>*/=1')
    expect(identify(polyglot, true)).toEqual({ mediaType: 'image/gif', width: 3, height: 2 })
  })

  it('AT4 text may be cut inside a character by where the look ends', () => {
    const head = new TextEncoder().encode('가'.repeat(10)).subarray(0, 29)
    expect(identify(head, true)).toEqual({ mediaType: 'text/plain' })
  })
})

describe('the size of an image', () => {
  it('AT5 a photo that was taken sideways is as tall as it is shown', () => {
    for (const orientation of [1, 2, 3, 4]) {
      expect(identify(jpeg({ width: 30, height: 20, orientation }), true)).toMatchObject({ width: 30 })
    }
    for (const orientation of [5, 6, 7, 8]) {
      expect(identify(jpeg({ width: 30, height: 20, orientation }), true)).toMatchObject({
        width: 20,
        height: 30,
      })
    }
  })

  it('AT5 damaged notes of a camera do not cost a photo its size', () => {
    const photo = jpeg({ width: 30, height: 20, orientation: 6 })
    const directory = photo.indexOf(42) + 1
    photo.set([0xff, 0xff, 0xff, 0xff], directory)
    expect(identify(photo, true)).toMatchObject({ mediaType: 'image/jpeg', width: 30, height: 20 })
  })

  it('AT5 is found behind the notes of a camera, when they have come', () => {
    const photo = jpeg({ width: 30, height: 20, before: 240_000 })
    expect(identify(photo.subarray(0, 65_536), false)).toBeUndefined()
    expect(identify(photo.subarray(0, FILE_HEAD_BYTES), false)).toMatchObject({ width: 30, height: 20 })
  })

  it('AT5 a picture that does not say it, or is larger than a phone decodes, is a download', () => {
    const bomb = png(60_000, 60_000)
    expect(identify(bomb, true)).toEqual(DOWNLOAD)
    expect(identify(png(0, 10), true)).toEqual(DOWNLOAD)
    expect(identify(jpeg().subarray(0, 20), true)).toEqual(DOWNLOAD)
    expect(identify(png(10_000, 5_000), true)).toMatchObject({ width: 10_000 })
  })

  it.each([
    ['png', png()],
    ['gif', gif()],
    ['jpeg', jpeg({ orientation: 6 })],
    ['webp', webp.extended()],
    ['avif', avif()],
    ['webm', webm('V_VP8')],
    ['mp4', iso('isom')],
  ])('AT5 no start and no damage of a %s makes the look fail or go on for ever', (_, file) => {
    for (let length = 0; length <= file.length; length += 1) {
      for (const isAll of [true, false]) identify(file.subarray(0, length), isAll)
    }
    for (let at = 0; at < file.length; at += 1) {
      for (const byte of [0, 1, 0x7f, 0xff]) {
        const damaged = file.slice()
        damaged[at] = byte
        identify(damaged, true)
      }
    }
  })
})
