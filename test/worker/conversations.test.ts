/** Conversations over HTTP (CONTRACT 3): shapes, codes, and who may do what. */

import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { ROLE_RIGHTS } from '../../src/conversation/membership.ts'
import { Message, type Role, Summary, uuidv7 } from '../../src/protocol/index.ts'
import { call, codeOf, type Person, person, trio } from '../support/worker/people.ts'
import { group, live, objectOf } from '../support/worker/sockets.ts'

const post = (who: Person, path: string, body: unknown) => call('POST', path, { body, headers: who.bearer })
const get = (who: Person, path: string) => call('GET', path, { headers: who.bearer })

async function direct(from: Person, to: Person): Promise<{ status: number; conversation: Summary }> {
  const answer = await post(from, '/api/conversations', { kind: 'direct', userId: to.user.id })
  return { status: answer.status, ...(await answer.json<{ conversation: Summary }>()) }
}

describe('creating', () => {
  it('ID3 twenty starts from both sides at once make one direct conversation', async () => {
    const [ada, grace] = await trio()
    const starts = Array.from({ length: 20 }, (_, n) => (n % 2 ? direct(ada, grace) : direct(grace, ada)))
    const made = await Promise.all(starts)
    expect(new Set(made.map(({ conversation }) => conversation.id)).size).toBe(1)
    expect(made.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(made.filter(({ status }) => status === 200)).toHaveLength(19)
    const [first] = made
    expect(v.parse(Summary, first?.conversation)).toMatchObject({
      kind: 'direct',
      name: null,
      memberCount: 2,
      unread: 0,
    })
  })

  it('ID3 a group that holds both is not their direct conversation', async () => {
    const [ada, grace, alan] = await trio()
    const together = await group(ada, grace, alan)
    expect((await direct(ada, grace)).conversation.id).not.toBe(together.id)
  })

  it('a note to oneself is a direct conversation of one', async () => {
    const [ada] = await trio()
    const { status, conversation } = await direct(ada, ada)
    expect(status).toBe(201)
    expect(conversation.memberCount).toBe(1)
  })

  it('a retry with the same id makes no second group; other words under it are refused', async () => {
    const [ada, grace, alan] = await trio()
    const body = { kind: 'private', id: uuidv7(), name: 'Engines', memberIds: [grace.user.id] }
    const first = await (await post(ada, '/api/conversations', body)).json<{ conversation: Summary }>()
    const again = await post(ada, '/api/conversations', body)
    expect(again.status).toBe(201)
    expect((await again.json<{ conversation: Summary }>()).conversation.id).toBe(first.conversation.id)
    const other = await post(ada, '/api/conversations', { ...body, memberIds: [alan.user.id] })
    expect(other.status).toBe(409)
    expect(await codeOf(other)).toBe('idempotency_mismatch')
    // The id is its author's own: somebody else's use of it is another conversation.
    const hers = await (await post(grace, '/api/conversations', { ...body, memberIds: [ada.user.id] })).json<{
      conversation: Summary
    }>()
    expect(hers.conversation.id).not.toBe(first.conversation.id)
  })

  it.each([
    ['no name', { name: '' }],
    ['a name of 101', { name: 'x'.repeat(101) }],
    ['a description of 501', { description: 'x'.repeat(501) }],
    ['nobody else', { memberIds: [] }],
    ['1,000 others', { memberIds: Array.from({ length: 1_000 }, () => uuidv7()) }],
    ['an id that is none', { id: 'x' }],
    ['an unknown kind', { kind: 'secret' }],
  ])('refuses %s with invalid and the field', async (_, wrong) => {
    const [ada, grace] = await trio()
    const body = { kind: 'private', id: uuidv7(), name: 'Engines', memberIds: [grace.user.id], ...wrong }
    const answer = await post(ada, '/api/conversations', body)
    expect(answer.status).toBe(422)
    const { error } = await answer.json<{ error: { code: string; fields: Record<string, string> } }>()
    expect(error.code).toBe('invalid')
    expect(Object.keys(error.fields)).toEqual([Object.keys(wrong)[0]])
  })

  it('takes a name of 100 and a description of 500', async () => {
    const [ada, grace] = await trio()
    const sizes = { name: '가'.repeat(100), description: '😀'.repeat(500) }
    const body = { kind: 'private', id: uuidv7(), memberIds: [grace.user.id], ...sizes }
    expect((await post(ada, '/api/conversations', body)).status).toBe(201)
  })

  it('refuses people who are not there', async () => {
    const [ada] = await trio()
    const answer = await post(ada, '/api/conversations', { kind: 'direct', userId: uuidv7() })
    expect(answer.status).toBe(404)
  })
})

describe('listing', () => {
  it('lists what I belong to, newest activity first, in pages, with what I have not read', async () => {
    const [ada, grace] = await trio()
    const made = []
    for (let n = 0; n < 5; n += 1) made.push((await group(ada, grace)).id)
    const socket = await live(ada, made[1] ?? '')
    await socket.say('this one is the newest')
    const expected = [made[1], made[4], made[3], made[2], made[0]]
    await expect
      .poll(async () => {
        const { conversations } = await (await get(grace, '/api/conversations')).json<{
          conversations: Summary[]
        }>()
        return conversations.map(({ id }) => id)
      })
      .toEqual(expected)
    const first = await (await get(grace, '/api/conversations?limit=2')).json<{
      conversations: Summary[]
      next: string
    }>()
    const second = await (
      await get(grace, `/api/conversations?limit=3&cursor=${encodeURIComponent(first.next)}`)
    ).json<{ conversations: Summary[]; next: string | null }>()
    expect([...first.conversations, ...second.conversations].map(({ id }) => id)).toEqual(expected)
    expect(second.next).toBeNull()
    expect(first.conversations[0]).toMatchObject({ unread: 1, mentions: 0, readSeq: 0, role: 'member' })
    expect(first.conversations[0]?.lastMessage).toMatchObject({
      authorId: ada.user.id,
      preview: 'this one is the newest',
    })
    for (const summary of first.conversations) v.parse(Summary, summary)
  })
})

describe('messages', () => {
  it('L2 pages before, after and around a place, and knows on which side there is more', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    for (let n = 1; n <= 150; n += 1) await socket.say(`${n}`)
    const page = async (query: string) => {
      const answer = await get(grace, `/api/conversations/${id}/messages?${query}`)
      const { messages, ...more } = await answer.json<{
        messages: Message[]
        hasOlder: boolean
        hasNewer: boolean
      }>()
      for (const message of messages) v.parse(Message, message)
      return { from: messages[0]?.seq, to: messages.at(-1)?.seq, count: messages.length, ...more }
    }
    expect(await page('')).toEqual({ from: 101, to: 150, count: 50, hasOlder: true, hasNewer: false })
    expect(await page('before=101')).toEqual({ from: 51, to: 100, count: 50, hasOlder: true, hasNewer: true })
    expect(await page('before=51')).toEqual({ from: 1, to: 50, count: 50, hasOlder: false, hasNewer: true })
    expect(await page('after=0&limit=100')).toEqual({
      from: 1,
      to: 100,
      count: 100,
      hasOlder: false,
      hasNewer: true,
    })
    expect(await page('after=100')).toEqual({
      from: 101,
      to: 150,
      count: 50,
      hasOlder: true,
      hasNewer: false,
    })
    expect(await page('around=75')).toEqual({ from: 50, to: 99, count: 50, hasOlder: true, hasNewer: true })
    expect(await page('around=150&limit=10')).toEqual({
      from: 145,
      to: 150,
      count: 6,
      hasOlder: true,
      hasNewer: false,
    })
  })

  it.each(['limit=101', 'limit=0', 'limit=x', 'before=0', 'before=1&after=1', 'after=1e3'])(
    'refuses ?%s',
    async (query) => {
      const [ada, grace] = await trio()
      const { id } = await group(ada, grace)
      const answer = await get(ada, `/api/conversations/${id}/messages?${query}`)
      expect(answer.status).toBe(422)
      expect(await codeOf(answer)).toBe('invalid')
    },
  )

  it('S8 sends over HTTP what the socket sends, and the socket sees it', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const socket = await live(grace, id)
    const answer = await post(ada, `/api/conversations/${id}/messages`, { id: uuidv7(), text: ' hello ' })
    expect(answer.status).toBe(201)
    expect(await answer.json()).toEqual({ seq: 1, createdAt: expect.any(Number) })
    expect((await socket.upTo(1))[0]).toMatchObject({ message: { text: 'hello', authorId: ada.user.id } })
  })

  it('L4 gives the log to programs, and conflict for a place that is not there yet', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    for (const text of ['one', 'two', 'three']) await socket.say(text)
    const page = await get(grace, `/api/conversations/${id}/events?after=1&limit=1`)
    expect(await page.json()).toMatchObject({
      epoch: expect.any(String),
      head: 3,
      from: 2,
      to: 2,
      events: [{ seq: 2 }],
    })
    expect(await (await get(grace, `/api/conversations/${id}/events?after=3`)).json()).toMatchObject({
      from: 4,
      to: 3,
      events: [],
    })
    expect((await get(grace, `/api/conversations/${id}/events?after=4`)).status).toBe(409)
  })

  it('E2 a read marker is a maximum, over HTTP too', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    for (const text of ['one', 'two', 'three']) await socket.say(text)
    const read = (seq: number) =>
      call('PUT', `/api/conversations/${id}/read`, { body: { seq }, headers: grace.bearer })
    expect((await read(2)).status).toBe(204)
    expect(await socket.next('read')).toMatchObject({ userId: grace.user.id, seq: 2 })
    expect((await read(1)).status).toBe(204)
    expect((await read(999)).status).toBe(204)
    expect(await socket.next('read')).toMatchObject({ seq: 3 })
    const { conversation } = await (await get(grace, `/api/conversations/${id}`)).json<{
      conversation: Summary
    }>()
    expect(conversation).toMatchObject({ unread: 0, readSeq: 3 })
  })

  it('counts unread without own messages, and mentions by name', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const [a, g] = [await live(ada, id), await live(grace, id)]
    await a.say('one')
    await g.say('mine')
    await a.say(`hello @${grace.user.username}`)
    await a.say('@all listen')
    const { conversation } = await (await get(grace, `/api/conversations/${id}`)).json<{
      conversation: Summary
    }>()
    expect(conversation).toMatchObject({ unread: 3, mentions: 2, readSeq: 0 })
  })
})

