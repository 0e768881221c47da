/**
 * Takes the notes out of a GIF (CO-8): comments, and the XMP that editors put into an extension of their own. Its
 * pictures, their times and their colours stay as they are. GIF89a, appendix A; XMP specification, part 3, 1.1.2.
 */

type Bytes = Uint8Array<ArrayBuffer>

const EXTENSION = 0x21
const IMAGE = 0x2c
const END = 0x3b
/** How long a picture is shown, and what comes after it. */
const TIMES = 0xf9
const APPLICATION = 0xff
/** How often it repeats, and a colour profile. */
const APPLICATIONS_KEPT = ['NETSCAPE2.0', 'ANIMEXTS1.0', 'ICCRGBG1012']

/** @returns pieces of the original, in order; what follows something unknown is no picture to any browser, and goes */
export function stripGif(bytes: Bytes): Bytes[] {
  let at = 13 + tableBytes(bytes[10])
  const parts = [bytes.subarray(0, at)]
  while (at < bytes.length) {
    const kind = bytes[at]
    if (kind === EXTENSION) {
      const end = endOfBlocks(bytes, at + 2)
      if (isKept(bytes, at)) parts.push(bytes.subarray(at, end))
      at = end
    } else if (kind === IMAGE) {
      const end = endOfBlocks(bytes, at + 11 + tableBytes(bytes[at + 9]))
      parts.push(bytes.subarray(at, end))
      at = end
    } else break
  }
  return [...parts, Uint8Array.of(END)]
}

function isKept(bytes: Bytes, at: number): boolean {
  if (bytes[at + 1] !== APPLICATION) return bytes[at + 1] === TIMES
  return APPLICATIONS_KEPT.includes(String.fromCharCode(...bytes.subarray(at + 3, at + 14)))
}

/** @param flags whether a table of colours follows, and how many they are */
function tableBytes(flags = 0): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0
}

/** Blocks of up to 255 bytes, each with its length before it; the last is empty. */
function endOfBlocks(bytes: Bytes, from: number): number {
  let at = from
  for (let length = bytes[at] ?? 0; length > 0; length = bytes[at] ?? 0) at += 1 + length
  return Math.min(at + 1, bytes.length)
}
