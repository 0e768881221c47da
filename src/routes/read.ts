/** What a client sent, checked: handlers see typed values or nothing. */
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as v from 'valibot'
import { BODY_BYTES_MAX, fieldsOf } from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'
import type { AppEnv } from './app-env.ts'

/** The one body that is not JSON. A form may send it: that it comes from our own page, `fromOwnOrigin` has seen. */
const UPLOAD = /^\/api\/conversations\/[^/]+\/attachments$/

/** Refuses bodies that a plain form on another site could send, before anything acts on them. */
export const jsonOnly = createMiddleware<AppEnv>(async (c, next) => {
  const { headers, body } = c.req.raw
  const hasBody = body !== null && headers.get('content-length') !== '0'
  if (hasBody && !isJson(headers) && !UPLOAD.test(c.req.path)) throw notJson()
  await next()
})

/** Refuses with `unsupported_media` for what is not JSON, `too_large`, or `invalid` with the fields. */
export async function readBody<T extends v.GenericSchema>(
  c: Context<AppEnv>,
  schema: T,
): Promise<v.InferOutput<T>> {
  if (!isJson(c.req.raw.headers)) throw notJson()
  return check(schema, parseJson(await readText(c.req.raw)))
}

/** Refuses with `invalid` and the fields. */
export function readQuery<T extends v.GenericSchema>(c: Context<AppEnv>, schema: T): v.InferOutput<T> {
  return check(schema, c.req.query())
}

/** A whole number out of a query string. */
export function whole<T extends v.GenericSchema<number, number>>(schema: T) {
  return v.pipe(v.string(), v.regex(/^\d{1,16}$/, 'must be a whole number'), v.transform(Number), schema)
}

function isJson(headers: Headers): boolean {
  const [essence = ''] = (headers.get('content-type') ?? '').split(';')
  return essence.trim().toLowerCase() === 'application/json'
}

function notJson(): Refusal {
  return new Refusal('unsupported_media', 'send application/json')
}

/** Counts while it reads: a Content-Length is only what a client says. */
async function readText(request: Request): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let text = ''
  let bytes = 0
  for await (const chunk of arriving(request)) {
    bytes += chunk.byteLength
    if (bytes > BODY_BYTES_MAX) throw new Refusal('too_large', `a body is at most ${BODY_BYTES_MAX} bytes`)
    text += decodeUtf8(decoder, chunk)
  }
  return text + decodeUtf8(decoder)
}

/** Whoever hangs up in the middle is no failure of ours. Refuses with `invalid`. */
async function* arriving({ body }: Request): AsyncIterable<Uint8Array> {
  try {
    yield* body ?? []
  } catch {
    throw invalidBody('did not come whole')
  }
}

function decodeUtf8(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
  } catch {
    throw invalidBody('must be UTF-8')
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidBody('must be JSON')
  }
}

function check<T extends v.GenericSchema>(schema: T, value: unknown): v.InferOutput<T> {
  const parsed = v.safeParse(schema, value)
  if (parsed.success) return parsed.output
  throw new Refusal('invalid', 'some fields are not valid', { fields: fieldsOf(parsed.issues) })
}

function invalidBody(problem: string): Refusal {
  return new Refusal('invalid', `the body ${problem}`, { fields: { body: problem } })
}
