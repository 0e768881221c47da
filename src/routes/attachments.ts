/** Files of a conversation (CONTRACT 6). Its object decides who may; the bytes pass through here, to and from R2. */
import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { readConfig } from '../env.ts'
import { keepFile, keyOf, openFile } from '../files/bucket.ts'
import { cleanFileName, contentDisposition } from '../files/file-name.ts'
import { type Part, readRange } from '../files/range.ts'
import { logError } from '../log.ts'
import {
  type Attachment,
  type AttachmentAnswer,
  mediaKindOf,
  Seq,
  Uuid,
  VIDEO_SIDE_MAX,
} from '../protocol/index.ts'
import { accept, Refusal } from '../refusal.ts'
import type { AppEnv } from './app-env.ts'
import { stubOf } from './conversations.ts'
import { readQuery, whole } from './read.ts'

type Ctx = Context<AppEnv>

const Side = v.optional(whole(v.pipe(Seq, v.maxValue(VIDEO_SIDE_MAX))))
const UploadQuery = v.object({ name: v.optional(v.string(), ''), width: Side, height: Side })

export const attachments = new Hono<AppEnv>()
  .post('/', async (c) => {
    const uploading = upload(c)
    // Whoever hangs up in the middle leaves a row and half a file: both are cleared away after them.
    c.executionCtx.waitUntil(uploading.catch(() => {}))
    return c.json<AttachmentAnswer>({ attachment: await uploading }, 201)
  })
  .get('/:attachmentId', async (c) => {
    const attachment = accept(await stubOf(c).attachment(c.var.identity.userId, attachmentId(c)))
    return answerFile(c, attachment)
  })
  .delete('/:attachmentId', async (c) => {
    accept(await stubOf(c).dropUpload(c.var.identity.userId, attachmentId(c)))
    return c.body(null, 204)
  })

/** What can be refused without a byte of the body is, and by whom it concerns: the object, before R2. */
async function upload(c: Ctx): Promise<Attachment> {
  const stub = stubOf(c)
  const { userId } = c.var.identity
  const { name, width, height } = readQuery(c, UploadQuery)
  const { body, size } = declared(c)
  const { id } = accept(await stub.beginUpload(userId, { name: cleanFileName(name), size }))
  const key = keyOf(stub.id.toString(), id)
  try {
    const found = await keepFile(c.env.FILES, key, body, size)
    const said = width === undefined || height === undefined ? {} : { width, height }
    return accept(await stub.finishUpload(userId, id, { found, said }))
  } catch (error) {
    // Row and bytes, each by itself: either may be gone already. What is left, the alarm finds in a day.
    const clearing = [stub.dropUpload(userId, id), c.env.FILES.delete(key)]
    for (const cleared of await Promise.allSettled(clearing)) {
      if (cleared.status === 'rejected') logError('attachments: clear away', cleared.reason)
    }
    throw error
  }
}

/** Refuses: `invalid` without a length, `too_large`, `unsupported_media` for a form. */
function declared(c: Ctx): { body: ReadableStream<Uint8Array>; size: number } {
  const { headers, body } = c.req.raw
  if (headers.get('content-type')?.startsWith('multipart/')) {
    throw new Refusal('unsupported_media', 'send the bytes themselves, not a form')
  }
  const length = headers.get('content-length') ?? ''
  if (!/^\d{1,15}$/.test(length)) throw badLength('is required')
  const size = Number(length)
  const max = readConfig(c.env).attachmentBytesMax
  if (size > max) throw new Refusal('too_large', `a file is at most ${max} bytes`)
  if (size === 0 || body === null) throw badLength('must be at least 1')
  return { body, size }
}

/** The file, or the part that is asked for; nothing where the caller has it already. */
async function answerFile(c: Ctx, attachment: Attachment): Promise<Response> {
  const { id, size } = attachment
  const etag = `"${id}"`
  const headers = headersOf(attachment, etag)
  if (names(c.req.header('if-none-match'), etag)) return new Response(null, { status: 304, headers })
  const ifRange = c.req.header('if-range')
  const part = ifRange === undefined || ifRange === etag ? readRange(c.req.header('range'), size) : undefined
  if (part === 'unsatisfiable') {
    headers.set('content-range', `bytes */${size}`)
    return new Response(null, { status: 416, headers })
  }
  const { offset, length }: Part = part ?? { offset: 0, length: size }
  headers.set('content-length', String(length))
  if (part) headers.set('content-range', `bytes ${offset}-${offset + length - 1}/${size}`)
  const isHead = c.req.method === 'HEAD'
  const key = keyOf(stubOf(c).id.toString(), id)
  const body = isHead ? null : await openFile(c.env.FILES, key, { offset, length })
  return new Response(body, { status: part ? 206 : 200, headers })
}

/**
 * A file is somebody's, and it is not ours: it is kept by nobody who does not ask again (so that what was
 * erased, or who was removed, is so at the next look), and it runs nowhere, whatever it contains.
 */
function headersOf({ name, mediaType }: Attachment, etag: string): Headers {
  const how = mediaKindOf(mediaType) === 'file' ? 'attachment' : 'inline'
  return new Headers({
    'content-type': mediaType === 'text/plain' ? 'text/plain; charset=utf-8' : mediaType,
    'content-disposition': contentDisposition(how, name),
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': 'private, no-cache',
    'accept-ranges': 'bytes',
    etag,
  })
}

/** Whether a list of tags has this one. What they stand for never changes, so weak ones are as good. */
function names(tags: string | undefined, etag: string): boolean {
  return (tags ?? '').split(',').some((tag) => [etag, `W/${etag}`, '*'].includes(tag.trim()))
}

function attachmentId(c: Ctx): string {
  const id = c.req.param('attachmentId')
  if (!v.is(Uuid, id)) throw new Refusal('not_found', 'no such file')
  return id
}

function badLength(problem: string): Refusal {
  return new Refusal('invalid', `content-length: ${problem}`, { fields: { 'content-length': problem } })
}
