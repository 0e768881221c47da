/** The live inbox (CONTRACT 5): the conversation list that is always true, on every tab and device. */
import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { FRAMES_OVER_MAX } from '../../src/protocol/index.ts'
import { TestInbox } from '../support/worker/inbox-sockets.ts'
import { call, direct, person, personOf, put, trio } from '../support/worker/people.ts'
import { group, live } from '../support/worker/sockets.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('rows', () => {
  it('a message in a conversation that is not open reaches every tab within 2 s, without being asked for', async () => {
    const [ada, grace] = await trio()
    const id = await direct(ada, grace)
    const tabs = [await TestInbox.connect(grace), await TestInbox.connect(grace)]
    await (await live(ada, id)).say(`hello @${grace.user.username}`)
    for (const tab of tabs) {
      await expect.poll(() => tab.rows.get(id)?.unread, { timeout: 2_000 }).toBe(1)
      expect(tab.rows.get(id)).toMatchObject({ mentions: 1, lastMessage: { seq: 1, authorId: ada.user.id } })
      expect(tab.frames.map((frame) => frame.type).slice(0, 3)).toEqual(['hello', 'rows', 'live'])
    }
  })

  it('reading on one device clears the badge on the others within 1 s', async () => {
    const [ada, grace] = await trio()
    const id = await direct(ada, grace)
    const tab = await TestInbox.connect(grace)
    await (await live(ada, id)).say('hello')
    await expect.poll(() => tab.rows.get(id)?.unread, { timeout: 2_000 }).toBe(1)
    ;(await live(grace, id)).send({ type: 'read', seq: 1 })
    await expect.poll(() => tab.rows.get(id)?.unread, { timeout: 1_000 }).toBe(0)
  })

  it('asks only for what came after, and a row that comes twice is the same row', async () => {
    const [ada, grace] = await trio()
    const [first, second] = [await group(ada, grace), await group(ada, grace)]
    const tab = await TestInbox.connect(grace)
    await expect.poll(() => tab.isLive).toBe(true)
    expect([...tab.rows.keys()].sort()).toEqual([first.id, second.id].sort())
    tab.close()
    const late = await TestInbox.connect(grace, tab.rev)
    await expect.poll(() => late.isLive).toBe(true)
    expect(late.rows.size).toBe(0)
    await (await live(ada, second.id)).say('only this one')
    await expect.poll(() => [...late.rows.keys()], { timeout: 2_000 }).toEqual([second.id])
    const ahead = await TestInbox.connect(grace, 1_000_000)
    await expect.poll(() => ahead.rows.size).toBe(2)
  })

  it('lives through the eviction of its object', async () => {
    const [ada, grace] = await trio()
    const id = await direct(ada, grace)
    const tab = await TestInbox.connect(grace)
    await expect.poll(() => tab.isLive).toBe(true)
    await evictDurableObject(personOf(grace))
    await (await live(ada, id)).say('after')
    await expect.poll(() => tab.rows.get(id)?.unread, { timeout: 2_000 }).toBe(1)
    expect(tab.frames.filter((frame) => frame.type === 'hello')).toHaveLength(1)
  })

  it('membership arrives and goes', async () => {
    const [ada, grace, alan] = await trio()
    const tab = await TestInbox.connect(alan)
    const { id } = await group(ada, grace)
    const path = `/api/conversations/${id}/members/${alan.user.id}`
    await put(ada, path, {})
    await expect.poll(() => tab.rows.has(id), { timeout: 2_000 }).toBe(true)
    await call('DELETE', path, { headers: ada.bearer })
    await expect.poll(() => tab.rows.has(id), { timeout: 2_000 }).toBe(false)
  })

  it('marks unread from a message for oneself alone, and all read at once', async () => {
    const [ada, grace] = await trio()
    const [one, two] = [await direct(ada, grace), (await group(ada, grace)).id]
    const tab = await TestInbox.connect(grace)
    const [a, g] = [await live(ada, one), await live(grace, one)]
    for (const text of ['one', 'two', 'three']) await a.say(text)
    await (await live(ada, two)).say('elsewhere')
    g.send({ type: 'read', seq: 3 })
    await a.next('read')
    expect((await put(grace, `/api/conversations/${one}/unread`, { seq: 2 })).status).toBe(204)
    await expect.poll(() => tab.rows.get(one)?.unread, { timeout: 2_000 }).toBe(2)
    expect(tab.rows.get(one)).toMatchObject({ readSeq: 1, markedUnread: true })
    // Nobody else's ticks go back.
    const hello = await (await live(ada, one)).frames[0]
    expect(hello).toMatchObject({ reads: { [grace.user.id]: 3 } })
    expect((await put(grace, `/api/conversations/${one}/unread`, { seq: 99 })).status).toBe(422)
    // Who looks at it hears of it seldom in the list.
    g.close()
    await g.closed
    await a.say('news, which is not a mark')
    await expect.poll(() => tab.rows.get(one)?.unread, { timeout: 4_000 }).toBe(3)
    expect(tab.rows.get(one)?.markedUnread).toBeUndefined()
    expect((await put(grace, '/api/me/read', {})).status).toBe(204)
    await expect
      .poll(() => [tab.rows.get(one)?.unread, tab.rows.get(two)?.unread], { timeout: 2_000 })
      .toEqual([0, 0])
  })
})

