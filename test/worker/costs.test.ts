/** What things cost, counted: a change that makes a message dearer fails here. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { call, type Person, person } from '../support/worker/people.ts'
import { addMembers, group, live, objectOf } from '../support/worker/sockets.ts'

async function costOf(
  id: string,
  work: () => Promise<unknown>,
): Promise<{ rowsRead: number; rowsWritten: number }> {
  const before = await objectOf(id).costs()
  await work()
  const after = await objectOf(id).costs()
  return { rowsRead: after.rowsRead - before.rowsRead, rowsWritten: after.rowsWritten - before.rowsWritten }
}

/** Lets the alarm tell what waits, until nothing does. */
async function settle(id: string): Promise<void> {
  await vi.waitFor(async () => {
    await runDurableObjectAlarm(objectOf(id))
    const rows = await runInDurableObject(objectOf(id), (_, state) =>
      state.storage.sql.exec('SELECT * FROM outbox').toArray(),
    )
    expect(rows).toEqual([])
  }, 10_000)
}

/** Fills the log in one statement: as many rows as 100,000 sends would leave. */
async function fill(id: string, author: Person, count: number): Promise<void> {
  await runInDurableObject(objectOf(id), (_, state) => {
    state.storage.sql.exec(
      `INSERT INTO messages (seq, author_id, client_id, payload_hash, kind, text, mentions, attachments, created_at)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        SELECT i, ?, printf('%08d-0000-7000-8000-000000000000', i), '', 'text', 'message ' || i, '[]', '[]', i FROM n`,
      count,
      author.user.id,
    )
    state.storage.sql.exec('UPDATE conversation SET head = ?', count)
  })
}

describe('costs', () => {
  it('S9 a text writes at most four rows in its object, indexes included, and none in D1', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    await settle(id)
    const socket = await live(ada, id)
    await socket.say('warm up')
    await settle(id)
    const d1 = vi.spyOn(env.DB, 'prepare')
    const batch = vi.spyOn(env.DB, 'batch')
    const quiet = await costOf(id, () => socket.say('the first after a silence'))
    const busy = await costOf(id, () => socket.say('the next'))
    expect(quiet.rowsWritten).toBeLessThanOrEqual(4)
    expect(busy.rowsWritten).toBeLessThanOrEqual(3)
    expect(d1).not.toHaveBeenCalled()
    expect(batch).not.toHaveBeenCalled()
    vi.restoreAllMocks()
    console.log(
      `a text: ${quiet.rowsWritten} rows written when quiet, ${busy.rowsWritten} when busy, ${busy.rowsRead} read`,
    )
  })

  it('L3 a conversation of 100,000 messages opens its newest page with at most 100 rows read', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    await fill(id, ada, 100_000)
    const path = `/api/conversations/${id}/messages`
    const page = await costOf(id, async () => {
      const answer = await call('GET', path, { headers: grace.bearer })
      const { messages, hasOlder } = await answer.json<{ messages: { seq: number }[]; hasOlder: boolean }>()
      expect(messages.map((message) => message.seq)).toEqual(Array.from({ length: 50 }, (_, n) => 99_951 + n))
      expect(hasOlder).toBe(true)
    })
    expect(page.rowsRead).toBeLessThanOrEqual(100)
    expect(page.rowsWritten).toBe(0)
    const opening = await costOf(id, async () => (await live(grace, id)).close())
    expect(opening.rowsRead).toBeLessThanOrEqual(100)
    expect(opening.rowsWritten).toBe(0)
    console.log(
      `newest of 100,000: ${page.rowsRead} rows read by the page, ${opening.rowsRead} by the socket`,
    )
  })

  it('G8 typing and pings write nothing; a read marker writes two rows at most', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const [a, b] = [await live(ada, id), await live(grace, id)]
    await a.say('hello')
    await settle(id)
    const typing = await costOf(id, async () => {
      b.send({ type: 'typing', active: true })
      await a.next('typing')
      b.send('ping')
    })
    expect(typing.rowsWritten).toBe(0)
    const read = await costOf(id, async () => {
      b.send({ type: 'read', seq: 1 })
      await a.next('read')
    })
    expect(read.rowsWritten).toBeLessThanOrEqual(2)
  })

  it('E1 E2 a keystroke or a look in a conversation of 900 does not count its members', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    await socket.say('hello')
    await runInDurableObject(objectOf(id), (_, state) => void state.storage.sql.exec('DELETE FROM outbox'))
    await addMembers(id, 900)
    const before = (await objectOf(id).costs()).rowsRead
    socket.send({ type: 'typing', active: true })
    socket.send({ type: 'frame that tells that typing was heard' })
    await socket.next('error')
    expect((await objectOf(id).costs()).rowsRead - before).toBeLessThan(70)
  })

  it('D1 no hot question scans a table', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const plans = await runInDurableObject(objectOf(id), (_, state) =>
      [
        'SELECT * FROM messages WHERE seq < 5 ORDER BY seq DESC LIMIT 50',
        'SELECT * FROM messages WHERE seq > 5 ORDER BY seq',
        'SELECT * FROM events WHERE seq > 5 ORDER BY seq',
        "SELECT seq FROM messages WHERE author_id = 'a' AND client_id = 'b'",
        "SELECT seq FROM events WHERE by = 'a' AND client_id = 'b'",
        "SELECT 1 FROM messages WHERE mentions <> '[]' AND seq > 5 AND author_id <> 'a' LIMIT 100",
        "SELECT * FROM members WHERE user_id = 'a' AND removed_at IS NULL",
      ].map((query) => state.storage.sql.exec<{ detail: string }>(`EXPLAIN QUERY PLAN ${query}`).toArray()),
    )
    for (const plan of plans) for (const { detail } of plan) expect(detail).toMatch(/^SEARCH/)
  })
})
