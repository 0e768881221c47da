/** Off the main thread: a picture of 50 megapixels takes a second, and nobody's typing waits for it (CO-8). */
import { PICTURE_BYTES_MAX, PICTURE_EDGE_MAX } from '../../src/protocol/limits.ts'
import { blankBoxes } from './blank-boxes.ts'
import { blankTiff } from './blank-tiff.ts'
import { isBoxed, type PictureType, pictureType, SIGNATURE_BYTES } from './picture-type.ts'
import { stripGif } from './strip-gif.ts'
import { stripMetadata } from './strip-metadata.ts'

export type PictureQuestion = { id: number; picture: Blob }
export type PictureAnswer = { id: number; picture?: Prepared }
/** Without a size where this browser cannot read it. */
export type Prepared = { bytes: Blob; width?: number; height?: number }

const QUALITY = { 'image/jpeg': 0.85, 'image/webp': 0.9 }

addEventListener('message', async ({ data }: MessageEvent<PictureQuestion>) => {
  const { id, picture } = data
  // What cannot be read as a picture is not sent as one: nobody could say what else is in it.
  const prepared = await prepare(picture).catch(() => undefined)
  postMessage({ id, ...(prepared ? { picture: prepared } : {}) } satisfies PictureAnswer)
})

async function prepare(picture: Blob): Promise<Prepared> {
  const bytes = new Uint8Array(await picture.arrayBuffer())
  const type = pictureType(bytes.subarray(0, SIGNATURE_BYTES))
  if (type === null) throw new Error('not a picture')
  // Drawn, where a browser can, it would be less than what it was sent for.
  if (type === 'image/tiff') return unread(bytes, type)
  const bitmap = await createImageBitmap(new Blob([bytes], { type }), {
    imageOrientation: 'from-image',
  }).catch(() => null)
  if (!bitmap) return unread(bytes, type)
  const { width, height } = bitmap
  if (type === 'image/gif') return { bytes: new Blob(stripGif(bytes), { type }), width, height }
  // What boxes hold beside the pixels is spread over the file: it is drawn anew.
  const stripped = isBoxed(type) ? null : stripMetadata(bytes, type)
  const clean = stripped && new Blob(stripped.parts, { type })
  if (clean && stripped.isAnimated) return { bytes: clean, width, height }
  const isUpright = stripped?.orientation === 1
  const isLarge = Math.max(width, height) > PICTURE_EDGE_MAX
  if (clean && isUpright && !isLarge && clean.size <= PICTURE_BYTES_MAX)
    return { bytes: clean, width, height }
  const drawn = await draw(bitmap, type)
  // Made to be smaller, and it is not: a screenshot of few colours is best as it was.
  return clean && isUpright && !isLarge && drawn.bytes.size >= clean.size
    ? { bytes: clean, width, height }
    : drawn
}

/** Others may have what reads it: it goes as it is, without what it says of the place and the time. */
function unread(bytes: Uint8Array<ArrayBuffer>, type: PictureType): Prepared {
  const isClean = type === 'image/tiff' ? blankTiff(bytes) : isBoxed(type) && blankBoxes(bytes, type)
  if (!isClean) throw new Error('not readable, nor known to be clean')
  return { bytes: new Blob([bytes], { type }) }
}

async function draw(bitmap: ImageBitmap, type: PictureType): Promise<Prepared> {
  const scale = Math.min(1, PICTURE_EDGE_MAX / Math.max(bitmap.width, bitmap.height))
  const width = Math.max(1, Math.round(bitmap.width * scale))
  const height = Math.max(1, Math.round(bitmap.height * scale))
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('nothing to draw on')
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, width, height)
  bitmap.close()
  // What cameras make has no transparency to lose; where a browser cannot write WebP it writes PNG.
  const target = type === 'image/jpeg' || type === 'image/heic' ? 'image/jpeg' : 'image/webp'
  return { bytes: await canvas.convertToBlob({ type: target, quality: QUALITY[target] }), width, height }
}
