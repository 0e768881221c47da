/** What news costs in calls to the objects of people, by the size of the conversation. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { TestInbox } from '../support/worker/inbox-sockets.ts'
import { call, type Person, person, put } from '../support/worker/people.ts'
import { addMembers, group, live, objectOf } from '../support/worker/sockets.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('what a message costs in calls to inboxes', () => {
  it.each([2, 50])(
    '%i members: one call each when quiet, at most one each in 2 s when busy',
    async (count) => {
      const people = [await person('creator')]
      for (let n = 1; n < count; n += 1) people.push(await person(`m${n}`))
      const [creator, ...others] = people
      if (!creator) throw new Error('nobody')
      const { id } = await group(creator, ...others)
      const calls = vi.fn()
      const original = env.USERS.getByName.bind(env.USERS)
      await runInDurableObject(objectOf(id), (object) => {
        const users = Reflect.get(object, 'env').USERS
        vi.spyOn(users, 'getByName').mockImplementation((name) => {
          calls(name)
          return original(String(name))
        })
      })
      const socket = await live(creator, id)
      await new Promise((resolve) => setTimeout(resolve, 300))
      calls.mockClear()
      await socket.say('quiet')
      await expect.poll(() => calls.mock.calls.length, { timeout: 2_000 }).toBe(count)
      for (let n = 0; n < 40; n += 1) await socket.say(`busy ${n}`)
      await new Promise((resolve) => setTimeout(resolve, 2_500))
      console.log(`${count} members: ${calls.mock.calls.length} calls for 41 messages in 2.5 s`)
      expect(calls.mock.calls.length).toBeLessThanOrEqual(count * 3)
    },
  )

  /** A conversation of 500, two of whom are real. */
  async function largeGroup(creator: Person, reader: Person): Promise<string> {
    const { id } = await group(creator, reader)
    await addMembers(id, 498)
    return id
  }

  it('500 members: one conversation that does not answer hides nothing of the others', async () => {
    const [creator, reader] = [await person('creator'), await person('reader')]
    const [broken, healthy] = [await largeGroup(creator, reader), await largeGroup(creator, reader)]
    const tab = await TestInbox.connect(reader)
    for (const id of [broken, healthy]) {
      const socket = await live(creator, id)
      await socket.say('one')
      await put(reader, `/api/conversations/${id}/read`, { seq: 1 })
      await expect.poll(() => tab.rows.get(id)?.memberCount, { timeout: 3_000 }).toBe(500)
      await socket.say('two')
    }
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    await runInDurableObject(
      objectOf(broken),
      (_, state) => void state.storage.sql.exec('ALTER TABLE messages RENAME TO away'),
    )
    tab.send({ type: 'watch', userIds: [] })
    await expect.poll(() => tab.rows.get(healthy)?.lastMessage?.seq, { timeout: 2_000 }).toBe(2)
  }, 15_000)

  it('500 members: none; whoever looks asks, and gets the exact row', async () => {
    const [creator, reader] = [await person('creator'), await person('reader')]
    const id = await largeGroup(creator, reader)
    const socket = await live(creator, id)
    // The first message tells the size; it is asked for from then on.
    await call('PUT', `/api/conversations/${id}/read`, { body: { seq: 0 }, headers: reader.bearer })
    await socket.say('one')
    await put(reader, `/api/conversations/${id}/read`, { seq: 1 })
    const tab = await TestInbox.connect(reader)
    await expect.poll(() => tab.rows.get(id)?.memberCount, { timeout: 3_000 }).toBe(500)
    // The own read marker is told to everyone: it must have been, before there is more to tell.
    await expect.poll(() => tab.rows.get(id)?.readSeq, { timeout: 3_000 }).toBe(1)
    await socket.say('two')
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(tab.rows.get(id)?.lastMessage?.seq).toBe(1)
    tab.send({ type: 'watch', userIds: [] })
    await expect.poll(() => tab.rows.get(id)?.lastMessage?.seq, { timeout: 2_000 }).toBe(2)
    expect(tab.rows.get(id)?.unread).toBe(1)
  }, 15_000)
})
