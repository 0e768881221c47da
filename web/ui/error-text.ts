import { ApiError } from '../../src/client/api.ts'
import { t } from '../state/i18n.ts'

/** A failure that whoever caught it could put into better words than its code. */
export class Explained extends Error {}

/** What went wrong, in the person's language. Anything that is no answer of the server is a bug of ours. */
export function errorText(error: unknown): string {
  if (error instanceof Explained) return error.message
  if (!(error instanceof ApiError)) {
    console.error(error)
    return t().errors.internal
  }
  if (error.code === 'rate_limited' && error.retryAfterMs !== undefined) {
    return t().retryInSeconds(Math.max(1, Math.ceil(error.retryAfterMs / 1_000)))
  }
  return t().errors[error.code]
}

export function isCode(error: unknown, code: ApiError['code']): error is ApiError {
  return error instanceof ApiError && error.code === code
}
