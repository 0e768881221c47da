/** Threads through the door: over HTTP and the sockets, on all of a person's devices, and what they cost. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { type Message, type MessagesAnswer, type Summary, uuidv7 } from '../../src/protocol/index.ts'
import { accept } from '../../src/refusal.ts'
import { TestInbox } from '../support/worker/inbox-sockets.ts'
import { call, codeOf, type Person, person } from '../support/worker/people.ts'
import { group, live, objectOf, type TestSocket } from '../support/worker/sockets.ts'

/** Longer than any pace at which an inbox is told. */
const PACE_MS = 20_000

async function people(): Promise<[Person, Person, Person]> {
  return [await person('ada'), await person('grace'), await person('alan')]
}

async function page(who: Person, id: string, query: string): Promise<MessagesAnswer> {
  const answer = await call('GET', `/api/conversations/${id}/messages?${query}`, { headers: who.bearer })
  expect(answer.status).toBe(200)
  return answer.json()
}

async function reply(socket: TestSocket, thread: number, text = 'a reply', more = {}): Promise<number> {
  const id = uuidv7()
  socket.send({ type: 'send', id, text, thread, ...more })
  const ack = await socket.next('ack')
  expect(ack.id).toBe(id)
  return ack.seq
}

async function rowOf(who: Person, id: string): Promise<Summary | undefined> {
  const { conversations } = accept(await env.USERS.getByName(who.user.id).listConversations({ limit: 50 }))
  return conversations.find((row) => row.id === id)
}

/** Lets the alarm tell what waits, at a time when nobody's pace holds it back. */
async function settle(id: string): Promise<void> {
  for (let round = 1; round <= 5; round += 1) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + round * PACE_MS })
    await runDurableObjectAlarm(objectOf(id))
    vi.useRealTimers()
    const rows = await runInDurableObject(objectOf(id), (_, state) =>
      state.storage.sql.exec('SELECT * FROM outbox').toArray(),
    )
    if (rows.length === 0) return
  }
  throw new Error('the outbox did not drain')
}