describe('members', () => {
  const member = (id: string, who: Person) => `/api/conversations/${id}/members/${who.user.id}`
  const put = (by: Person, path: string, role?: Role) =>
    call('PUT', path, { body: role ? { role } : {}, headers: by.bearer })
  const remove = (by: Person, path: string) => call('DELETE', path, { headers: by.bearer })

  it('adds someone, who then sees the history, and everyone is told', async () => {
    const [ada, grace, alan] = await trio()
    const { id } = await group(ada, grace)
    const socket = await live(grace, id)
    await (await live(ada, id)).say('before')
    const answer = await put(ada, member(id, alan))
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ member: { user: alan.user, role: 'member' } })
    expect((await socket.upTo(2))[1]).toMatchObject({
      kind: 'member.added',
      user: alan.user,
      by: ada.user.id,
    })
    const { messages } = await (await get(alan, `/api/conversations/${id}/messages`)).json<{
      messages: Message[]
    }>()
    expect(messages).toHaveLength(1)
    expect((await put(ada, member(id, alan))).status).toBe(200)
    expect((await get(alan, `/api/conversations/${id}/events?after=2`)).status).toBe(200)
    await expect
      .poll(
        async () =>
          (await (await get(alan, '/api/conversations')).json<{ conversations: Summary[] }>()).conversations
            .length,
      )
      .toBe(1)
  })

  it('M2 who may remove whom: the table, every cell', async () => {
    const roles: Role[] = ['owner', 'admin', 'member', 'guest']
    const [ada] = await trio()
    for (const actorRole of roles) {
      for (const targetRole of roles) {
        const [actor, target] = [await person('actor'), await person('target')]
        const { id } = await group(ada, actor, target)
        await put(ada, member(id, actor), actorRole)
        await put(ada, member(id, target), targetRole)
        const allowed = ROLE_RIGHTS[actorRole].canRemove.includes(targetRole)
        const cell = `${actorRole} removes ${targetRole}`
        expect(`${cell}: ${(await remove(actor, member(id, target))).status}`).toBe(
          `${cell}: ${allowed ? 204 : 403}`,
        )
        expect((await get(target, `/api/conversations/${id}`)).status).toBe(allowed ? 404 : 200)
      }
    }
  })

  it('a new role leaves the name as the conversation knows it: the directory may be behind', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const shown = { receipts: true, typing: true, presence: true }
    await objectOf(id).profileChanged({ ...grace.user, displayName: 'Grace H.' }, shown)
    const path = `/api/conversations/${id}/members/${grace.user.id}`
    const answer = await call('PUT', path, { body: { role: 'admin' }, headers: ada.bearer })
    expect(await answer.json()).toMatchObject({
      member: { user: { displayName: 'Grace H.' }, role: 'admin' },
    })
  })

  it('M2 nobody raises themselves', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    expect((await put(grace, member(id, grace), 'owner')).status).toBe(403)
    await put(ada, member(id, grace), 'admin')
    expect((await put(grace, member(id, grace), 'owner')).status).toBe(403)
    expect((await put(grace, member(id, ada), 'member')).status).toBe(403)
  })

  it('M2 the last owner hands over first; a direct conversation keeps its two', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    expect(await codeOf(await remove(ada, member(id, ada)))).toBe('conflict')
    await put(ada, member(id, grace), 'owner')
    expect((await remove(ada, member(id, ada))).status).toBe(204)
    const { conversation } = await direct(ada, grace)
    expect(await codeOf(await remove(ada, member(conversation.id, ada)))).toBe('conflict')
    expect(await codeOf(await put(ada, member(conversation.id, await person('eve'))))).toBe('conflict')
  })

  it('M1 a stranger and a conversation that is not there look alike', async () => {
    const [ada, grace, mallory] = await trio()
    const { id } = await group(ada, grace)
    const nowhere = (await group(grace, ada)).id.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
    for (const rest of ['', '/messages', '/events']) {
      const answers = await Promise.all(
        [id, nowhere].map((each) => get(mallory, `/api/conversations/${each}${rest}`)),
      )
      const bodies = await Promise.all(
        answers.map((answer) => answer.json<{ error: { requestId: string } }>()),
      )
      expect(answers.map((answer) => answer.status)).toEqual([404, 404])
      for (const body of bodies) body.error.requestId = ''
      expect(bodies[0]).toEqual(bodies[1])
    }
    expect(
      (await post(mallory, `/api/conversations/${id}/messages`, { id: uuidv7(), text: 'x' })).status,
    ).toBe(404)
    expect((await put(mallory, member(id, mallory))).status).toBe(404)
    expect((await remove(mallory, member(id, ada))).status).toBe(404)
    expect(
      (await call('PUT', `/api/conversations/${id}/read`, { body: { seq: 1 }, headers: mallory.bearer }))
        .status,
    ).toBe(404)
  })

  it('a new name shows to everyone, live and in the list', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    const body = { displayName: 'Rear Admiral Hopper' }
    expect((await call('PATCH', '/api/me', { body, headers: grace.bearer })).status).toBe(200)
    const [event] = await socket.upTo(1)
    expect(event).toMatchObject({
      kind: 'member.changed',
      userId: grace.user.id,
      user: { displayName: 'Rear Admiral Hopper' },
    })
  })
})

