/**
 * What a file is, read from its first bytes. What its sender says of it (Content-Type, the name's ending) is
 * not asked: an HTML page that calls itself a picture would otherwise be one, on our own origin.
 */
import { IMAGE_PIXELS_MAX } from '../protocol/index.ts'
import { ascii, hasAscii, imageSizeOf, JPEG, PNG, viewOf } from './image-size.ts'

export type Identified = { mediaType: string; width?: number; height?: number }

/** Bytes that mean nothing to us, or nothing good: only ever a download. */
const UNKNOWN: Identified = { mediaType: 'application/octet-stream' }

/** What a file begins with → what it is. The first that fits decides. */
const SIGNATURES: readonly { bytes: string; mediaType: string }[] = [
  { bytes: PNG, mediaType: 'image/png' },
  { bytes: JPEG, mediaType: 'image/jpeg' },
  { bytes: 'GIF87a', mediaType: 'image/gif' },
  { bytes: 'GIF89a', mediaType: 'image/gif' },
  { bytes: '%PDF-', mediaType: 'application/pdf' },
  { bytes: 'PK\x03\x04', mediaType: 'application/zip' },
  { bytes: 'PK\x05\x06', mediaType: 'application/zip' },
  { bytes: '\x1f\x8b\x08', mediaType: 'application/gzip' },
  { bytes: '7z\xbc\xaf\x27\x1c', mediaType: 'application/x-7z-compressed' },
  { bytes: 'Rar!\x1a\x07', mediaType: 'application/vnd.rar' },
  { bytes: 'fLaC', mediaType: 'audio/flac' },
  { bytes: 'ID3', mediaType: 'audio/mpeg' },
]

/**
 * @param isAll whether there is no more to see: the file ends here, or we look no further
 * @returns undefined where more bytes would tell, which is an image whose size has not come yet
 */
export function identify(head: Uint8Array, isAll: boolean): Identified | undefined {
  const mediaType = typeOf(head)
  if (mediaType === undefined) return isPlainText(head) ? { mediaType: 'text/plain' } : UNKNOWN
  if (!mediaType.startsWith('image/') || mediaType === 'image/heic') return { mediaType }
  const size = imageSizeOf(mediaType, head)
  // An image that is shown inline has a size, so that nothing jumps, and one that a phone can decode.
  if (size) return size.width * size.height <= IMAGE_PIXELS_MAX ? { mediaType, ...size } : UNKNOWN
  return isAll ? UNKNOWN : undefined
}

function typeOf(head: Uint8Array): string | undefined {
  const signature = SIGNATURES.find(({ bytes }) => ascii(head, 0, bytes.length) === bytes)
  if (signature) return signature.mediaType
  if (ascii(head, 0, 4) === 'RIFF') return riffType(ascii(head, 8, 4))
  if (ascii(head, 4, 4) === 'ftyp') return isoType(head)
  if (ascii(head, 0, 4) === 'OggS') return hasAscii(head, 'theora') ? 'video/ogg' : 'audio/ogg'
  if (ascii(head, 0, 4) === '\x1aE\xdf\xa3') return matroskaType(head)
  return mpegAudioType(head)
}

function riffType(form: string): string | undefined {
  if (form === 'WEBP') return 'image/webp'
  return form === 'WAVE' ? 'audio/wav' : undefined
}

/** The ISO container is named by its brands: the main one, and those it is compatible with. */
function isoType(head: Uint8Array): string | undefined {
  const brand = ascii(head, 8, 4)
  const length = viewOf(head).getUint32(0)
  const brands = ascii(head, 8, Math.min(length, 256) - 8)
  if (/^(avif|avis)/.test(brand) || (brand === 'mif1' && brands.includes('avif'))) return 'image/avif'
  if (/^(mif1|msf1|hei[cxms]|hev[cxms])/.test(brand)) return 'image/heic'
  if (brand === 'qt  ') return 'video/quicktime'
  if (/^M4[ABP] /.test(brand)) return 'audio/mp4'
  if (/^3g[p2]/.test(brand)) return 'video/3gpp'
  return /^(iso[\da-z]|mp4[12]|mp71|avc1|dash|cmfc|M4V|MSNV|f4v )/.test(brand) ? 'video/mp4' : undefined
}

/** A recorder's sound has the container of a film: what is in it, its codecs say. */
function matroskaType(head: Uint8Array): string {
  if (!hasAscii(head, 'webm')) return 'video/x-matroska'
  const isSound = /A_(OPUS|VORBIS)/.test(ascii(head, 0, head.length)) && !hasAscii(head, 'V_')
  return isSound ? 'audio/webm' : 'video/webm'
}

/** A frame of MP3 or AAC: eleven or twelve bits of sync, and no value that the formats do not have. */
function mpegAudioType(head: Uint8Array): string | undefined {
  const [sync = 0, kind = 0, rates = 0] = head
  if (sync !== 0xff) return undefined
  if (kind === 0xf1 || kind === 0xf9) return 'audio/aac'
  const isLayer3 = (kind & 0xe6) === 0xe2 && (kind & 0x18) !== 0x08
  const hasRates = (rates & 0xf0) !== 0xf0 && (rates & 0xf0) !== 0 && (rates & 0x0c) !== 0x0c
  return isLayer3 && hasRates ? 'audio/mpeg' : undefined
}

/** UTF-8 without control characters, and no markup: a page or a drawing is not called text either. */
function isPlainText(head: Uint8Array): boolean {
  if (head.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(byte))) return false
  try {
    // The head may end inside a character: `stream` leaves that one open.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(head, { stream: true })
    return !/^\s*<[a-z!?/]/i.test(text)
  } catch {
    return false
  }
}
