/** What the conversation tells D1 and the inboxes: off the send path, coalesced, until it is taken. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { INBOX_EVERY_MS, INDEX_WITHIN_MS, type Summary } from '../../src/protocol/index.ts'
import { lockDirectory } from '../support/worker/directory.ts'
import { TestInbox } from '../support/worker/inbox-sockets.ts'
import { captureLogs } from '../support/worker/logs.ts'
import { call, type Person, person } from '../support/worker/people.ts'
import { group, live, objectOf } from '../support/worker/sockets.ts'

type IndexRow = { last_preview: string | null; last_seq: number | null; member_count: number; rev: number }

async function indexRow(id: string): Promise<IndexRow | null> {
  return env.DB.prepare('SELECT * FROM conversations WHERE id = ?').bind(id).first<IndexRow>()
}

async function listOf(who: Person): Promise<Summary[]> {
  const answer = await call('GET', '/api/conversations', { headers: who.bearer })
  return (await answer.json<{ conversations: Summary[] }>()).conversations
}

async function waiting(id: string): Promise<string[]> {
  return runInDurableObject(objectOf(id), (_, state) =>
    state.storage.sql
      .exec<{ key: string }>('SELECT key FROM outbox ORDER BY key')
      .toArray()
      .map((row) => row.key),
  )
}

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('the outbox', () => {
  it('O1 a burst is one write to D1 at once and one after 2 s, and the last message is what stays', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    await expect.poll(() => waiting(id)).toEqual([])
    const batch = vi.spyOn(env.DB, 'batch')
    const began = Date.now()
    for (let n = 1; n <= 30; n += 1) await socket.say(`message ${n}`)
    await expect.poll(async () => (await indexRow(id))?.last_preview, { timeout: 6_000 }).toBe('message 30')
    await expect.poll(() => waiting(id), { timeout: 6_000 }).toEqual([])
    const allowed = Math.ceil((Date.now() - began) / 2_000) + 1
    expect(batch.mock.calls.length).toBeLessThanOrEqual(allowed)
    expect((await listOf(grace))[0]).toMatchObject({
      id,
      unread: 30,
      lastMessage: { seq: 30, preview: 'message 30' },
    })
  }, 15_000)

  it('O3 D1 down: sends are acked, inboxes are told, and the index follows when it is back', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    await expect.poll(() => waiting(id)).toEqual([])
    const down = lockDirectory()
    await socket.say('while D1 is down')
    await expect.poll(async () => (await listOf(grace))[0]?.unread, { timeout: 5_000 }).toBe(1)
    await expect.poll(() => down.mock.calls.length, { timeout: 5_000 }).toBeGreaterThan(0)
    expect((await indexRow(id))?.last_preview).toBeNull()
    expect(await waiting(id)).toEqual(['index'])
    down.mockRestore()
    await expect
      .poll(async () => (await indexRow(id))?.last_preview, { timeout: 10_000 })
      .toBe('while D1 is down')
    await expect.poll(() => waiting(id)).toEqual([])
  }, 25_000)

  it('O3 a D1 that hangs holds back no inbox for longer than it is waited for', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    await expect.poll(() => waiting(id)).toEqual([])
    // It has not been written lately, so that the first message is told to it too.
    await runInDurableObject(
      objectOf(id),
      (_, state) => void state.storage.sql.exec('UPDATE conversation SET indexed_at = 0'),
    )
    // What is told, and not what is asked for: a list that is looked at asks by itself.
    const tab = await TestInbox.connect(grace)
    const hanging = vi.spyOn(env.DB, 'batch').mockImplementation(() => new Promise(() => {}))
    await socket.say('one')
    await expect.poll(() => tab.rows.get(id)?.unread, { timeout: 5_000 }).toBe(1)
    expect(hanging).toHaveBeenCalled()
    await socket.say('two')
    const within = INDEX_WITHIN_MS + INBOX_EVERY_MS + 500
    await expect.poll(() => tab.rows.get(id)?.unread, { timeout: within }).toBe(2)
  }, 15_000)

  it('O2 D1 that fails throughout a conversation is asked ever less often', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    await expect.poll(() => waiting(id)).toEqual([])
    const down = lockDirectory()
    const began = Date.now()
    const asked = []
    for (let second = 0; second < 600; second += 1) {
      vi.useFakeTimers({ toFake: ['Date'], now: began + second * 1_000 })
      if (second % 10 === 0) await socket.say(`second ${second}`)
      await runDurableObjectAlarm(objectOf(id))
      asked.push(down.mock.calls.length)
    }
    // Every 5 s for two minutes, then every minute; ±50 % each, so much less on the whole.
    expect(asked[119]).toBeLessThan(40)
    expect(asked.at(-1)).toBeLessThan(50)
  }, 15_000)

  it('O2 a new member while D1 fails is told, and not again and again', async () => {
    const [ada, grace, alan] = [await person('ada'), await person('grace'), await person('alan')]
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    await expect.poll(() => waiting(id)).toEqual([])
    const indexedAt = Date.now()
    lockDirectory()
    await socket.say('while D1 is down')
    await expect.poll(() => waiting(id), { timeout: 5_000 }).toEqual(['index'])
    // By now D1 could be asked again, were it not failing.
    await runInDurableObject(objectOf(id), (_, state) => {
      state.storage.sql.exec('UPDATE conversation SET indexed_at = ?', indexedAt - 60_000)
      state.storage.sql.exec("UPDATE outbox SET due_at = ? WHERE key = 'index'", indexedAt + 60_000)
    })
    const told = vi.spyOn(env.USERS, 'getByName')
    const path = `/api/conversations/${id}/members/${alan.user.id}`
    await call('PUT', path, { body: {}, headers: ada.bearer })
    await expect.poll(async () => (await listOf(alan)).length, { timeout: 5_000 }).toBe(1)
    told.mockClear()
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(told.mock.calls.length).toBeLessThan(10)
  }, 15_000)

  it('O2 a run that stops at a bug is tried again', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    await expect.poll(() => waiting(id)).toEqual([])
    const logs = captureLogs()
    await runInDurableObject(objectOf(id), async (_, state) => {
      state.storage.sql.exec("INSERT INTO outbox (key, attempts, due_at) VALUES ('summary', 0, 0)")
      state.storage.sql.exec('ALTER TABLE messages RENAME TO away')
      await state.storage.setAlarm(Date.now() + 60_000)
    })
    await runDurableObjectAlarm(objectOf(id))
    expect(logs.join()).toContain('no such table')
    expect(await runInDurableObject(objectOf(id), (_, state) => state.storage.getAlarm())).not.toBeNull()
  })

  it('O2 an inbox that fails is told again; nobody else waits for it, and nothing is counted twice', async () => {
    const [ada, grace, alan] = [await person('ada'), await person('grace'), await person('alan')]
    const { id } = await group(ada, grace, alan)
    await expect.poll(() => waiting(id)).toEqual([])
    // The object of one person loses its table for a while: every call to it is refused as internal.
    const inbox = env.USERS.getByName(grace.user.id)
    await runInDurableObject(
      inbox,
      (_, state) => void state.storage.sql.exec('ALTER TABLE inbox RENAME TO away'),
    )
    await (await live(ada, id)).say('hello')
    await expect.poll(async () => (await listOf(alan))[0]?.unread, { timeout: 5_000 }).toBe(1)
    await expect.poll(() => waiting(id), { timeout: 5_000 }).toEqual([`inbox:${grace.user.id}`])
    await runInDurableObject(
      inbox,
      (_, state) => void state.storage.sql.exec('ALTER TABLE away RENAME TO inbox'),
    )
    await expect.poll(async () => (await listOf(grace))[0]?.unread, { timeout: 10_000 }).toBe(1)
    await expect.poll(() => waiting(id), { timeout: 10_000 }).toEqual([])
  }, 25_000)

  it('O2 twice and late changes nothing', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    await socket.say('one')
    await expect.poll(async () => (await listOf(grace))[0]?.unread).toBe(1)
    const [old] = await listOf(grace)
    await socket.say('two')
    await expect.poll(async () => (await listOf(grace))[0]?.unread, { timeout: 5_000 }).toBe(2)
    await env.USERS.getByName(grace.user.id).putInboxRow({
      conversationId: id,
      version: 1,
      head: 1,
      summary: old ?? null,
    })
    expect((await listOf(grace))[0]?.unread).toBe(2)
  }, 15_000)

  it('a removed member loses the row, and a new one gets it', async () => {
    const [ada, grace, alan] = [await person('ada'), await person('grace'), await person('alan')]
    const { id } = await group(ada, grace)
    const path = (who: Person) => `/api/conversations/${id}/members/${who.user.id}`
    await call('PUT', path(alan), { body: {}, headers: ada.bearer })
    await call('DELETE', path(grace), { headers: ada.bearer })
    await expect.poll(() => waiting(id), { timeout: 6_000 }).toEqual([])
    expect(await listOf(grace)).toEqual([])
    expect((await listOf(alan)).map((row) => row.id)).toEqual([id])
    const rows = await env.DB.prepare('SELECT user_id, removed FROM members WHERE conversation_id = ?')
      .bind(id)
      .all()
    const byUser = Object.fromEntries(rows.results.map((row) => [row.user_id, row.removed]))
    expect(byUser).toEqual({ [ada.user.id]: 0, [grace.user.id]: 1, [alan.user.id]: 0 })
    expect((await indexRow(id))?.member_count).toBe(2)
  }, 15_000)

  it('a restart loses nothing that was to be told', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    await expect.poll(() => waiting(id)).toEqual([])
    await runInDurableObject(objectOf(id), (_, state) => {
      state.storage.sql.exec("INSERT INTO outbox (key, attempts, due_at) VALUES ('summary', 0, 0)")
      void state.storage.deleteAlarm()
    })
    await evictDurableObject(objectOf(id))
    await call('GET', `/api/conversations/${id}`, { headers: ada.bearer })
    await expect
      .poll(() => runDurableObjectAlarm(objectOf(id)).then(() => waiting(id)), { timeout: 6_000 })
      .toEqual([])
  })
})