describe('changing what was said', () => {
  it('C1 an edit, a reaction, a pin and a deletion reach everyone live, and the list', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    const [a, g] = [await live(ada, id), await live(grace, id)]
    const { seq: target } = await a.say('helo')
    const change = async (frame: object) => {
      a.send({ id: uuidv7(), target, ...frame })
      return (await a.next('ack')).seq
    }
    await change({ type: 'edit', text: 'hello' })
    await change({ type: 'react', emoji: '👋', on: true })
    await change({ type: 'pin', on: true })
    const pins = await (await get(grace, `/api/conversations/${id}/pins`)).json<{ messages: Message[] }>()
    expect(pins.messages.map((message) => message.text)).toEqual(['hello'])
    expect((await g.upTo(4)).map((event) => event.kind)).toEqual([
      ...['message.created', 'message.edited', 'reaction.set', 'message.pinned'],
    ])
    const page = async () =>
      (await (await get(grace, `/api/conversations/${id}/messages`)).json<{ messages: Message[] }>())
        .messages[0]
    expect(v.parse(Message, await page())).toMatchObject({
      ...{ text: 'hello', reactions: [{ emoji: '👋', userIds: [ada.user.id] }] },
    })
    await change({ type: 'delete' })
    expect(await page()).toMatchObject({ seq: target, text: '', reactions: [] })
    const { conversation } = await (await get(grace, `/api/conversations/${id}`)).json<{
      conversation: Summary
    }>()
    expect(conversation).toMatchObject({ unread: 0, lastMessage: { seq: target, preview: '' } })
    a.send({ type: 'react', id: uuidv7(), target, emoji: 'not an emoji', on: true })
    expect((await a.next('error')).code).toBe('invalid')
  })

  it('tells who has read a message', async () => {
    const [ada, grace] = await trio()
    const { id } = await group(ada, grace)
    await (await live(ada, id)).say('read me')
    const readers = async () => (await get(ada, `/api/conversations/${id}/messages/1/readers`)).json()
    expect(await readers()).toEqual({ userIds: [] })
    await call('PUT', `/api/conversations/${id}/read`, { body: { seq: 1 }, headers: grace.bearer })
    expect(await readers()).toEqual({ userIds: [grace.user.id] })
    expect((await get(ada, `/api/conversations/${id}/messages/9/readers`)).status).toBe(404)
  })
})

it('C6 a program changes a message over HTTP as over the socket, once', async () => {
  const [ada, grace] = await trio()
  const { id } = await group(ada, grace)
  const socket = await live(grace, id)
  await (await live(ada, id)).say('helo')
  const frame = { type: 'edit', id: uuidv7(), target: 1, text: 'hello' }
  const path = `/api/conversations/${id}/operations`
  const first = await post(ada, path, frame)
  expect(first.status).toBe(201)
  const answer = await first.json<{ seq: number; at: number }>()
  expect(await (await post(ada, path, frame)).json()).toEqual({ ...answer, duplicate: true })
  expect((await socket.upTo(2))[1]).toMatchObject({ kind: 'message.edited', target: 1, text: 'hello' })
  expect((await post(grace, path, { ...frame, id: uuidv7() })).status).toBe(403)
  expect((await post(ada, path, { type: 'send', id: uuidv7(), text: 'x' })).status).toBe(422)
  expect((await post(await person('mallory'), path, frame)).status).toBe(404)
})
