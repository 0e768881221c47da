/** Why a file did not get to the server, and whether it is worth another try (SO-3). */
import { SEND_TRIES } from '../protocol/index.ts'
import { ApiError, type ApiErrorCode } from './api.ts'

/** `file_lost`: its bytes are not on this device any more, or cannot be read. */
export type UploadFailure = { code: ApiErrorCode | 'file_lost'; message: string }

export type FailedTry = UploadFailure & { retryAfterMs?: number | undefined }

export const LOST: UploadFailure = { code: 'file_lost', message: 'the file cannot be read any more' }

/** The server could not take it; that is told to the author after SEND_TRIES. */
const COUNTED: ReadonlySet<string> = new Set<ApiErrorCode>(['overloaded', 'unavailable', 'internal'])
/** Nobody's refusal: tried again for as long as it takes. */
const PASSING: ReadonlySet<string> = new Set<ApiErrorCode>([
  'offline',
  'timeout',
  'rate_limited',
  'unauthorized',
])

export function isCounted({ code }: UploadFailure): boolean {
  return COUNTED.has(code)
}

export function isPassing(failure: UploadFailure, tries: number): boolean {
  return PASSING.has(failure.code) || (isCounted(failure) && tries < SEND_TRIES)
}

export function failedTry(error: unknown, hasStalled: boolean): FailedTry {
  if (hasStalled) return { code: 'timeout', message: 'nothing has moved for too long' }
  if (!(error instanceof ApiError)) return { code: 'internal', message: String(error) }
  const { code, message, retryAfterMs } = error
  return { code, message, retryAfterMs }
}
