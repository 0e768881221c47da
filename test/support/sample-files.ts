/** Small files of each kind, as far as their headers go: what a server looks at, and no more. */

/** Text as bytes of the same number, and numbers as bytes. */
export function bytes(
  ...parts: (string | number | readonly number[] | Uint8Array)[]
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    parts.flatMap((part) => {
      if (typeof part === 'number') return [part]
      return typeof part === 'string' ? [...part].map((character) => character.charCodeAt(0)) : [...part]
    }),
  )
}

export const u16 = (value: number) => [value >> 8, value & 255]
export const u32 = (value: number) => [...u16(Math.floor(value / 65_536)), ...u16(value & 0xffff)]
const u16le = (value: number) => u16(value).reverse()
const u24le = (value: number) => [value & 255, (value >> 8) & 255, value >> 16]
const zeros = (count: number) => new Array<number>(count).fill(0)

export function png(width = 3, height = 2): Uint8Array<ArrayBuffer> {
  const header = [...u32(width), ...u32(height), 8, 6, 0, 0, 0]
  return bytes('\x89PNG\r\n\x1a\n', u32(13), 'IHDR', header, zeros(4), u32(0), 'IEND', zeros(4))
}

/** A picture with a text beside its pixels, as editors and cameras write it. */
export function pngWithText(type: 'tEXt' | 'iTXt' | 'zTXt' | 'eXIf', text: string): Uint8Array<ArrayBuffer> {
  const plain = png()
  const at = 8 + 12 + 13
  return bytes(
    plain.subarray(0, at),
    u32(text.length),
    type,
    text,
    zeros(4),
    u32(3),
    'IDATabc',
    zeros(4),
    plain.subarray(at),
  )
}

export function gif(width = 3, height = 2): Uint8Array<ArrayBuffer> {
  return bytes('GIF89a', u16le(width), u16le(height), zeros(3), ';')
}

/**
 * @param before bytes of other segments that stand before the size, as a camera's previews do
 * @param place what the camera has noted of where it was, in each of the three ways that there are
 */
export function jpeg({
  width = 3,
  height = 2,
  orientation = 1,
  before = 0,
  place = '',
} = {}): Uint8Array<ArrayBuffer> {
  const entry = [...u16(0x0112), ...u16(3), ...u32(1), ...u16(orientation), 0, 0]
  const tiff = bytes('MM', 0, 42, u32(8), u16(1), entry, u32(0), place)
  const exif = bytes(0xff, 0xe1, u16(8 + tiff.length), 'Exif', 0, 0, tiff)
  const notes: number[] = []
  for (const [marker, kind] of [
    [0xe1, 'http://ns.adobe.com/xap/1.0/\0'],
    [0xed, 'Photoshop 3.0\0'],
  ] as const) {
    if (place) notes.push(0xff, marker, ...u16(2 + kind.length + place.length), ...bytes(kind, place))
  }
  for (let left = before; left > 0; left -= 60_000) notes.push(0xff, 0xe2, ...u16(60_002), ...zeros(60_000))
  const frame = bytes(0xff, 0xc0, u16(11), 8, u16(height), u16(width), 1, zeros(3))
  return bytes(0xff, 0xd8, exif, notes, frame, 0xff, 0xda, zeros(20), 0xff, 0xd9)
}

export const webp = {
  lossy: (width = 3, height = 2) =>
    bytes('RIFF', zeros(4), 'WEBPVP8 ', zeros(4), zeros(3), 0x9d, 0x01, 0x2a, u16le(width), u16le(height)),
  lossless: (width = 3, height = 2) => {
    const bits = (width - 1) | ((height - 1) << 14)
    return bytes('RIFF', zeros(4), 'WEBPVP8L', zeros(4), 0x2f, u16le(bits & 0xffff), u16le(bits >>> 16))
  },
  extended: (width = 3, height = 2) =>
    bytes('RIFF', zeros(4), 'WEBPVP8X', zeros(8), u24le(width - 1), u24le(height - 1)),
}

export function box(
  name: string,
  ...content: (string | readonly number[] | Uint8Array)[]
): Uint8Array<ArrayBuffer> {
  const inside = bytes(...content)
  return bytes(u32(8 + inside.length), name, inside)
}

export function iso(brand: string, ...compatible: string[]): Uint8Array<ArrayBuffer> {
  return bytes(box('ftyp', brand, zeros(4), ...compatible), box('mdat', zeros(32)))
}

export function avif(width = 3, height = 2): Uint8Array<ArrayBuffer> {
  const thumbnail = box('ispe', zeros(4), u32(1), u32(1))
  const main = box('ispe', zeros(4), u32(width), u32(height))
  const properties = box('iprp', box('ipco', thumbnail, main))
  return bytes(
    box('ftyp', 'avif', zeros(4), 'mif1'),
    box('meta', zeros(4), box('hdlr', zeros(20)), properties),
  )
}

export function webm(...codecs: string[]): Uint8Array<ArrayBuffer> {
  return bytes('\x1aE\xdf\xa3', zeros(20), 'webm', zeros(20), ...codecs, zeros(20))
}

export const wav = () => bytes('RIFF', zeros(4), 'WAVEfmt ', zeros(20))
export const mp3 = () => bytes(0xff, 0xfb, 0x90, 0x64, zeros(40))
export const html = (text = '<!doctype html><script>alert(1)</script>') => bytes(text)
export const svg = () => bytes('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
