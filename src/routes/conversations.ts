/** Conversations over HTTP, and the way to their sockets (CONTRACT 3 and 4). Objects decide; this only asks them. */
import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { usersByIds } from '../directory/directory.ts'
import {
  ChangeFrame,
  CreateConversationBody,
  directName,
  EVENTS_PAGE_MAX,
  MEMBERS_MAX,
  PAGE_DEFAULT,
  PAGE_MAX,
  Position,
  PutDraftBody,
  PutMemberBody,
  PutPreferencesBody,
  PutReadBody,
  PutThreadFollowBody,
  PutThreadReadBody,
  PutUnreadBody,
  SEARCH_PAGE_DEFAULT,
  SEARCH_QUERY_MAX,
  SendBody,
  Seq,
  type Summary,
  type User,
  Uuid,
} from '../protocol/index.ts'
import { accept, Refusal } from '../refusal.ts'
import type { AppEnv } from './app-env.ts'
import { conversationStub } from './conversation-stub.ts'
import { readBody, readQuery, whole } from './read.ts'
import { connect } from './upgrade.ts'

type Ctx = Context<AppEnv>

const ListQuery = v.object({
  cursor: v.optional(v.pipe(v.string(), v.maxLength(200))),
  limit: v.optional(whole(v.pipe(Seq, v.maxValue(PAGE_MAX))), String(PAGE_DEFAULT)),
})
const MessagesQuery = v.object({
  before: v.optional(whole(Seq)),
  after: v.optional(whole(Position)),
  around: v.optional(whole(Seq)),
  /** The replies under this message. */
  thread: v.optional(whole(Seq)),
  /** Without what is in threads alone. */
  main: v.optional(v.picklist(['1'])),
  limit: v.optional(whole(v.pipe(Seq, v.maxValue(PAGE_MAX))), String(PAGE_DEFAULT)),
})
const SearchQuery = v.object({
  q: v.pipe(v.string(), v.maxLength(SEARCH_QUERY_MAX)),
  before: v.optional(whole(Seq), String(Number.MAX_SAFE_INTEGER)),
  limit: v.optional(whole(v.pipe(Seq, v.maxValue(PAGE_MAX))), String(SEARCH_PAGE_DEFAULT)),
})
const EventsQuery = v.object({
  after: v.optional(whole(Position), '0'),
  limit: v.optional(whole(v.pipe(Seq, v.maxValue(EVENTS_PAGE_MAX))), String(EVENTS_PAGE_MAX)),
})
const SocketQuery = v.object({
  after: v.optional(whole(Position)),
  epoch: v.optional(v.pipe(v.string(), v.maxLength(100))),
})

export const conversations = new Hono<AppEnv>()
  .get('/', async (c) => {
    const query = readQuery(c, ListQuery)
    const person = c.env.USERS.getByName(c.var.identity.userId)
    return c.json(accept(await person.listConversations(query)))
  })
  .post('/', async (c) => {
    const body = await readBody(c, CreateConversationBody)
    const { isNew, conversation } =
      body.kind === 'direct' ? await createDirect(c, body.userId) : await createGroup(c, body)
    return c.json({ conversation }, isNew || body.kind !== 'direct' ? 201 : 200)
  })
  .get('/:id', async (c) => c.json(accept(await stubOf(c).describe(c.var.identity.userId))))
  .get('/:id/socket', (c) => {
    const { after, epoch } = readQuery(c, SocketQuery)
    return connect(c, stubOf(c), { after: after?.toString(), epoch })
  })
  .get('/:id/messages', async (c) => {
    const { limit, thread, main, ...position } = readQuery(c, MessagesQuery)
    const [first, second] = Object.keys(position)
    if (first && second) throw invalid(second, `not together with ${first}`)
    const { userId } = c.var.identity
    if (thread !== undefined) return c.json(accept(await stubOf(c).thread(userId, thread, position, limit)))
    return c.json(accept(await stubOf(c).messages(userId, position, limit, main ? 'main' : 'all')))
  })
  .post('/:id/messages', async (c) => {
    const stub = stubOf(c)
    const body = await readBody(c, SendBody)
    return c.json(accept(await stub.send(c.var.identity.userId, body)), 201)
  })
  .post('/:id/operations', async (c) => {
    const stub = stubOf(c)
    const frame = await readBody(c, ChangeFrame)
    return c.json(accept(await stub.operate(c.var.identity.userId, frame)), 201)
  })
  .get('/:id/messages/:seq/readers', async (c) => {
    return c.json(accept(await stubOf(c).readers(c.var.identity.userId, seqOf(c, 'no such message'))))
  })
  .get('/:id/search', async (c) => {
    const stub = stubOf(c)
    const { q, before, limit } = readQuery(c, SearchQuery)
    return c.json(accept(await stub.search(c.var.identity.userId, q, before, limit)))
  })
  .get('/:id/pins', async (c) => c.json(accept(await stubOf(c).pins(c.var.identity.userId))))
  .get('/:id/events', async (c) => {
    const { after, limit } = readQuery(c, EventsQuery)
    return c.json(accept(await stubOf(c).events(c.var.identity.userId, after, limit)))
  })
  .put('/:id/read', async (c) => {
    const stub = stubOf(c)
    const { seq, threads } = await readBody(c, PutReadBody)
    accept(await stub.read(c.var.identity.userId, seq, threads))
    return c.body(null, 204)
  })
  .get('/:id/threads', async (c) => c.json(accept(await stubOf(c).threads(c.var.identity.userId))))
  .put('/:id/threads/:seq/read', async (c) => {
    const stub = stubOf(c)
    const { seq } = await readBody(c, PutThreadReadBody)
    accept(await stub.readThread(c.var.identity.userId, seqOf(c, 'no such thread'), seq))
    return c.body(null, 204)
  })
  .put('/:id/threads/:seq/follow', async (c) => {
    const stub = stubOf(c)
    const { on } = await readBody(c, PutThreadFollowBody)
    accept(await stub.followThread(c.var.identity.userId, seqOf(c, 'no such thread'), on))
    return c.body(null, 204)
  })
  .put('/:id/unread', async (c) => {
    const stub = stubOf(c)
    const { seq } = await readBody(c, PutUnreadBody)
    accept(await stub.markUnread(c.var.identity.userId, seq))
    return c.body(null, 204)
  })
  .put('/:id/preferences', async (c) => {
    const conversationId = stubOf(c).id.toString()
    const change = await readBody(c, PutPreferencesBody)
    const person = c.env.USERS.getByName(c.var.identity.userId)
    accept(await person.setPreferences({ conversationId, change }))
    return c.body(null, 204)
  })
  .put('/:id/draft', async (c) => {
    const conversationId = stubOf(c).id.toString()
    const draft = await readBody(c, PutDraftBody)
    const person = c.env.USERS.getByName(c.var.identity.userId)
    accept(await person.setDraft({ conversationId, draft }))
    return c.body(null, 204)
  })
  .put('/:id/members/:userId', async (c) => {
    const stub = stubOf(c)
    const { role } = await readBody(c, PutMemberBody)
    const user = await userNamed(c, c.req.param('userId'))
    return c.json(accept(await stub.putMember(c.var.identity.userId, user, role)))
  })
  .delete('/:id/members/:userId', async (c) => {
    accept(await stubOf(c).deleteMember(c.var.identity.userId, c.req.param('userId')))
    return c.body(null, 204)
  })

