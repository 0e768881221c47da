/** Uploads in tests. */
import { runInDurableObject } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import type { Attachment } from '../../../src/protocol/index.ts'
import { png } from '../sample-files.ts'
import { ORIGIN, type Person } from './people.ts'
import { objectOf } from './sockets.ts'

export type Upload = {
  name?: string
  body?: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
  /** What is said of it, where that is not the truth. */
  headers?: Record<string, string>
  query?: string
}

/** Sends the bytes; the answer is handed back as it came. */
export async function upload(
  who: Person,
  conversationId: string,
  { name = 'photo.png', body = png(), headers, query = '' }: Upload = {},
): Promise<Response> {
  const length = body instanceof Uint8Array ? { 'content-length': String(body.length) } : {}
  const path = `/api/conversations/${conversationId}/attachments?name=${encodeURIComponent(name)}${query}`
  return exports.default.fetch(
    new Request(`${ORIGIN}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', ...length, ...who.bearer, ...headers },
      body,
    }),
  )
}

/** An upload that is taken. */
export async function uploaded(who: Person, conversationId: string, what: Upload = {}): Promise<Attachment> {
  const answer = await upload(who, conversationId, what)
  if (answer.status !== 201) throw new Error(`no upload: ${answer.status} ${await answer.text()}`)
  return (await answer.json<{ attachment: Attachment }>()).attachment
}

export async function download(
  who: Person,
  conversationId: string,
  id: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Response> {
  const path = `/api/conversations/${conversationId}/attachments/${id}`
  return exports.default.fetch(
    new Request(`${ORIGIN}${path}`, { method, headers: { ...who.bearer, ...headers } }),
  )
}

/** What lies in R2 of a conversation: the ids of files. */
export async function keptIn(conversationId: string): Promise<string[]> {
  const { objects } = await env.FILES.list({ prefix: `${conversationId}/` })
  return objects.map(({ key }) => key.slice(conversationId.length + 1))
}

/** The rows that the object has of files. */
export async function rowsOf(conversationId: string): Promise<{ id: string; state: string }[]> {
  return runInDurableObject(objectOf(conversationId), (_, state) =>
    state.storage.sql.exec<{ id: string; state: string }>('SELECT id, state FROM attachments').toArray(),
  )
}
