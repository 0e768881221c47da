/** What a picture is by its first bytes: its name, and what the system makes of that, may say anything. */

/** Made of boxes: what a camera has noted lies anywhere in them, and not every browser reads them. */
export type BoxedType = 'image/heic' | 'image/avif' | 'image/jxl'
/** What is drawn nowhere, or not everywhere: it goes up as it is but for its notes, or not at all. */
export type FreedType = BoxedType | 'image/tiff'
export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif' | FreedType

/** As many bytes as it takes to tell: a container names up to sixty brands. */
export const SIGNATURE_BYTES = 256

/** TIFF of either order, its big brother, and the raw of Olympus and Panasonic; that of most others is plain TIFF. */
const TIFFS = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+', 'IIRO', 'IIRS', 'MMOR', 'IIU\0']

export function pictureType(start: Uint8Array): PictureType | null {
  const text = String.fromCharCode(...start.subarray(0, SIGNATURE_BYTES))
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp'
  if (text.startsWith('\0\0\0\x0cJXL \r\n\x87\n')) return 'image/jxl'
  if (TIFFS.includes(text.slice(0, 4))) return 'image/tiff'
  if (text.slice(4, 8) === 'ftyp') return typeByBrands(text)
  return /^GIF8[79]a/.test(text) ? 'image/gif' : null
}

export function isBoxed(type: PictureType): type is BoxedType {
  return type === 'image/heic' || type === 'image/avif' || type === 'image/jxl'
}

/** Where refusing it means that its notes are in it still, and not that it is broken. */
export function isFreed(type: PictureType): type is FreedType {
  return isBoxed(type) || type === 'image/tiff'
}

/** The main brand of a phone's picture is as often one that only says "a picture": the others tell, too. */
function typeByBrands(text: string): BoxedType | null {
  const length = text.charCodeAt(2) * 256 + text.charCodeAt(3)
  const brands = text.slice(8, length).match(/.{4}/gs) ?? []
  if (brands.some((brand) => /^avi[fs]$/.test(brand))) return 'image/avif'
  return brands.some((brand) => /^(mi[fa][12f]|msf1|he[iv][cxms])$/.test(brand)) ? 'image/heic' : null
}
