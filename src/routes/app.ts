/** The Worker's HTTP: what every request passes, in this order, and where it ends. */
import { Hono } from 'hono'
import { fromOwnOrigin, signedIn, withSecrets } from '../auth/middleware.ts'
import { isUpgrade } from '../auth/origin.ts'
import { publicKeys } from '../auth/token.ts'
import { ERROR_STATUS, type ErrorBody } from '../protocol/index.ts'
import { Refusal, toRefusal } from '../refusal.ts'
import type { AppEnv } from './app-env.ts'
import { assets } from './assets.ts'
import { attachments } from './attachments.ts'
import { auth } from './auth.ts'
import { conversations } from './conversations.ts'
import { uncached, withCors, withRequestId, withSecurityHeaders } from './headers.ts'
import { health } from './health.ts'
import { inbox } from './inbox.ts'
import { me } from './me.ts'
import { operator } from './operator.ts'
import { jsonOnly } from './read.ts'
import { closeCodeOf, refuseUpgrade } from './refuse-upgrade.ts'
import { saved } from './saved.ts'
import { users } from './users.ts'

export const app = new Hono<AppEnv>()

app.use(withRequestId)
app.use(withSecurityHeaders)

app.use('/api/*', withSecrets)
app.use('/api/*', withCors)
app.use('/api/*', fromOwnOrigin)
app.use('/api/*', jsonOnly)
app.use('/api/*', uncached)
app.route('/api/health', health)
app.route('/api/auth', auth)
app.use('/api/me/*', signedIn)
app.route('/api/me/saved', saved)
app.route('/api/me', me)
app.use('/api/users/*', signedIn)
app.route('/api/users', users)
app.use('/api/conversations/*', signedIn)
app.route('/api/conversations/:id/attachments', attachments)
app.route('/api/conversations', conversations)
app.use('/api/inbox/*', signedIn)
app.route('/api/inbox', inbox)
app.route('/api/operator', operator)
app.all('/api/*', () => {
  throw new Refusal('not_found', 'there is nothing here')
})

app.get('/.well-known/jwks.json', (c) => {
  c.header('cache-control', 'public, max-age=300')
  return c.json(publicKeys(c.env))
})
app.get('*', assets)

/** The Worker's door: everything that was thrown becomes an answer of the contract, or closes the socket. */
app.onError((error, c) => {
  const { code, message, details } = toRefusal(error, `${c.req.method} ${c.req.routePath} ${c.var.requestId}`)
  if (isUpgrade(c.req.raw)) return refuseUpgrade(c.req.raw, closeCodeOf(code), message)
  if (details.retryAfterMs !== undefined)
    c.header('retry-after', String(Math.ceil(details.retryAfterMs / 1_000)))
  const body: ErrorBody = { error: { code, message, requestId: c.var.requestId, ...details } }
  return c.json(body, ERROR_STATUS[code])
})
