/** Headers that every answer has but a 101, which belongs to the socket. */
import { cors } from 'hono/cors'
import { createMiddleware } from 'hono/factory'
import { isUpgrade } from '../auth/origin.ts'
import { readConfig } from '../env.ts'
import { uuidv7 } from '../protocol/index.ts'
import type { AppEnv } from './app-env.ts'

/** Names the request, in its answer and in what is logged about it. */
export const withRequestId = createMiddleware<AppEnv>(async (c, next) => {
  c.set('requestId', uuidv7())
  await next()
  if (!isUpgrade(c.req.raw)) c.header('x-request-id', c.var.requestId)
})

/**
 * Nothing runs that we did not ship: no inline script or style, no foreign host, no policy that could make a
 * string into markup. A message that carries a script meets all of this after it got past the client.
 */
export const withSecurityHeaders = createMiddleware<AppEnv>(async (c, next) => {
  await next()
  if (isUpgrade(c.req.raw)) return
  const { protocol, host } = new URL(c.req.url)
  const isSecure = protocol === 'https:'
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "manifest-src 'self'",
    // Pictures are prepared off the main thread.
    "worker-src 'self'",
    `connect-src 'self' ${isSecure ? 'wss' : 'ws'}://${host}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    // One policy, for the one address of that worker: see web/pictures/prepare-picture.ts.
    'trusted-types edgewise-worker',
  ]
  // A file that somebody uploaded has a stricter policy of its own.
  if (!c.res.headers.has('content-security-policy')) {
    c.header('content-security-policy', policy.join('; '))
  }
  c.header('x-content-type-options', 'nosniff')
  c.header('referrer-policy', 'no-referrer')
  c.header('cross-origin-opener-policy', 'same-origin')
  c.header('cross-origin-resource-policy', 'same-origin')
  if (isSecure) c.header('strict-transport-security', 'max-age=31536000; includeSubDomains')
})

/** Lets the pages of listed origins (`ORIGINS`) call with cookies and read the answers; all others get nothing. */
export const withCors = createMiddleware<AppEnv>(async (c, next) => {
  const isListed = readConfig(c.env).origins.includes(c.req.header('origin') ?? '')
  if (isListed && !isUpgrade(c.req.raw)) return allowOrigin(c, next)
  await next()
})

const allowOrigin = cors({ origin: (origin) => origin, credentials: true, maxAge: 600 })

/** Answers of the API are somebody's: no cache between us and them keeps one, but where an answer says how. */
export const uncached = createMiddleware<AppEnv>(async (c, next) => {
  await next()
  if (!isUpgrade(c.req.raw) && !c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
})
