/** What a picture is by its first bytes: its name, and what the system makes of that, may say anything. */

export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/avif' | 'image/gif'

/** As many bytes as it takes to tell. */
export const SIGNATURE_BYTES = 12

export function pictureType(start: Uint8Array): PictureType | null {
  const text = String.fromCharCode(...start.subarray(0, SIGNATURE_BYTES))
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (text.startsWith('RIFF') && text.slice(8) === 'WEBP') return 'image/webp'
  if (text.slice(4) === 'ftypavif') return 'image/avif'
  return /^GIF8[79]a/.test(text) ? 'image/gif' : null
}