describe('TH threads', () => {
  it('TH1 TH2 a reply is an event for everyone, and its root says so in windows, pages and replays', async () => {
    const [ada, grace, alan] = await people()
    const { id } = await group(ada, grace, alan)
    const [a, g] = [await live(ada, id), await live(grace, id)]
    const { seq: root } = await a.say('a root')
    const seq = await reply(g, root)
    const [, event] = await a.upTo(seq)
    const replies = { count: 1, last: { seq, authorId: grace.user.id, at: event?.at }, rev: 1 }
    expect(event).toMatchObject({ kind: 'message.created', message: { thread: root, seq }, replies })
    // Somebody who comes now, and somebody who comes back.
    const window = await (await live(alan, id)).frames.find((frame) => frame.type === 'resync')
    expect(window?.type === 'resync' && window.messages[0]?.replies).toEqual(replies)
    const back = await live(alan, id, '?after=1')
    expect(back.events()).toEqual([event])
    const { messages } = await page(alan, id, `before=${seq}`)
    expect(messages[0]?.replies).toEqual(replies)
  })

  it('TH1 S8 over HTTP it is the same operation, and a retry is the first', async () => {
    const [ada, grace] = await people()
    const { id } = await group(ada, grace)
    const { seq: root } = await (await live(ada, id)).say('a root')
    const body = { id: uuidv7(), text: 'over HTTP', thread: root, alsoToConversation: true }
    const post = () => call('POST', `/api/conversations/${id}/messages`, { body, headers: grace.bearer })
    const first = await (await post()).json<{ seq: number }>()
    expect(await (await post()).json()).toMatchObject({ seq: first.seq, duplicate: true })
    const wrong = { ...body, id: uuidv7(), thread: first.seq }
    const refused = await call('POST', `/api/conversations/${id}/messages`, {
      body: wrong,
      headers: grace.bearer,
    })
    expect([refused.status, await codeOf(refused)]).toEqual([422, 'invalid'])
  })

  it('TH3 ?thread= pages through the replies; ?main=1 leaves out what is in threads alone', async () => {
    const [ada, grace] = await people()
    const { id } = await group(ada, grace)
    const [a, g] = [await live(ada, id), await live(grace, id)]
    const { seq: root } = await a.say('a root')
    const seqs = [
      await reply(g, root),
      await reply(g, root),
      await reply(g, root, 'to all', { alsoToConversation: true }),
    ]
    const seqsOf = ({ messages }: { messages: Message[] }) => messages.map(({ seq }) => seq)
    const newest = await page(ada, id, `thread=${root}&limit=2`)
    expect(seqsOf(newest)).toEqual(seqs.slice(1))
    expect(newest).toMatchObject({
      hasOlder: true,
      hasNewer: false,
      thread: { root: { seq: root }, follows: true },
    })
    expect(seqsOf(await page(ada, id, `thread=${root}&before=${seqs[1]}`))).toEqual(seqs.slice(0, 1))
    expect(seqsOf(await page(ada, id, 'main=1'))).toEqual([root, seqs[2]])
    expect(seqsOf(await page(ada, id, ''))).toEqual([root, ...seqs])
    const path = `/api/conversations/${id}/messages?thread=`
    for (const seq of [seqs[0], 99]) {
      const answer = await call('GET', path + seq, { headers: ada.bearer })
      expect([answer.status, await codeOf(answer)]).toEqual([404, 'not_found'])
    }
    const stranger = await person('stranger')
    expect((await call('GET', path + root, { headers: stranger.bearer })).status).toBe(404)
    expect(
      (
        await call('PUT', `/api/conversations/${id}/threads/${root}/read`, {
          body: { seq: 1 },
          headers: stranger.bearer,
        })
      ).status,
    ).toBe(404)
  })

  it('TH5 TH6 reading a thread reaches all own devices within a second, nobody else, and the list', async () => {
    const [ada, grace] = await people()
    const { id } = await group(ada, grace)
    const [a, g] = [await live(ada, id), await live(grace, id)]
    const { seq: root } = await a.say('a root')
    const seq = await reply(g, root)
    expect(await a.next('thread')).toEqual({ type: 'thread', seq: root, follows: true, readSeq: seq - 1 })
    a.send({ type: 'read', seq })
    await settle(id)
    expect(await rowOf(ada, id)).toMatchObject({
      unread: 1,
      inThreads: { unread: 1, mentions: 0 },
      readSeq: seq,
    })
    const phone = await live(ada, id)
    const hello = phone.frames.find((frame) => frame.type === 'hello')
    expect(hello?.type === 'hello' && hello.threads).toEqual([{ seq: root, readSeq: seq - 1 }])
    const inbox = await TestInbox.connect(ada)

    const list = async () =>
      (await call('GET', `/api/conversations/${id}/threads`, { headers: ada.bearer })).json()
    expect(await list()).toMatchObject({ threads: [{ root: { seq: root }, unread: 1 }] })
    const readers = await call('GET', `/api/conversations/${id}/messages/${seq}/readers`, {
      headers: grace.bearer,
    })
    expect(await readers.json()).toEqual({ userIds: [] })

    a.send({ type: 'read', seq, thread: root })
    const before = Date.now()
    expect(await phone.next('thread')).toEqual({ type: 'thread', seq: root, follows: true, readSeq: seq })
    expect(Date.now() - before).toBeLessThan(1_000)
    await vi.waitFor(() => expect(inbox.rows.get(id)?.unread).toBe(0), 3_000)
    expect(inbox.rows.get(id)?.inThreads).toBeUndefined()
    expect(await list()).toEqual({ threads: [] })
    expect(
      g.frames
        .filter((frame) => frame.type === 'thread')
        .map((frame) => frame.type === 'thread' && frame.readSeq),
    ).toEqual([seq])
  })

  it('TH4 follows and reads over HTTP; reading everything reads threads too', async () => {
    const [ada, grace, alan] = await people()
    const { id } = await group(ada, grace, alan)
    const [a, g] = [await live(ada, id), await live(grace, id)]
    const { seq: root } = await a.say('a root')
    await reply(g, root)
    const put = async (what: string, body: object) =>
      (await call('PUT', `/api/conversations/${id}/${what}`, { body, headers: alan.bearer })).status
    expect(await put(`threads/${root}/follow`, { on: true })).toBe(204)
    expect(await put('threads/99/follow', { on: true })).toBe(404)
    expect(await put('threads/none/follow', { on: true })).toBe(404)
    const seq = await reply(g, root)
    await settle(id)
    expect((await rowOf(alan, id))?.inThreads).toEqual({ unread: 1, mentions: 0 })
    expect(await put(`threads/${root}/read`, { seq })).toBe(204)
    await settle(id)
    expect((await rowOf(alan, id))?.inThreads).toBeUndefined()
    await reply(g, root)
    await settle(id)
    expect((await rowOf(alan, id))?.unread).toBe(2)
    expect((await call('PUT', '/api/me/read', { body: {}, headers: alan.bearer })).status).toBe(204)
    await settle(id)
    expect(await rowOf(alan, id)).toMatchObject({ unread: 0, lastMessage: { seq: root } })
  })

  it('TH4 a hidden conversation comes back with a reply to me', async () => {
    const [ada, grace] = await people()
    const { id } = await group(ada, grace)
    const [a, g] = [await live(ada, id), await live(grace, id)]
    const { seq: root } = await a.say('a root')
    await settle(id)
    a.close()
    const body = { hidden: true }
    await call('PUT', `/api/conversations/${id}/preferences`, { body, headers: ada.bearer })
    const inbox = await TestInbox.connect(ada)
    await vi.waitFor(() => expect(inbox.rows.get(id)?.hidden).toBe(true), 3_000)
    await reply(g, root)
    await settle(id)
    await vi.waitFor(() => expect(inbox.rows.get(id)).toMatchObject({ hidden: false, unread: 1 }), 3_000)

    // Hidden with that reply still waiting: what is no reply does not bring it back.
    await call('PUT', `/api/conversations/${id}/preferences`, { body, headers: ada.bearer })
    await vi.waitFor(() => expect(inbox.rows.get(id)?.hidden).toBe(true), 3_000)
    g.send({ type: 'react', id: uuidv7(), target: root, emoji: '👍', on: true })
    await g.next('ack')
    const { rev } = inbox.rows.get(id) ?? { rev: 0 }
    await settle(id)
    await vi.waitFor(() => expect(inbox.rows.get(id)?.rev).toBeGreaterThanOrEqual(rev), 3_000)
    expect(inbox.rows.get(id)?.hidden).toBe(true)
  })

  it('TH5 a name that an edit adds brings an old thread to the list, and mark all read takes it away', async () => {
    const [ada, grace, alan] = await people()
    const { id } = await group(ada, grace, alan)
    const a = await live(ada, id)
    const { seq: root } = await a.say('a root')
    const target = await reply(a, root)
    await call('PUT', `/api/conversations/${id}/read`, { body: { seq: target }, headers: alan.bearer })
    await settle(id)
    expect(await rowOf(alan, id)).toMatchObject({ unread: 0 })
    const before = await objectOf(id).costs()
    a.send({ type: 'edit', id: uuidv7(), target, text: `what do you say, @${alan.user.username}?` })
    await a.next('ack')
    // Event, its id, head, outbox and the text, with its indexes; and two for alan.
    const { rowsWritten } = await objectOf(id).costs()
    expect(rowsWritten - before.rowsWritten).toBeLessThanOrEqual(7 + 2)
    await settle(id)
    expect(await rowOf(alan, id)).toMatchObject({
      ...{ unread: 1, mentions: 1, inThreads: { unread: 1, mentions: 1 } },
    })
    const phone = await live(alan, id)
    const hello = phone.frames.find((frame) => frame.type === 'hello')
    expect(hello?.type === 'hello' && hello.threads).toEqual([{ seq: root, readSeq: target - 1 }])
    const list = await call('GET', `/api/conversations/${id}/threads`, { headers: alan.bearer })
    expect(await list.json()).toMatchObject({ threads: [{ root: { seq: root }, unread: 1 }] })
    expect((await call('PUT', '/api/me/read', { body: {}, headers: alan.bearer })).status).toBe(204)
    await settle(id)
    expect(await rowOf(alan, id)).toMatchObject({ unread: 0, mentions: 0 })
  })

  it('TH7 a reply writes two rows more than another text, and one for each who begins to follow', async () => {
    const [ada, grace] = await people()
    const { id } = await group(ada, grace)
    const [a, g] = [await live(ada, id), await live(grace, id)]
    const { seq: root } = await a.say('a root')
    await settle(id)
    const cost = async (work: () => Promise<unknown>) => {
      const before = await objectOf(id).costs()
      await work()
      return (await objectOf(id).costs()).rowsWritten - before.rowsWritten
    }
    // The outbox row, and two who follow.
    expect(await cost(() => reply(g, root))).toBeLessThanOrEqual(4 + 2 + 2)
    expect(await cost(() => reply(g, root))).toBeLessThanOrEqual(3 + 2)
    await settle(id)
    expect(await cost(() => reply(g, root))).toBeLessThanOrEqual(4 + 2)
    await settle(id)
    const reading = await cost(async () => {
      a.send({ type: 'read', seq: 99, thread: root })
      await a.next('thread')
    })
    expect(reading).toBeLessThanOrEqual(3)
  })
})
