/** What only the operator does, with a token that the server's own keys signed (scripts/reindex.mjs). */
import { Hono } from 'hono'
import { atOnce } from '../at-once.ts'
import { forOperator } from '../auth/middleware.ts'
import { type ReindexAnswer, ReindexBody, type Reindexed } from '../protocol/index.ts'
import { type Answer, accept, Refusal } from '../refusal.ts'
import type { AppEnv } from './app-env.ts'
import { readBody } from './read.ts'

/** An object that can be told to tell the index anew. */
type Indexed = { reindex(): Promise<Answer<Reindexed>> }

export const operator = new Hono<AppEnv>().use(forOperator).post('/index', async (c) => {
  const { people, conversations } = await readBody(c, ReindexBody)
  const { USERS, CONVERSATIONS } = c.env
  const objects: [string, Indexed][] = [
    ...people.map((id): [string, Indexed] => [id, USERS.get(known(USERS, id))]),
    ...conversations.map((id): [string, Indexed] => [id, CONVERSATIONS.get(known(CONVERSATIONS, id))]),
  ]
  const answers: ReindexAnswer = {}
  await atOnce(objects, async ([id, object]) => {
    answers[id] = accept(await object.reindex())
  })
  return c.json(answers)
})

/** Refuses: `invalid` for what the runtime did not mint, instead of waking something. */
function known(namespace: { idFromString(id: string): DurableObjectId }, id: string): DurableObjectId {
  try {
    return namespace.idFromString(id)
  } catch {
    throw new Refusal('invalid', 'an id that is none of ours')
  }
}
