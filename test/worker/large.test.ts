/** The largest conversation that the contract allows. */
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { MEMBERS_MAX, type Summary, uuidv7 } from '../../src/protocol/index.ts'
import { call, person } from '../support/worker/people.ts'
import { live } from '../support/worker/sockets.ts'

it('1,000 members: made in one call, opened, talked in, and indexed whole', async () => {
  const [creator, member] = [await person('creator'), await person('member')]
  const ids = Array.from({ length: MEMBERS_MAX - 2 }, () => uuidv7())
  const insert = env.DB.prepare(
    'INSERT INTO users (id, username, display_name, created_at, rev) VALUES (?, ?, ?, 1, 1)',
  )
  await env.DB.batch(ids.map((id, n) => insert.bind(id, `filler_${n}`, `Filler ${n}`)))
  const body = { kind: 'private', id: uuidv7(), name: 'Everyone', memberIds: [member.user.id, ...ids] }
  const startedAt = Date.now()
  const answer = await call('POST', '/api/conversations', { body, headers: creator.bearer })
  expect(answer.status).toBe(201)
  const { conversation } = await answer.json<{ conversation: Summary }>()
  console.log(`a conversation of ${MEMBERS_MAX} was made in ${Date.now() - startedAt} ms`)
  expect(conversation).toMatchObject({ memberCount: MEMBERS_MAX, role: 'owner' })
  expect(conversation.members).toHaveLength(8)
  const [a, b] = [await live(creator, conversation.id), await live(member, conversation.id)]
  const resync = b.frames.find((frame) => frame.type === 'resync')
  expect(resync?.type === 'resync' && resync.members).toHaveLength(MEMBERS_MAX)
  await a.say('hello everyone')
  await b.upTo(1)
  const indexed = env.DB.prepare('SELECT count(*) AS n FROM members WHERE conversation_id = ?').bind(
    conversation.id,
  )
  await expect.poll(() => indexed.first('n'), { timeout: 15_000 }).toBe(MEMBERS_MAX)
  const one = `/api/conversations/${conversation.id}/members/${(await person('late')).user.id}`
  expect((await call('PUT', one, { body: {}, headers: creator.bearer })).status).toBe(409)
}, 30_000)
