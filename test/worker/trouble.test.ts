/** A minute in which much goes wrong at once: sends go on, every list converges, nothing is counted twice. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, expect, it, vi } from 'vitest'
import { uuidv7 } from '../../src/protocol/index.ts'
import { lockDirectory } from '../support/worker/directory.ts'
import { TestInbox } from '../support/worker/inbox-sockets.ts'
import { call, person } from '../support/worker/people.ts'
import { group, live, objectOf } from '../support/worker/sockets.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

it('O3 D1 down for 60 s, one object evicted, another one failing: all acked, all lists right in the end', async () => {
  const [ada, grace, alan] = [await person('ada'), await person('grace'), await person('alan')]
  const { id } = await group(ada, grace, alan)
  const [stub, gracesObject, alansObject] = [
    objectOf(id),
    ...[grace, alan].map((who) => env.USERS.getByName(who.user.id)),
  ]
  if (!gracesObject || !alansObject) throw new Error('nobody')
  const socket = await live(ada, id)
  const tab = await TestInbox.connect(grace)
  const began = Date.now()

  lockDirectory()
  await runInDurableObject(
    alansObject,
    (_, state) => void state.storage.sql.exec('ALTER TABLE inbox RENAME TO away'),
  )
  for (let second = 0; second < 60; second += 1) {
    vi.useFakeTimers({ toFake: ['Date'], now: began + second * 1_000 })
    const ack = await socket.say(`second ${second}`, uuidv7())
    expect(ack.seq).toBe(second + 1)
    if (second % 15 === 7) await evictDurableObject(gracesObject)
    await runDurableObjectAlarm(stub)
  }
  const indexed = () =>
    env.DB.prepare('SELECT last_seq FROM conversations WHERE id = ?').bind(id).first('last_seq')
  expect(await indexed()).toBeNull()
  expect(tab.rows.get(id)?.unread).toBeGreaterThan(40)

  vi.restoreAllMocks()
  await runInDurableObject(
    alansObject,
    (_, state) => void state.storage.sql.exec('ALTER TABLE away RENAME TO inbox'),
  )
  for (let round = 1; round <= 6; round += 1) {
    vi.useFakeTimers({ toFake: ['Date'], now: began + 60_000 + round * 20_000 })
    await runDurableObjectAlarm(stub)
  }
  vi.useRealTimers()
  expect(await indexed()).toBe(60)
  await expect.poll(() => tab.rows.get(id)?.unread).toBe(60)
  for (const who of [grace, alan]) {
    const answer = await call('GET', '/api/conversations', { headers: who.bearer })
    const { conversations } = await answer.json<{ conversations: { unread: number }[] }>()
    expect(conversations.map(({ unread }) => unread)).toEqual([60])
  }
  const left = await runInDurableObject(stub, (_, state) =>
    state.storage.sql.exec('SELECT * FROM outbox').toArray(),
  )
  expect(left).toEqual([])
}, 30_000)
