/** Tag 0x0112 of EXIF (CIPA DC-008, 4.6.4): how a picture must be turned to stand upright. */
const ORIENTATION = 0x0112
const ENTRY_BYTES = 12

/**
 * @param tiff the bytes of an EXIF block, from its byte order on
 * @returns 1 to 8, undefined where it does not say
 */
export function orientationOf(tiff: Uint8Array<ArrayBuffer>): number | undefined {
  // A WebP's block may begin like a JPEG's.
  const start = tiff[0] === 0x45 ? 6 : 0
  const view = new DataView(tiff.buffer, tiff.byteOffset + start, tiff.byteLength - start)
  if (view.byteLength < 8) return undefined
  const isLittle = view.getUint16(0) === 0x4949
  const directory = view.getUint32(4, isLittle)
  if (directory + 2 > view.byteLength) return undefined
  const count = view.getUint16(directory, isLittle)
  for (let n = 0; n < count; n += 1) {
    const entry = directory + 2 + n * ENTRY_BYTES
    if (entry + ENTRY_BYTES > view.byteLength) return undefined
    if (view.getUint16(entry, isLittle) !== ORIENTATION) continue
    const value = view.getUint16(entry + 8, isLittle)
    return value >= 1 && value <= 8 ? value : undefined
  }
  return undefined
}
