/** Real pictures and sound for browsers, small and made on the spot. */
import type { Page } from 'playwright-core'

/** What a camera would have noted; a text, so that a test can look for it in bytes. */
export const PLACE = 'GPS 51.5007 N 0.1246 W'

/** A picture that the page's own browser has drawn. */
export async function drawPicture(
  page: Page,
  type = 'image/jpeg',
  width = 640,
  height = 400,
): Promise<Buffer> {
  const numbers = await page.evaluate(
    async ([type, width, height]) => {
      const canvas = new OffscreenCanvas(width, height)
      const context = canvas.getContext('2d')
      if (!context) throw new Error('nothing to draw on')
      const sky = context.createLinearGradient(0, 0, width, height)
      sky.addColorStop(0, '#cde0f2')
      sky.addColorStop(1, '#0b6b5e')
      context.fillStyle = sky
      context.fillRect(0, 0, width, height)
      return [...new Uint8Array(await (await canvas.convertToBlob({ type })).arrayBuffer())]
    },
    [type, width, height] as const,
  )
  return Buffer.from(numbers)
}

/** The same JPEG with an EXIF block that says where it was taken, and how it is to be turned. */
export function withExif(jpeg: Buffer, orientation = 1): Buffer {
  const place = Buffer.from(`${PLACE}\0`, 'latin1')
  const tiff = Buffer.alloc(8 + 2 + 3 * 12 + 4)
  tiff.write('MM\0*', 0, 'latin1')
  tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(3, 8)
  const entry = (n: number, tag: number, type: number, count: number, value: number) => {
    const at = 10 + n * 12
    tiff.writeUInt16BE(tag, at)
    tiff.writeUInt16BE(type, at + 2)
    tiff.writeUInt32BE(count, at + 4)
    if (type === 3) tiff.writeUInt16BE(value, at + 8)
    else tiff.writeUInt32BE(value, at + 8)
  }
  entry(0, 0x010e, 2, place.length, tiff.length)
  entry(1, 0x0112, 3, 1, orientation)
  entry(2, 0x8825, 4, 1, tiff.length)
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, place])
  const head = Buffer.from([0xff, 0xe1, (exif.length + 2) >> 8, (exif.length + 2) & 0xff])
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)])
}

/** A second of a tone, as WAV. */
export function tone(): Buffer {
  const rate = 8_000
  const wav = Buffer.alloc(44 + rate, 128)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(36 + rate, 4)
  wav.write('WAVEfmt ', 8)
  for (const [at, value] of [
    [16, 16],
    [24, rate],
    [28, rate],
    [40, rate],
  ] as const) {
    wav.writeUInt32LE(value, at)
  }
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ] as const) {
    wav.writeUInt16LE(value, at)
  }
  wav.write('data', 36)
  for (let at = 44; at < wav.length; at += 1) wav[at] = 128 + Math.round(60 * Math.sin(at / 4))
  return wav
}

export type GivenFile = { name: string; mimeType: string; buffer: Buffer }

/** What the browser does when files are pasted into, or dropped on, the first element that fits. */
export async function give(
  page: Page,
  selector: string,
  events: readonly string[],
  file: GivenFile,
): Promise<void> {
  await page
    .locator(selector)
    .first()
    .evaluate(
      (target, { events, name, mimeType, numbers }) => {
        const data = new DataTransfer()
        data.items.add(new File([new Uint8Array(numbers)], name, { type: mimeType }))
        for (const type of events) {
          const about = { bubbles: true, cancelable: true }
          target.dispatchEvent(
            type === 'paste'
              ? new ClipboardEvent(type, { ...about, clipboardData: data })
              : new DragEvent(type, { ...about, dataTransfer: data }),
          )
        }
      },
      { events, name: file.name, mimeType: file.mimeType, numbers: [...file.buffer] },
    )
}
