/** The one call whose body is a file. Apart from the others, which a page needs before anybody attaches one. */
import type { Attachment, AttachmentAnswer } from '../protocol/index.ts'
import { ApiError, type ApiOptions, attachmentsPath, failureOf } from './api.ts'
import { type SendBytes, sendBytes } from './send-bytes.ts'

export type UploadRequest = {
  conversationId: string
  file: Pick<Attachment, 'name' | 'mediaType' | 'width' | 'height'>
  bytes: Blob
  signal: AbortSignal
  onProgress: (percent: number) => void
}

/** Resolves with what the server calls the file. Every failure is an ApiError. */
export type UploadCall = (request: UploadRequest) => Promise<Attachment>

export function createUploadCall(
  { baseUrl, authorize }: Pick<ApiOptions, 'baseUrl' | 'authorize'>,
  send: SendBytes = sendBytes,
): UploadCall {
  return async ({ conversationId, file, bytes, signal, onProgress }) => {
    const { name, mediaType, width, height } = file
    const query = new URLSearchParams({ name })
    if (width !== undefined && height !== undefined) {
      query.set('width', String(width))
      query.set('height', String(height))
    }
    const url = `${baseUrl}/api${attachmentsPath(conversationId)}?${query}`
    const headers = { ...(await authorize()), 'content-type': mediaType }
    const answer = await send({ url, headers, body: bytes, signal, onProgress }).catch(() => {
      throw new ApiError('offline', 'the server cannot be reached')
    })
    const body = parsed(answer.text)
    if (answer.status !== 201 || body === undefined) throw failureOf(answer.status, body)
    return (body as AttachmentAnswer).attachment
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
