/** The HTTP calls, typed. Every failure is an ApiError with a stable code. */
import {
  type ConversationAnswer,
  type ConversationDetailAnswer,
  type ConversationsAnswer,
  type ErrorBody,
  type ErrorCode,
  type EventsAnswer,
  type HealthAnswer,
  type LeaseAnswer,
  type Member,
  type MemberAnswer,
  type Message,
  type MessagesAnswer,
  type PatchMeBody,
  type PatchPreferencesBody,
  type PinsAnswer,
  type PresenceStatus,
  type PrivacyAnswer,
  type PutDraftBody,
  type PutPreferencesBody,
  REQUEST_WITHIN_MS,
  type Role,
  type SavedAnswer,
  type SavedMarksAnswer,
  type SearchAnswer,
  type SendAnswer,
  type SendBody,
  type SessionsAnswer,
  type SessionView,
  type SignUpBody,
  type Summary,
  type ThreadsAnswer,
  type User,
  type UserAnswer,
  type UsersAnswer,
} from '../protocol/index.ts'

export type ApiErrorCode = ErrorCode | 'offline' | 'timeout'

export class ApiError extends Error {
  readonly code: ApiErrorCode
  /** The HTTP status, 0 where there was no answer. */
  readonly status: number
  readonly fields: Record<string, string>
  readonly retryAfterMs: number | undefined

  constructor(code: ApiErrorCode, message: string, status = 0, details: Partial<ErrorBody['error']> = {}) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.status = status
    this.fields = details.fields ?? {}
    this.retryAfterMs = details.retryAfterMs
  }
}

/** Headers that say who is calling: none in a browser, whose cookies travel by themselves. */
export type Authorize = () => Promise<Record<string, string>>

export type ApiOptions = { baseUrl: string; fetch: typeof fetch; authorize: Authorize }

/** A page of a conversation's messages: at most one of the three positions; none means the newest. */
export type MessagesPage = {
  before?: number
  after?: number
  around?: number
  limit?: number
  /** The replies under this message. */
  thread?: number
  /** Without what is in threads alone. */
  main?: 1
}

export type GroupBody = { id: string; name: string; description?: string; memberIds: string[] }

export type Api = ReturnType<typeof createApi>

/** Where the bytes of an attachment are, below `/api`. */
export function attachmentPath(conversationId: string, attachmentId: string): string {
  return `${attachmentsPath(conversationId)}/${encodeURIComponent(attachmentId)}`
}

export function attachmentsPath(conversationId: string): string {
  return `/conversations/${encodeURIComponent(conversationId)}/attachments`
}