describe('preferences and drafts', () => {
  it('follow the person to every tab', async () => {
    const [ada, grace] = await trio()
    const id = await direct(ada, grace)
    const tab = await TestInbox.connect(grace)
    const until = Date.now() + 3_600_000
    await put(grace, `/api/conversations/${id}/preferences`, {
      level: 'mentions',
      mutedUntil: until,
      pinned: true,
    })
    await expect
      .poll(() => tab.rows.get(id))
      .toMatchObject({ level: 'mentions', mutedUntil: until, pinned: true })
    await put(grace, `/api/conversations/${id}/preferences`, { mutedUntil: null })
    await expect
      .poll(() => tab.rows.get(id))
      .toMatchObject({ level: 'mentions', mutedUntil: 0, pinned: true })
    expect((await put(ada, `/api/conversations/${'f'.repeat(64)}/preferences`, {})).status).toBe(404)
    const stranger = await person('mallory')
    expect((await put(stranger, `/api/conversations/${id}/preferences`, { pinned: true })).status).toBe(404)
  })

  it('a hidden conversation comes back with the next message', async () => {
    const [ada, grace] = await trio()
    const id = await direct(ada, grace)
    const tab = await TestInbox.connect(grace)
    const socket = await live(ada, id)
    await socket.say('one')
    await expect.poll(() => tab.rows.get(id)?.unread, { timeout: 2_000 }).toBe(1)
    await put(grace, `/api/conversations/${id}/preferences`, { hidden: true })
    await expect.poll(() => tab.rows.get(id)?.hidden).toBe(true)
    await put(grace, `/api/conversations/${id}/read`, { seq: 1 })
    await expect.poll(() => tab.rows.get(id)?.unread, { timeout: 2_000 }).toBe(0)
    expect(tab.rows.get(id)?.hidden).toBe(true)
    await socket.say('two')
    await expect.poll(() => tab.rows.get(id)?.hidden, { timeout: 4_000 }).toBe(false)
  })

  it('the later edit of a draft wins, whichever arrives first, and a sent one stays gone', async () => {
    const [ada, grace] = await trio()
    const id = await direct(ada, grace)
    const tab = await TestInbox.connect(grace)
    const draft = (text: string, editedAt: number) =>
      put(grace, `/api/conversations/${id}/draft`, { text, editedAt })
    await draft('the later one', 2_000)
    await draft('the earlier one', 1_000)
    await expect
      .poll(() => tab.rows.get(id)?.draft)
      .toEqual({ text: 'the later one', replyTo: null, editedAt: 2_000 })
    await draft('', 3_000)
    await expect.poll(() => tab.rows.get(id)?.draft).toBeNull()
    await draft('late', 2_500)
    expect((await TestInbox.connect(grace)).rows.get(id)?.draft ?? null).toBeNull()
    expect((await TestInbox.connect(ada)).rows.get(id)?.draft ?? null).toBeNull()
  })
})

describe('frames of the inbox socket', () => {
  it('F7 are as many as a page needs: more are refused, and a flood closes', async () => {
    const [ada, grace] = await trio()
    await direct(ada, grace)
    const tab = await TestInbox.connect(ada)
    await expect.poll(() => tab.isLive).toBe(true)
    const asked = vi.spyOn(env.USERS, 'getByName')
    const refusals = () => tab.frames.filter((frame) => frame.type === 'error').length
    for (let n = 0; n < 60; n += 1) tab.send({ type: 'watch', userIds: [grace.user.id] })
    await expect.poll(refusals).toBeGreaterThan(20)
    expect(asked.mock.calls.length).toBeLessThan(40)
    for (let n = 0; n < FRAMES_OVER_MAX; n += 1) tab.send('{}')
    expect((await tab.closed).code).toBe(4505)
  })

  it('F2 bytes are not a frame, and close nothing', async () => {
    const tab = await TestInbox.connect(await person('ada'))
    tab.socket.send(new Uint8Array([1, 2, 3]))
    await expect.poll(() => tab.frames.at(-1)).toMatchObject({ type: 'error', code: 'bad_frame' })
  })
})
