/** Who may call with a browser's cookies (CONTRACT 2): another site's page must not act as the person. */

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

export function isUpgrade(request: Request): boolean {
  return request.headers.get('upgrade')?.toLowerCase() === 'websocket'
}

export type Caller = {
  /** The origin that the request was sent to. */
  own: string
  /** Further origins that the operator allows. */
  allowed: readonly string[]
  method: string
  isUpgrade: boolean
  headers: Headers
}

/**
 * Whether a request must be refused for where it comes from. Safe methods change nothing and are not
 * readable across origins, so only unsafe ones and upgrades are looked at.
 */
export function isForeign({ own, allowed, method, isUpgrade, headers }: Caller): boolean {
  if (SAFE_METHODS.has(method) && !isUpgrade) return false
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  if (origin === null) return site !== null && !hasBearer(headers)
  if (allowed.includes(origin)) return false
  return origin !== own || site === 'cross-site' || site === 'same-site'
}

function hasBearer(headers: Headers): boolean {
  return /^bearer /i.test(headers.get('authorization') ?? '')
}
