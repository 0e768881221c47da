/** The two cookies: their names and flags stand here and nowhere else. Page scripts can read neither. */
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Minted } from './token.ts'

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

export function readSessionCookie(c: Context): string | undefined {
  return getCookie(c, cookieName(c, 'session'))
}

export function readAccessCookie(c: Context): string | undefined {
  return getCookie(c, cookieName(c, 'access'))
}

export function setSessionCookie(c: Context, session: Minted): void {
  set(c, 'session', session)
}

export function setAccessCookie(c: Context, access: Minted): void {
  set(c, 'access', access)
}

export function clearCookies(c: Context): void {
  set(c, 'session', { token: '', expiresAt: 0 })
  set(c, 'access', { token: '', expiresAt: 0 })
}

/** True once a handler has had a say about the cookies, as sign-out does. */
export function hasSetCookies(c: Context): boolean {
  return c.res.headers.getSetCookie().length > 0
}

function set(c: Context, name: 'session' | 'access', { token, expiresAt }: Minted): void {
  setCookie(c, cookieName(c, name), token, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: isSecure(c),
    maxAge: Math.max(0, Math.floor((expiresAt - Date.now()) / 1_000)),
  })
}

/** `__Host-` pins a cookie to this very host over TLS. Localhost has none, and Safari drops it there. */
function cookieName(c: Context, name: 'session' | 'access'): string {
  return isSecure(c) ? `__Host-${name}` : name
}

function isSecure(c: Context): boolean {
  return !LOCAL_HOSTS.has(new URL(c.req.url).hostname)
}
