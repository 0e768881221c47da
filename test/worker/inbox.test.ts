/** The list of a person's conversations: what conversations tell their members, at least once and maybe late. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Summary } from '../../src/protocol/index.ts'
import { durableSql } from '../../src/sqlite/sql.ts'
import { personStore } from '../../src/user/store.ts'
import { call, codeOf, type Person, person } from '../support/worker/people.ts'

let ada: Person
let inbox: ReturnType<typeof env.USERS.getByName>
beforeEach(async () => {
  ada = await person('ada')
  inbox = env.USERS.getByName(ada.user.id)
})

/** A conversation id: the n-th of an object that could be one. */
const idOf = (n: number) => n.toString(16).padStart(64, '0')

function summary(n: number, updatedAt: number, more: Partial<Summary> = {}): Summary {
  return {
    id: idOf(n),
    kind: 'private',
    name: `Conversation ${n}`,
    description: null,
    role: 'member',
    members: [ada.user],
    memberCount: 1,
    lastMessage: null,
    unread: 0,
    mentions: 0,
    readSeq: 0,
    level: 'all',
    archivedAt: null,
    updatedAt,
    ...more,
  }
}

async function put(n: number, version: number, value: Summary | null): Promise<void> {
  expect(
    await inbox.putInboxRow({ conversationId: idOf(n), version, head: version, summary: value }),
  ).toEqual({
    ok: true,
    value: { isOnline: false },
  })
}

async function list(): Promise<(string | null)[]> {
  const answer = await call('GET', '/api/conversations', { headers: ada.bearer })
  const { conversations } = await answer.json<{ conversations: Summary[] }>()
  return conversations.map((conversation) => conversation.name)
}

function revs(): Promise<Record<string, number>> {
  return runInDurableObject(inbox, (_, state) => {
    const rows = state.storage.sql.exec<{ id: string; rev: number }>(
      'SELECT conversation_id AS id, rev FROM inbox',
    )
    return Object.fromEntries(rows.toArray().map((row) => [Number.parseInt(row.id, 16), row.rev]))
  })
}

describe('an inbox row', () => {
  it('is the newest that was told, in whatever order and however often', async () => {
    for (const version of [2, 1, 4, 4, 3])
      await put(1, version, summary(1, version, { name: `version ${version}` }))
    expect(await list()).toEqual(['version 4'])
  })

  it('goes when the person does, and does not come back late', async () => {
    await put(1, 1, summary(1, 10))
    await put(1, 5, null)
    await put(1, 3, summary(1, 30))
    expect(await list()).toEqual([])
    expect(await inbox.conversationIds()).toMatchObject({ value: [] })
    await put(1, 6, summary(1, 60))
    expect(await list()).toEqual(['Conversation 1'])
    expect(await inbox.conversationIds()).toMatchObject({ value: [idOf(1)] })
  })

  it('C3 keeps nothing of what was said where the person is out: it may be erased without a word to here', async () => {
    const lastMessage = { seq: 1, authorId: ada.user.id, preview: 'the secret', createdAt: 10 }
    await put(1, 1, summary(1, 10, { lastMessage, unread: 1 }))
    await put(1, 2, null)
    const kept = await runInDurableObject(inbox, (_, state) =>
      JSON.stringify(state.storage.sql.exec('SELECT * FROM inbox').toArray()),
    )
    expect(kept).toContain('Conversation 1')
    expect(kept).not.toContain('the secret')
  })

  it('takes the next rev with every change, and none without', async () => {
    await put(1, 1, summary(1, 10))
    await put(2, 1, summary(2, 20))
    await put(1, 1, summary(1, 10))
    expect(await revs()).toEqual({ 1: 1, 2: 2 })
    await put(1, 2, summary(1, 30))
    await put(2, 2, null)
    expect(await revs()).toEqual({ 1: 3, 2: 4 })
  })
})

describe('CONTRACT 3 GET /conversations', () => {
  it('is empty at first', async () => {
    const answer = await call('GET', '/api/conversations', { headers: ada.bearer })
    expect(await answer.json()).toEqual({ conversations: [], next: null })
  })

  it('pages from the newest activity down, without a gap or a repeat, ties included', async () => {
    for (let n = 1; n <= 25; n += 1) await put(n, 1, summary(n, 1_000 + Math.floor(n / 4)))
    const seen: Summary[] = []
    const sizes: number[] = []
    let path: string | null = '/api/conversations?limit=10'
    while (path) {
      const answer: Response = await call('GET', path, { headers: ada.bearer })
      const { conversations, next } = await answer.json<{ conversations: Summary[]; next: string | null }>()
      seen.push(...conversations)
      sizes.push(conversations.length)
      path = next === null ? null : `/api/conversations?limit=10&cursor=${encodeURIComponent(next)}`
    }
    expect(sizes).toEqual([10, 10, 5])
    const expected = Array.from({ length: 25 }, (_, at) => summary(at + 1, 1_000 + Math.floor((at + 1) / 4)))
    expect(seen).toEqual(expected.sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1)))
  })

  it('reads a page, not the list', async () => {
    await runInDurableObject(inbox, (_, state) => {
      const store = personStore(durableSql(state.storage))
      store.open()
      for (let n = 1; n <= 500; n += 1) {
        store.putInboxRow({
          ...{
            conversationId: idOf(n),
            version: 1,
            head: 1,
            rev: n,
            updatedAt: n,
            isLarge: 0,
            summary: '{}',
          },
          ...{ removed: 0, level: 'all', mutedUntil: 0, pinned: 0, hiddenAtSeq: null, draft: null },
        })
      }
      const before = store.sql.meter.rowsRead
      expect(store.inboxPage({ updatedAt: 400, conversationId: '' }, 10)).toHaveLength(10)
      expect(store.sql.meter.rowsRead - before).toBeLessThanOrEqual(21)
    })
  })

  it.each(['x', '1', '1.x', `-1.${'0'.repeat(64)}`, `1.${'0'.repeat(64)}'`])(
    'refuses the cursor %j',
    async (cursor) => {
      await put(1, 1, summary(1, 10))
      const answer = await call('GET', `/api/conversations?cursor=${encodeURIComponent(cursor)}`, {
        headers: ada.bearer,
      })
      expect([answer.status, await codeOf(answer)]).toEqual([422, 'invalid'])
    },
  )
})
