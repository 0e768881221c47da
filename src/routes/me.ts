import { Hono } from 'hono'
import { atOnce } from '../at-once.ts'
import { clearCookies } from '../auth/cookies.ts'
import type { Env } from '../env.ts'
import {
  DeleteMeBody,
  PatchMeBody,
  PatchPreferencesBody,
  type PrivacyAnswer,
  PutPasswordBody,
  PutStatusBody,
  type SessionsAnswer,
  type UserAnswer,
} from '../protocol/index.ts'
import { accept } from '../refusal.ts'
import type { AppEnv } from './app-env.ts'
import { readBody } from './read.ts'

/** The signed-in person's own account (CONTRACT 3). */
export const me = new Hono<AppEnv>()
  .get('/', async (c) => {
    const user = accept(await c.env.USERS.getByName(c.var.identity.userId).me())
    return c.json<UserAnswer>({ user })
  })
  .patch('/', async (c) => {
    const change = await readBody(c, PatchMeBody)
    const user = accept(await c.env.USERS.getByName(c.var.identity.userId).patchMe(change))
    return c.json<UserAnswer>({ user })
  })
  .get('/sessions', async (c) => {
    const { userId, sessionId } = c.var.identity
    const sessions = accept(await c.env.USERS.getByName(userId).listSessions({ current: sessionId }))
    return c.json<SessionsAnswer>({ sessions })
  })
  .delete('/sessions', async (c) => {
    const { userId, sessionId } = c.var.identity
    accept(await c.env.USERS.getByName(userId).endOtherSessions({ current: sessionId }))
    return c.body(null, 204)
  })
  .delete('/sessions/:id', async (c) => {
    accept(await c.env.USERS.getByName(c.var.identity.userId).signOut({ sessionId: c.req.param('id') }))
    if (c.req.param('id') === c.var.identity.sessionId) clearCookies(c)
    return c.body(null, 204)
  })
  .put('/password', async (c) => {
    const { userId, sessionId } = c.var.identity
    const body = await readBody(c, PutPasswordBody)
    accept(await c.env.USERS.getByName(userId).changePassword({ sessionId, ...body }))
    return c.body(null, 204)
  })
  .put('/status', async (c) => {
    accept(await c.env.USERS.getByName(c.var.identity.userId).chooseStatus(await readBody(c, PutStatusBody)))
    return c.body(null, 204)
  })
  .get('/preferences', async (c) => {
    const preferences = accept(await c.env.USERS.getByName(c.var.identity.userId).privacy())
    return c.json<PrivacyAnswer>({ preferences })
  })
  .patch('/preferences', async (c) => {
    const change = await readBody(c, PatchPreferencesBody)
    accept(await c.env.USERS.getByName(c.var.identity.userId).setPrivacy(change))
    const preferences = accept(await c.env.USERS.getByName(c.var.identity.userId).privacy())
    return c.json<PrivacyAnswer>({ preferences })
  })
  .put('/read', async (c) => {
    await markAllRead(c.env, c.var.identity.userId)
    return c.body(null, 204)
  })
  .delete('/', async (c) => {
    const { password } = await readBody(c, DeleteMeBody)
    const { userId, sessionId } = c.var.identity
    accept(await c.env.USERS.getByName(userId).deleteMe({ password, sessionId }))
    clearCookies(c)
    return c.body(null, 204)
  })

/** Everything that waits, conversation by conversation: each decides for itself what its newest message is. */
async function markAllRead(env: Env, userId: string): Promise<void> {
  const waiting = accept(await env.USERS.getByName(userId).unreadConversations())
  const { CONVERSATIONS } = env
  await atOnce(waiting, async ({ conversationId, seq }) => {
    accept(await CONVERSATIONS.get(CONVERSATIONS.idFromString(conversationId)).read(userId, seq, true))
  })
}
