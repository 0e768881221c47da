/**
 * What each thing that people do uses of the platform, counted. `npm run cost` multiplies these counts with
 * loads and prices, so a thing that has become dearer fails here until `bench/cost/counts.ts` says so.
 */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, expect, it, vi } from 'vitest'
import { counts } from '../../bench/cost/counts.ts'
import type { Costs } from '../../src/sqlite/sql.ts'
import { TestInbox } from '../support/worker/inbox-sockets.ts'
import { call, type Person, person } from '../support/worker/people.ts'
import { group, live, objectOf } from '../support/worker/sockets.ts'

const TEXT = 'a text of the usual length, which says when and where we meet'
/** Longer than a list is told at most once in. */
const QUIET_MS = 2_500

type Use = { requests: number; rowsRead: number; rowsWritten: number }

afterEach(() => void vi.restoreAllMocks())

it('a text, and telling one member of it', async () => {
  const [few, many] = [await usesOfText(2), await usesOfText(12)]
  const perMember = (key: keyof Use) => Math.max(0, (many.objects[key] - few.objects[key]) / 10)
  const telling = use(perMember)
  const text = use((key) => few.objects[key] - 2 * telling[key])
  expectAtMost('text', text)
  expectAtMost('telling', telling)
  expectAtMost('indexing', few.index)
}, 60_000)

it('opening a conversation, its lease, reading, typing; opening the list; being there', async () => {
  const [ada, grace] = [await person('ada'), await person('grace')]
  const { id } = await group(ada, grace)
  for (let n = 0; n < 60; n += 1) await say(ada, id)
  await told(id)
  const tab = await TestInbox.connect(grace)
  await expect.poll(() => tab.isLive).toBe(true)
  const measure = measurer(id, [ada, grace])

  const list = await measure(async () => void (await TestInbox.connect(grace)))
  expectAtMost('openList', list.objects)
  const open = await measure(() => live(grace, id))
  expectAtMost('openConversation', open.objects)
  const socket = await live(grace, id)
  const other = await live(ada, id)
  const typing = await measure(async () => {
    socket.send({ type: 'typing', active: true })
    await other.next('typing')
  })
  expectAtMost('typing', typing.objects)
  const reading = await measure(async () => {
    socket.send({ type: 'read', seq: 60 })
    await other.next('read')
    await told(id)
  })
  expectAtMost('read', reading.objects)
  const renewing = await measure(async () => {
    const answer = await call('POST', '/api/auth/lease', { body: {}, headers: grace.bearer })
    const { lease } = await answer.json<{ lease: string }>()
    socket.send({ type: 'renew', lease })
    await new Promise((resolve) => setTimeout(resolve, 100))
  })
  expectAtMost('lease', renewing.objects)
  const idle = await measure(async () => {
    socket.send('ping')
    tab.send('ping')
    await new Promise((resolve) => setTimeout(resolve, 200))
  })
  expectAtMost('idle', idle.objects)
}, 30_000)

it('what a text takes of the disk', async () => {
  const [ada, grace] = [await person('ada'), await person('grace')]
  const { id } = await group(ada, grace)
  const size = () => runInDurableObject(objectOf(id), (_, state) => state.storage.sql.databaseSize)
  const before = await size()
  const socket = await live(ada, id)
  for (let n = 0; n < 1_000; n += 1) await socket.say(`${TEXT} ${n}`)
  const each = ((await size()) - before) / 1_000
  console.log(`${before} bytes of a conversation, ${each} of each text`)
  expect(before).toBeLessThanOrEqual(counts.bytes.conversation)
  expect(each).toBeLessThanOrEqual(counts.bytes.text)
}, 30_000)

/** One text after a silence, until D1 and every list have heard of it. Everybody's list is open. */
async function usesOfText(members: number) {
  const people = await Promise.all(Array.from({ length: members }, (_, n) => person(`p${n}`)))
  const [ada, ...others] = people
  if (!ada) throw new Error('nobody')
  const { id } = await group(ada, ...others)
  const tabs = await Promise.all(people.map((who) => TestInbox.connect(who)))
  await say(ada, id)
  await told(id)
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
  const used = await measurer(
    id,
    people,
  )(async () => {
    await say(ada, id)
    await told(id)
  })
  for (const tab of tabs) tab.close()
  return used
}

/** Counts what is used of the objects and of D1 while something is done. */
function measurer(id: string, people: readonly Person[]) {
  const index: Use = { requests: 0, rowsRead: 0, rowsWritten: 0 }
  vi.restoreAllMocks()
  const calls = vi.fn()
  const [batch, getByName] = [env.DB.batch.bind(env.DB), env.USERS.getByName.bind(env.USERS)]
  vi.spyOn(env.DB, 'batch').mockImplementation(async (statements) => {
    const results = await batch(statements)
    for (const { meta } of results) {
      index.rowsRead += meta.rows_read
      index.rowsWritten += meta.rows_written
    }
    return results as never
  })
  vi.spyOn(env.USERS, 'getByName').mockImplementation((name) => {
    calls(name)
    return getByName(String(name))
  })
  const objects = () => [objectOf(id), ...people.map((who) => getByName(who.user.id))]
  const read = async (): Promise<Costs[]> =>
    Promise.all(objects().map(async (object) => ({ ...(await object.costs()) })))
  return async (work: () => Promise<unknown>) => {
    const before = await read()
    calls.mockClear()
    Object.assign(index, { requests: 0, rowsRead: 0, rowsWritten: 0 })
    await work()
    const after = await read()
    const sum = (key: keyof Costs) =>
      after.reduce((all, each, n) => all + each[key] - (before[n]?.[key] ?? 0), 0)
    const alarms = sum('alarmsSet')
    // An alarm that is set is a row written; one that fires is a request, and none fires that was not set.
    const used = {
      requests: calls.mock.calls.length + alarms,
      rowsRead: sum('rowsRead'),
      rowsWritten: sum('rowsWritten') + alarms,
    }
    return { objects: used, index: { ...index } }
  }
}

async function say(who: Person, id: string): Promise<void> {
  const body = { id: crypto.randomUUID(), text: TEXT }
  const answer = await call('POST', `/api/conversations/${id}/messages`, { body, headers: who.bearer })
  expect(answer.status).toBe(201)
}

/** Until the outbox is empty, by itself: looking is not counted. */
async function told(id: string): Promise<void> {
  await expect
    .poll(
      () =>
        runInDurableObject(objectOf(id), (_, state) =>
          state.storage.sql.exec('SELECT * FROM outbox').toArray(),
        ),
      { timeout: 10_000, interval: 20 },
    )
    .toEqual([])
}

function use(value: (key: keyof Use) => number): Use {
  return { requests: value('requests'), rowsRead: value('rowsRead'), rowsWritten: value('rowsWritten') }
}

function expectAtMost(name: Exclude<keyof typeof counts, 'bytes'>, used: Use): void {
  console.log(`${name}: ${JSON.stringify(used)}`)
  for (const key of ['requests', 'rowsRead', 'rowsWritten'] as const) {
    expect(used[key], `${name} ${key}`).toBeLessThanOrEqual(counts[name][key])
  }
}
