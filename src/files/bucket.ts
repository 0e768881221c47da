/** The bytes of attachments, in R2. They pass through: no file is ever held whole. */
import { logError } from '../log.ts'
import { FILE_HEAD_BYTES } from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'
import { blankNotes } from './blank-notes.ts'
import { type Identified, identify } from './media-type.ts'
import type { Part } from './range.ts'

/** Most files say what they are in their first bytes; only a photo is looked into further. */
const HEAD_STEPS = [4_096, 65_536, FILE_HEAD_BYTES]
const RETRY_AFTER_MS = 2_000

/** Where the bytes lie. A conversation's files are together, so that it can be deleted as a whole. */
export function keyOf(conversationId: string, attachmentId: string): string {
  return `${conversationId}/${attachmentId}`
}

/**
 * Keeps a file, whole or not at all.
 * @param size what its sender said: R2 is given exactly as much
 * @returns what it is
 * Refuses: `invalid` where the body is longer or shorter, `unavailable` where R2 does not take it.
 */
export async function keepFile(
  bucket: R2Bucket,
  key: string,
  body: ReadableStream<Uint8Array>,
  size: number,
): Promise<Identified> {
  const { head, found } = await readHead(body, size)
  const { readable, writable } = new FixedLengthStream(size)
  // An R2 that has failed takes nothing more: who feeds it would wait for ever.
  const stop = new AbortController()
  const putting = bucket.put(key, readable).catch((error) => {
    stop.abort(error)
    throw error
  })
  const feeding = feed({ writable, head, rest: body, signal: stop.signal })
  const ends = await Promise.allSettled([putting, feeding])
  const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
  if (reasons.length === 0) return found
  throw reasons.some(isLengthError) ? wrongLength() : unavailable('files: put', reasons[0])
}

/** The bytes, or part of them. Refuses: `unavailable` where R2 does not answer, or has lost them. */
export async function openFile(bucket: R2Bucket, key: string, part: Part): Promise<ReadableStream> {
  let object: R2ObjectBody | null
  try {
    object = await bucket.get(key, { range: part })
  } catch (error) {
    throw unavailable('files: get', error)
  }
  if (!object) throw unavailable('files: get', new Error('a file that its conversation knows is not there'))
  // With its length on it: the answer says it, instead of coming in pieces of unknown number.
  return object.body.pipeThrough(new FixedLengthStream(part.length))
}

/** Reads no more than it takes to know what the file is, and to have a picture's notes, which are blanked. */
async function readHead(
  body: ReadableStream<Uint8Array>,
  size: number,
): Promise<{ head: Uint8Array; found: Identified }> {
  const reader = body.getReader()
  let head = new Uint8Array()
  let isEnded = false
  for (const wanted of HEAD_STEPS) {
    const chunks: Uint8Array[] = [head]
    for (let length = head.length; length < wanted && length < size && !isEnded; ) {
      // Whoever hangs up here has sent fewer bytes than they said, too.
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }))
      if (value) chunks.push(value)
      length += value?.length ?? 0
      isEnded = done
    }
    head = joined(chunks)
    const isAll = isEnded || head.length >= size || wanted === FILE_HEAD_BYTES
    const found = identify(head, isAll)
    const isBlanked = found !== undefined && blankNotes(head)
    if (found && (isBlanked || isAll)) {
      reader.releaseLock()
      if (head.length > size || (isEnded && head.length < size)) throw wrongLength()
      return { head, found }
    }
  }
  throw new Error('the last look at a file did not decide')
}

type Feeding = {
  writable: WritableStream<Uint8Array>
  head: Uint8Array
  rest: ReadableStream<Uint8Array>
  signal: AbortSignal
}

/** The head again, then the rest past us: the runtime moves it without waking this code for each piece. */
async function feed({ writable, head, rest, signal }: Feeding): Promise<void> {
  const writer = writable.getWriter()
  const giveUp = () => void writer.abort(signal.reason).catch(() => {})
  signal.addEventListener('abort', giveUp)
  await writer.write(head)
  signal.removeEventListener('abort', giveUp)
  writer.releaseLock()
  await rest.pipeTo(writable, { signal })
}

/** The runtime has no class for it: more bytes than were said, or an end before the last of them. */
function isLengthError(reason: unknown): boolean {
  return reason instanceof Error && reason.message.includes('FixedLengthStream')
}

function wrongLength(): Refusal {
  const problem = 'is not the length of the body'
  return new Refusal('invalid', `content-length: ${problem}`, { fields: { 'content-length': problem } })
}

function unavailable(place: string, error: unknown): Refusal {
  logError(place, error)
  return new Refusal('unavailable', 'files are not to be had right now', { retryAfterMs: RETRY_AFTER_MS })
}

function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
