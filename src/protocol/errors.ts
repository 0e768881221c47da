/** Every way to say no: one table of codes, one of close codes. Both are part of the contract. */

/** Error code → HTTP status (CONTRACT 3). */
export const ERROR_STATUS = {
  unauthorized: 401,
  bad_credentials: 401,
  forbidden: 403,
  not_found: 404,
  username_taken: 409,
  conflict: 409,
  idempotency_mismatch: 409,
  archived: 409,
  too_large: 413,
  unsupported_media: 415,
  invalid: 422,
  rate_limited: 429,
  internal: 500,
  overloaded: 503,
  unavailable: 503,
  // Only on a socket (CONTRACT 4); the status is what the HTTP twin of the same operation answers.
  bad_frame: 422,
  not_member: 404,
  read_only: 403,
} as const

export type ErrorCode = keyof typeof ERROR_STATUS
export const ERROR_CODES = Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]

/** What an HTTP error answer holds. */
export type ErrorBody = {
  error: {
    code: ErrorCode
    message: string
    requestId: string
    retryAfterMs?: number
    /** For `invalid`: field path → what is wrong with it. */
    fields?: Record<string, string>
  }
}

/** Why a socket was closed (CONTRACT 4). 4000–4499: come back. 4500–4999: do not. */
export const CLOSE = {
  goingAway: 4000,
  leaseExpired: 4001,
  tooSlow: 4002,
  heartbeatLost: 4003,
  resyncNeeded: 4004,
  overloaded: 4005,
  notSignedIn: 4500,
  notMember: 4501,
  banned: 4502,
  protocolViolation: 4503,
  frameTooLarge: 4504,
  abuse: 4505,
  noCommonVersion: 4506,
  tooManyConnections: 4507,
  sessionEnded: 4508,
  conversationDeleted: 4509,
} as const

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE]

/** True where a client must not reconnect by itself, and says why instead. */
export function isTerminal(closeCode: number): boolean {
  return closeCode >= 4500 && closeCode <= 4999
}
