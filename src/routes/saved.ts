/** What the signed-in person has saved (SPEC K): places from their own object, words from each conversation. */
import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { atOnce } from '../at-once.ts'
import { logError } from '../log.ts'
import {
  Position,
  SAVED_PAGE_DEFAULT,
  SAVED_PAGE_MAX,
  type SavedAnswer,
  type SavedMarksAnswer,
  type SavedMessage,
  Seq,
} from '../protocol/index.ts'
import { accept, Refusal } from '../refusal.ts'
import type { AppEnv } from './app-env.ts'
import { conversationStub } from './conversation-stub.ts'
import { readQuery, whole } from './read.ts'

type Ctx = Context<AppEnv>
type Place = Pick<SavedMessage, 'conversationId' | 'seq' | 'savedAt'>

const PageQuery = v.object({
  before: v.optional(whole(Position)),
  limit: v.optional(whole(v.pipe(Seq, v.maxValue(SAVED_PAGE_MAX))), String(SAVED_PAGE_DEFAULT)),
})

export const saved = new Hono<AppEnv>()
  .get('/', async (c) => {
    const { rows, next } = accept(await person(c).savedPage(readQuery(c, PageQuery)))
    return c.json<SavedAnswer>({ saved: await read(c, rows), next })
  })
  .get('/marks', async (c) => c.json<SavedMarksAnswer>(accept(await person(c).savedMarks())))
  .put('/:conversationId/:seq', async (c) => {
    const { stub, ...place } = placeOf(c)
    const [found] = accept(await stub.messagesAt(c.var.identity.userId, [place.seq]))
    if (!found) throw new Refusal('not_found', 'no such message')
    accept(await person(c).save(place))
    return c.body(null, 204)
  })
  // Also where one is no member any more: what was saved there is still this person's to let go.
  .delete('/:conversationId/:seq', async (c) => {
    const { conversationId, seq } = placeOf(c)
    accept(await person(c).unsave({ conversationId, seq }))
    return c.body(null, 204)
  })

function person(c: Ctx) {
  return c.env.USERS.getByName(c.var.identity.userId)
}

function placeOf(c: Ctx) {
  const conversationId = c.req.param('conversationId') ?? ''
  const seq = Number(c.req.param('seq'))
  const stub = conversationStub(c.env, conversationId)
  if (!v.is(Seq, seq)) throw new Refusal('not_found', 'no such message')
  return { stub, conversationId, seq }
}

/** What is said there now, as this person may read it: one call for each conversation, a few at a time. */
async function read(c: Ctx, places: readonly Place[]): Promise<SavedMessage[]> {
  const answers = new Map<Place, SavedMessage>()
  const byConversation = Map.groupBy(places, ({ conversationId }) => conversationId)
  await atOnce(byConversation, async ([conversationId, here]) => {
    const found = await readOne(c, conversationId, here)
    for (const [n, place] of here.entries()) {
      const { conversationId, seq, savedAt } = place
      const { message = null, author = null } = (found === 'unanswered' ? null : found[n]) ?? {}
      const unanswered = found === 'unanswered' ? { unanswered: true as const } : {}
      answers.set(place, { conversationId, seq, savedAt, message, author, ...unanswered })
    }
  })
  return places.flatMap((place) => answers.get(place) ?? [])
}

/** One conversation that does not answer must not hide what the others have to say. */
async function readOne(c: Ctx, conversationId: string, places: readonly Place[]) {
  try {
    const seqs = places.map(({ seq }) => seq)
    return accept(await conversationStub(c.env, conversationId).messagesAt(c.var.identity.userId, seqs))
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not_found') return []
    logError('saved.read', error, { conversationId })
    return 'unanswered'
  }
}
