/** The addresses of the app. Each is real: it survives a reload, Back, a bookmark and a middle click. */

export type Route =
  | { page: 'home' }
  | { page: 'sign_in' }
  | { page: 'sign_up' }
  | { page: 'settings' }
  | { page: 'saved' }
  /** `seq`: opened at this message. */
  | { page: 'conversation'; id: string; seq: number | null }
  /** A person's own link: opens the direct conversation with them. */
  | { page: 'person'; username: string }
  | { page: 'unknown' }

export function routeOf(path: string): Route {
  const [first, second, ...rest] = path.split('/').filter(Boolean)
  if (first === undefined) return { page: 'home' }
  const [third, fourth, ...more] = rest
  if (first === 'c' && second !== undefined && third === 'm' && more.length === 0) {
    const seq = Number(fourth)
    return Number.isSafeInteger(seq) && seq > 0
      ? { page: 'conversation', id: second, seq }
      : { page: 'unknown' }
  }
  if (rest.length > 0) return { page: 'unknown' }
  if (second === undefined) {
    if (first === 'sign-in') return { page: 'sign_in' }
    if (first === 'sign-up') return { page: 'sign_up' }
    if (first === 'settings') return { page: 'settings' }
    if (first === 'saved') return { page: 'saved' }
    return { page: 'unknown' }
  }
  if (first === 'c') return { page: 'conversation', id: second, seq: null }
  if (first === 'u') return { page: 'person', username: second }
  return { page: 'unknown' }
}

export function conversationPath(id: string): string {
  return `/c/${id}`
}

export function messagePath(id: string, seq: number): string {
  return `${conversationPath(id)}/m/${seq}`
}

/**
 * Where to go after sign-in. Only a path of this origin: an address that a stranger put into `next` must not
 * lead people who just typed their password to another site (AU-4).
 */
export function safeNext(next: string | undefined, origin: string): string {
  if (!next) return '/'
  try {
    const url = new URL(next, origin)
    const path = url.pathname + url.search
    // `/.//evil.test` is a path of this origin that, taken as an address, names another.
    const isHere = url.origin === origin && !path.startsWith('//')
    const { page } = routeOf(url.pathname)
    // Signing in leads on from signing in: back to it would be an empty page.
    return isHere && page !== 'sign_in' && page !== 'sign_up' ? path : '/'
  } catch {
    return '/'
  }
}
