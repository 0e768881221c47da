/** Signing in without a browser: keeps the session cookie and hands out a fresh access token for each call. */
import {
  ACCESS_TOKEN_MS,
  ACCESS_TOKEN_SPARE_MS,
  type ErrorBody,
  REQUEST_WITHIN_MS,
  type TokenAnswer,
  type UserAnswer,
} from '../protocol/index.ts'
import { ApiError, type Authorize } from './api.ts'

export type ProgramSession = { authorize: Authorize; user: UserAnswer['user'] }

/**
 * Signs in (or up, where a display name is given).
 * @returns what `createClient({authorize})` takes
 * @throws ApiError with the server's code
 */
export async function signInProgram(
  baseUrl: string,
  credentials: { username: string; password: string; displayName?: string },
): Promise<ProgramSession> {
  const jar = new Map<string, string>()
  const path = credentials.displayName === undefined ? '/api/auth/sign-in' : '/api/auth/sign-up'
  const { user } = await post<UserAnswer>(baseUrl + path, credentials, jar)
  let token: TokenAnswer | undefined
  let usableUntil = 0
  let asking: Promise<TokenAnswer> | undefined
  return {
    user,
    async authorize() {
      if (!token || usableUntil - Date.now() < ACCESS_TOKEN_SPARE_MS) {
        asking ??= post<TokenAnswer>(`${baseUrl}/api/auth/token`, {}, jar)
        token = await asking.finally(() => {
          asking = undefined
        })
        // It has just been made. What a clock that is wrong makes of its end, no token can be: not over, nor later.
        const left = token.expiresAt - Date.now()
        usableUntil = Date.now() + (left > 0 ? Math.min(left, ACCESS_TOKEN_MS) : ACCESS_TOKEN_MS)
      }
      return { authorization: `Bearer ${token.accessToken}` }
    },
  }
}

async function post<T>(url: string, body: object, jar: Map<string, string>): Promise<T> {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const headers = { 'content-type': 'application/json', ...(cookie === '' ? {} : { cookie }) }
  const signal = AbortSignal.timeout(REQUEST_WITHIN_MS)
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal }).catch(
    () => {
      throw new ApiError(signal.aborted ? 'timeout' : 'offline', 'the server cannot be reached')
    },
  )
  for (const line of response.headers.getSetCookie()) {
    const [pair = ''] = line.split(';')
    const at = pair.indexOf('=')
    jar.set(pair.slice(0, at), pair.slice(at + 1))
  }
  const answer: unknown = await response.json().catch(() => undefined)
  if (response.ok && answer !== undefined) return answer as T
  const error = (answer as Partial<ErrorBody> | undefined)?.error
  const message = error?.message ?? `status ${response.status}`
  throw new ApiError(error?.code ?? 'internal', message, response.status, error)
}
