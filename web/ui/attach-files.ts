/** Takes files that were picked, pasted or dropped: makes them ready, and lets them go up (CO-7, CO-8). */
import type { OpenConversation } from '../../src/client/client.ts'
import {
  ATTACHMENT_BYTES_MAX,
  ATTACHMENTS_PER_MESSAGE,
  mediaKindOf,
  uuidv7,
} from '../../src/protocol/index.ts'
import { isFreed, type PictureType, pictureType, SIGNATURE_BYTES } from '../pictures/picture-type.ts'
import { preparePicture } from '../pictures/prepare-picture.ts'
import { announce } from '../state/announcer.ts'
import { type Chip, chipsOf, updateChip } from '../state/attachment-drafts.ts'
import { fileWords } from '../state/file-words.ts'
import { keepLocal } from '../state/local-files.ts'
import { showToast } from '../state/toasts.ts'
import { sizeText } from './size-text.ts'
import { videoSize } from './video-size.ts'

/** Where files are attached: the list that they stand in until they are sent, and what they go up to. */
export type AttachTarget = { conversation: OpenConversation; place: string }

/** A file that cannot be sent, and why, in words. */
class Refused extends Error {}

type Ready = { bytes: Blob; name: string; width?: number; height?: number }

/** @returns how many of them there was room for */
export function attachFiles(target: AttachTarget, files: readonly File[]): number {
  const chips = chipsOf(target.place)
  const room = ATTACHMENTS_PER_MESSAGE - chips.value.length
  if (files.length > room) showToast({ text: fileWords().tooMany(ATTACHMENTS_PER_MESSAGE), isError: true })
  const taken = files.slice(0, Math.max(0, room)).map((file) => ({ file, chip: chipOf(file) }))
  chips.value = [...chips.value, ...taken.map(({ chip }) => chip)]
  for (const { file, chip } of taken) void add(target, chip, file)
  return taken.length
}

async function add({ conversation, place }: AttachTarget, chip: Chip, file: File): Promise<void> {
  try {
    const [{ bytes, name, ...size }, uploads] = await Promise.all([
      ready(file, conversation),
      conversation.uploads.load(),
    ])
    // Taken out while it was made ready.
    if (!chipsOf(place).value.some(({ key }) => key === chip.key)) return
    const mediaType = bytes.type || 'application/octet-stream'
    const uploadId = uploads.add(conversation.id, bytes, { name, mediaType, ...size })
    const kind = mediaKindOf(mediaType)
    if (kind !== 'file') keepLocal(conversation.uploads, uploadId, bytes)
    updateChip(place, chip.key, { phase: 'added', uploadId, name, kind, size: bytes.size })
  } catch (error) {
    const reason = error instanceof Refused ? error.message : (fileWords().refusals.file_lost ?? '')
    updateChip(place, chip.key, { phase: 'refused', reason })
    announce(`${file.name}: ${reason}`, true)
  }
}

/** @throws Refused; anything else means that the file cannot be read */
async function ready(file: File, conversation: OpenConversation): Promise<Ready> {
  const { refusals, tooLarge } = fileWords()
  if (file.size === 0) throw new Refused(refusals.empty)
  const start = new Uint8Array(await file.slice(0, SIGNATURE_BYTES).arrayBuffer())
  const type = pictureType(start)
  const made = type ? await readyPicture(file, type) : await readyFile(file)
  const max = conversation.state.limits.attachmentBytesMax ?? ATTACHMENT_BYTES_MAX
  if (made.bytes.size > max) throw new Refused(tooLarge(sizeText(max)))
  return made
}

async function readyPicture(file: File, type: PictureType): Promise<Ready> {
  const { bytes, ...size } = await preparePicture(file).catch(() => {
    const { unreadable, unfreed } = fileWords().refusals
    throw new Refused(isFreed(type) ? unfreed : unreadable)
  })
  return { bytes, name: nameFor(file.name, bytes.type), ...size }
}

async function readyFile(file: File): Promise<Ready> {
  const size = file.type.startsWith('video/') ? await videoSize(file) : undefined
  return { bytes: file, name: file.name, ...size }
}

/** How the names of what we write end. */
const ENDINGS: ReadonlyMap<string, RegExp> = new Map([
  ['image/webp', /\.webp$/i],
  ['image/jpeg', /\.(jpe?g|jfif)$/i],
  ['image/png', /\.a?png$/i],
])

/** A picture that was written in another way than its name says is called after what it is. */
function nameFor(name: string, type: string): string {
  if (ENDINGS.get(type)?.test(name) ?? true) return name
  return `${name.replace(/\.[^.]+$/, '')}.${type.slice('image/'.length)}`
}

function chipOf(file: File): Chip {
  const { name, size, type } = file
  return { key: uuidv7(), name, size, kind: mediaKindOf(type), phase: 'preparing' }
}