export function createApi(options: ApiOptions) {
  const call = caller(options)
  const path = (id: string, rest = '') => `/conversations/${encodeURIComponent(id)}${rest}`
  return {
    signUp: async (body: SignUpBody): Promise<User> =>
      (await call<UserAnswer>('POST', '/auth/sign-up', body)).user,
    signIn: async (body: { username: string; password: string }): Promise<User> =>
      (await call<UserAnswer>('POST', '/auth/sign-in', body)).user,
    signOut: (): Promise<void> => call('POST', '/auth/sign-out', {}),
    lease: (): Promise<LeaseAnswer> => call('POST', '/auth/lease', {}),

    me: async (): Promise<User> => (await call<UserAnswer>('GET', '/me')).user,
    patchMe: async (body: PatchMeBody): Promise<User> => (await call<UserAnswer>('PATCH', '/me', body)).user,
    deleteMe: (password: string): Promise<void> => call('DELETE', '/me', { password }),
    sessions: async (): Promise<SessionView[]> =>
      (await call<SessionsAnswer>('GET', '/me/sessions')).sessions,
    endSession: (id: string): Promise<void> => call('DELETE', `/me/sessions/${encodeURIComponent(id)}`),
    endOtherSessions: (): Promise<void> => call('DELETE', '/me/sessions'),
    changePassword: (body: { current: string; next: string; signOutOthers?: boolean }): Promise<void> =>
      call('PUT', '/me/password', body),
    setStatus: (status: PresenceStatus): Promise<void> => call('PUT', '/me/status', { status }),
    privacy: async (): Promise<PrivacyAnswer['preferences']> =>
      (await call<PrivacyAnswer>('GET', '/me/preferences')).preferences,
    setPrivacy: async (change: PatchPreferencesBody): Promise<PrivacyAnswer['preferences']> =>
      (await call<PrivacyAnswer>('PATCH', '/me/preferences', change)).preferences,
    searchUsers: async (q: string, signal?: AbortSignal): Promise<User[]> =>
      (await call<UsersAnswer>('GET', `/users${query({ q })}`, undefined, signal)).users,

    createDirect: async (userId: string): Promise<Summary> =>
      (await call<ConversationAnswer>('POST', '/conversations', { kind: 'direct', userId })).conversation,
    createGroup: async (body: GroupBody): Promise<Summary> =>
      (await call<ConversationAnswer>('POST', '/conversations', { kind: 'private', ...body })).conversation,
    conversations: (cursor?: string): Promise<ConversationsAnswer> =>
      call('GET', `/conversations${query({ cursor })}`),
    conversation: (id: string): Promise<ConversationDetailAnswer> => call('GET', path(id)),
    messages: (id: string, page: MessagesPage): Promise<MessagesAnswer> =>
      call('GET', path(id, `/messages${query(page)}`)),
    /** What was said, newest first. `before` a seq: what lies further back. */
    search: (id: string, q: string, before?: number, signal?: AbortSignal): Promise<SearchAnswer> =>
      call('GET', path(id, `/search${query({ q, before })}`), undefined, signal),
    /** The last pinned first. */
    pins: async (id: string): Promise<Message[]> =>
      (await call<PinsAnswer>('GET', path(id, '/pins'))).messages,
    send: (id: string, body: SendBody): Promise<SendAnswer> => call('POST', path(id, '/messages'), body),
    events: (id: string, after: number, limit?: number): Promise<EventsAnswer> =>
      call('GET', path(id, `/events${query({ after, limit })}`)),
    /** `threads`: all threads of the conversation, too. */
    read: (id: string, seq: number, threads?: true): Promise<void> =>
      call('PUT', path(id, '/read'), { seq, ...(threads ? { threads } : {}) }),
    /** The threads in which something waits for me, the newest reply first. */
    threads: async (id: string): Promise<ThreadsAnswer['threads']> =>
      (await call<ThreadsAnswer>('GET', path(id, '/threads'))).threads,
    followThread: (id: string, thread: number, on: boolean): Promise<void> =>
      call('PUT', path(id, `/threads/${thread}/follow`), { on }),
    /** Marks as unread from a message on, for oneself alone. */
    markUnread: (id: string, seq: number): Promise<void> => call('PUT', path(id, '/unread'), { seq }),
    setPreferences: (id: string, change: PutPreferencesBody): Promise<void> =>
      call('PUT', path(id, '/preferences'), change),
    /** Keeps a draft for all devices; an empty text is none. The later `editedAt` wins. */
    setDraft: (id: string, draft: PutDraftBody): Promise<void> => call('PUT', path(id, '/draft'), draft),
    /** What this person has saved, last saved first. `before`: the `next` of the page before. */
    saved: (before?: number): Promise<SavedAnswer> => call('GET', `/me/saved${query({ before })}`),
    savedMarks: (): Promise<SavedMarksAnswer> => call('GET', '/me/saved/marks'),
    save: (id: string, seq: number): Promise<void> =>
      call('PUT', `/me/saved/${encodeURIComponent(id)}/${seq}`),
    unsave: (id: string, seq: number): Promise<void> =>
      call('DELETE', `/me/saved/${encodeURIComponent(id)}/${seq}`),
    markAllRead: (): Promise<void> => call('PUT', '/me/read', {}),
    addMember: async (id: string, userId: string, role?: Role): Promise<Member> =>
      (await call<MemberAnswer>('PUT', path(id, `/members/${userId}`), role ? { role } : {})).member,
    removeMember: (id: string, userId: string): Promise<void> =>
      call('DELETE', path(id, `/members/${userId}`)),
    /** Of a file that is not in a message yet. */
    removeAttachment: (id: string, attachmentId: string): Promise<void> =>
      call('DELETE', attachmentPath(id, attachmentId)),

    health: (): Promise<HealthAnswer> => call('GET', '/health'),
  }
}

function caller({ baseUrl, fetch, authorize }: ApiOptions) {
  return async function call<T>(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<T> {
    const timeout = AbortSignal.timeout(REQUEST_WITHIN_MS)
    const headers: Record<string, string> = await authorize()
    if (body !== undefined) headers['content-type'] = 'application/json'
    let response: Response
    try {
      response = await fetch(`${baseUrl}/api${path}`, {
        method,
        headers,
        credentials: 'same-origin',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    } catch (error) {
      if (signal?.aborted) throw error
      if (timeout.aborted) throw new ApiError('timeout', 'the server did not answer in time')
      throw new ApiError('offline', 'the server cannot be reached')
    }
    if (response.status === 204) return undefined as T
    const answer: unknown = await response.json().catch(() => undefined)
    if (response.ok && answer !== undefined) return answer as T
    throw failureOf(response.status, answer)
  }
}

/** What an answer that is none comes to. */
export function failureOf(status: number, answer: unknown): ApiError {
  const error = (answer as Partial<ErrorBody> | undefined)?.error
  const message = error?.message ?? `status ${status}`
  return new ApiError(error?.code ?? 'internal', message, status, error)
}

function query(values: Record<string, string | number | undefined>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value !== undefined) params.set(name, String(value))
  return params.size === 0 ? '' : `?${params}`
}
