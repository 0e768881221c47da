import { Hono } from 'hono'
import { clearCookies } from '../auth/cookies.ts'
import { DeleteMeBody, PatchMeBody, type UserAnswer } from '../protocol/index.ts'
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
  .delete('/', async (c) => {
    const { password } = await readBody(c, DeleteMeBody)
    const { userId, sessionId } = c.var.identity
    accept(await c.env.USERS.getByName(userId).deleteMe({ password, sessionId }))
    clearCookies(c)
    return c.body(null, 204)
  })