/** The two of them name the object, in one order: who starts it first does not matter. */
async function createDirect(c: Ctx, userId: string): Promise<{ isNew: boolean; conversation: Summary }> {
  const me = c.var.identity.userId
  const members = await usersNamed(c, [me, userId])
  const id = c.env.CONVERSATIONS.idFromName(directName(me, userId))
  const creation = {
    by: nameOf(members, me),
    kind: 'direct',
    name: null,
    description: null,
    members,
  } as const
  return accept(await c.env.CONVERSATIONS.get(id).create({ ...creation, members: [...members] }))
}

/** The creator and the client's id name the object: a retry finds what the first try made. */
async function createGroup(
  c: Ctx,
  body: Extract<CreateConversationBody, { kind: 'private' | 'public' }>,
): Promise<{ isNew: boolean; conversation: Summary }> {
  const me = c.var.identity.userId
  const ids = [...new Set([me, ...body.memberIds])]
  if (body.kind === 'private' && ids.length < 2) throw invalid('memberIds', 'name at least one other person')
  if (ids.length > MEMBERS_MAX) throw invalid('memberIds', `at most ${MEMBERS_MAX} with you`)
  const members = await usersNamed(c, ids)
  const id = c.env.CONVERSATIONS.idFromName(`group:${me}:${body.id}`)
  const { kind, name, description = null } = body
  return accept(
    await c.env.CONVERSATIONS.get(id).create({ by: nameOf(members, me), kind, name, description, members }),
  )
}

/** The profiles of these people. Refuses: `not_found` where one does not exist. */
async function usersNamed(c: Ctx, ids: readonly string[]): Promise<User[]> {
  const wanted = new Set(ids)
  const users = await usersByIds(c.env.DB, [...wanted])
  if (users.length < wanted.size) throw new Refusal('not_found', 'no such person')
  return users
}

async function userNamed(c: Ctx, id: string): Promise<User> {
  if (!v.is(Uuid, id)) throw new Refusal('not_found', 'no such person')
  return nameOf(await usersNamed(c, [id]), id)
}

function nameOf(users: readonly User[], id: string): User {
  const user = users.find((each) => each.id === id)
  if (!user) throw new Refusal('not_found', 'no such person')
  return user
}

export function stubOf(c: Ctx) {
  return conversationStub(c.env, c.req.param('id') ?? '')
}

/** The seq in the address. Refuses: `not_found` for what none can be. */
function seqOf(c: Ctx, problem: string): number {
  const seq = Number(c.req.param('seq'))
  if (!v.is(Seq, seq)) throw new Refusal('not_found', problem)
  return seq
}

function invalid(field: string, problem: string): Refusal {
  return new Refusal('invalid', `${field}: ${problem}`, { fields: { [field]: problem } })
}
