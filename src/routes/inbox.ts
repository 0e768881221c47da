/** The way to a person's own inbox socket (CONTRACT 5). */
import { Hono } from 'hono'
import * as v from 'valibot'
import type { AppEnv } from './app-env.ts'
import { readQuery } from './read.ts'
import { connect } from './upgrade.ts'

const InboxQuery = v.object({ after: v.optional(v.pipe(v.string(), v.regex(/^\d{1,16}$/)), '0') })

export const inbox = new Hono<AppEnv>().get('/socket', (c) => {
  const { after } = readQuery(c, InboxQuery)
  return connect(c, c.env.USERS.getByName(c.var.identity.userId), { after })
})
