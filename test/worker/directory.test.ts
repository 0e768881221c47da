/** The directory in D1: people search, and an index that takes what comes twice, late or in any order. */
import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type ConversationRow,
  claimUsername,
  forgetUser,
  indexBatch,
  indexConversation,
  indexMembers,
  saveProfile,
  searchQuery,
  searchUsers,
  userIdByUsername,
  usersByIds,
} from '../../src/directory/directory.ts'
import {
  MEMBERS_MAX,
  USER_SEARCH_MAX,
  USER_SEARCHES_PER_MINUTE,
  type User,
  uuidv7,
} from '../../src/protocol/index.ts'
import { captureLogs } from '../support/worker/logs.ts'
import { call, codeOf, type Person, person } from '../support/worker/people.ts'

let me: Person

async function add(username: string, displayName: string): Promise<User> {
  const user = { id: uuidv7(), username, displayName, avatarUrl: null }
  await claimUsername(env.DB, { ...user, createdAt: 1, rev: 1 })
  return user
}

async function found(q: string, limit = USER_SEARCH_MAX): Promise<string[]> {
  return (await searchUsers(env.DB, { q, without: me.user.id, limit })).map((user) => user.username)
}

beforeAll(async () => {
  me = await person('searcher', 'Searcher Zoë')
  await add('zoe_miller', 'Zoë Müller')
  await add('zoe', 'Zoe Brown')
  await add('minji', '김민지')
  await add('hanako', '山田花子')
  for (let n = 0; n < 30; n += 1) await add(`crowd_${n}`, `Crowd ${n}`)
})

describe('CONTRACT 3 GET /users', () => {
  it.each([
    ['ZOË', ['zoe', 'zoe_miller']],
    ['zoe mul', ['zoe_miller']],
    ['miller', ['zoe_miller']],
    ['민지', ['minji']],
    ['花', ['hanako']],
    ['iller', []],
    ['', []],
    ['%', []],
    ["zoe'; DROP TABLE users; --", []],
    ['"zoe" OR *', []],
  ])('%j finds %j', async (q, usernames) => {
    expect(await found(q)).toEqual(usernames)
    const answer = await call('GET', `/api/users?q=${encodeURIComponent(q)}`, { headers: me.bearer })
    const { users } = await answer.json<{ users: User[] }>()
    expect(users.map((user) => user.username)).toEqual(usernames)
  })

  it('shows a person as others may see them, and never oneself', async () => {
    const answer = await call('GET', '/api/users?q=zoe', { headers: me.bearer })
    const { users } = await answer.json<{ users: User[] }>()
    expect(users[0]).toEqual({
      id: expect.any(String),
      username: 'zoe',
      displayName: 'Zoe Brown',
      avatarUrl: null,
    })
    expect(users.map((user) => user.id)).not.toContain(me.user.id)
  })

  it('finds at most ten, or as few as are asked for', async () => {
    const ask = async (query: string) => {
      const answer = await call('GET', `/api/users?q=crowd${query}`, { headers: me.bearer })
      return (await answer.json<{ users: User[] }>()).users.length
    }
    expect(await Promise.all([ask(''), ask('&limit=1'), ask('&limit=1000')])).toEqual([10, 1, 10])
    expect((await call('GET', '/api/users?q=x&limit=ten', { headers: me.bearer })).status).toBe(422)
  })

  it('is braked for whoever copies the directory', async () => {
    const { bearer } = await person('scraper')
    const answers = await Promise.all(
      Array.from({ length: USER_SEARCHES_PER_MINUTE + 1 }, () =>
        call('GET', '/api/users?q=', { headers: bearer }),
      ),
    )
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(USER_SEARCHES_PER_MINUTE)
    const refused = answers.find((answer) => answer.status !== 200)
    expect(refused && (await codeOf(refused))).toBe('rate_limited')
  })
})

describe('people search is a range of an index', () => {
  it.each(['z', 'zoe mul', '민지 김'])('%j scans no table', async (q) => {
    const { sql, params } = searchQuery(drizzle(env.DB), { q, without: me.user.id, limit: 10 }).toSQL()
    const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...params)
      .all<{ detail: string }>()
    const steps = results.map((row) => row.detail)
    expect(steps).toContainEqual(
      expect.stringMatching(/^SEARCH user_terms USING (COVERING )?INDEX \S+ \(term>\? AND term<\?\)$/),
    )
    // The one thing that is gone through is what the search itself has found.
    const scans = steps.filter((step) => step.startsWith('SCAN') && step !== 'SCAN candidates')
    expect(scans).toEqual([])
  })

  it('reads as many rows in a directory of 20,000 as in a small one', async () => {
    const { sql, params } = searchQuery(drizzle(env.DB), {
      q: 'zoe mul',
      without: me.user.id,
      limit: 10,
    }).toSQL()
    const rowsRead = async () =>
      (
        await env.DB.prepare(sql)
          .bind(...params)
          .all()
      ).meta.rows_read
    const small = await rowsRead()
    const numbers = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)'
    await env.DB.batch([
      env.DB.prepare(
        `INSERT INTO users ${numbers} SELECT 'id' || i, 'filler_' || i, 'Filler', NULL, 1, 1 FROM n`,
      ),
      env.DB.prepare(`INSERT INTO user_terms ${numbers} SELECT 'filler_' || i, 'id' || i, 1 FROM n`),
    ])
    expect(await rowsRead()).toBe(small)
    expect(small).toBeLessThan(20)
  })
})

describe('people', () => {
  it('have one name each', async () => {
    const ada = await add('ada_once', 'Ada')
    expect(await claimUsername(env.DB, { ...ada, createdAt: 1, rev: 1 }), 'a repeat is a success').toBe(true)
    expect(await claimUsername(env.DB, { ...ada, id: uuidv7(), createdAt: 1, rev: 1 })).toBe(false)
    expect(await userIdByUsername(env.DB, 'ada_once')).toBe(ada.id)
    expect(await found('ada_once')).toEqual(['ada_once'])
  })

  it('are found by the profile with the highest rev, in whatever order it is told', async () => {
    const grace = await add('grace_renamed', 'Grace')
    await saveProfile(env.DB, { ...grace, displayName: 'Hopper', rev: 3 })
    await saveProfile(env.DB, { ...grace, displayName: 'Murray', rev: 2 })
    expect(await found('hopper')).toEqual(['grace_renamed'])
    expect(await Promise.all([found('murray'), found('grace')])).toEqual([[], ['grace_renamed']])
    expect(await usersByIds(env.DB, [grace.id])).toEqual([{ ...grace, displayName: 'Hopper' }])
  })

  it('who are gone are found by nothing, stay gone, and leave their name to others', async () => {
    const alan = await add('alan_gone', 'Alan')
    await forgetUser(env.DB, alan.id)
    await forgetUser(env.DB, alan.id)
    await saveProfile(env.DB, { ...alan, displayName: 'Turing', rev: 9 })
    expect(await Promise.all([found('alan_gone'), found('turing'), usersByIds(env.DB, [alan.id])])).toEqual([
      [],
      [],
      [],
    ])
    expect(await claimUsername(env.DB, { ...alan, id: uuidv7(), createdAt: 2, rev: 1 })).toBe(true)
  })

  it('are looked up by the hundreds', async () => {
    const ids = [me.user.id, ...Array.from({ length: MEMBERS_MAX }, () => uuidv7()), me.user.id]
    expect(await usersByIds(env.DB, ids)).toEqual([me.user])
    expect(await usersByIds(env.DB, [])).toEqual([])
  })
})

describe('the index of conversations', () => {
  const row = (id: string, rev: number): ConversationRow => ({
    id,
    kind: 'private',
    name: `rev ${rev}`,
    description: null,
    memberCount: rev,
    lastSeq: rev,
    lastAuthorId: null,
    lastPreview: null,
    lastAt: null,
    createdAt: 1,
    updatedAt: rev,
    archivedAt: null,
    rev,
  })
  const stored = (id: string) =>
    env.DB.prepare('SELECT name, rev FROM conversations WHERE id = ?').bind(id).first()

  it('keeps the highest rev of a conversation, and takes it twice', async () => {
    for (const rev of [2, 2, 1, 5, 3]) await indexConversation(env.DB, row('by-rev', rev))
    expect(await stored('by-rev')).toEqual({ name: 'rev 5', rev: 5 })
  })

  it('keeps who has left out, when an older "added" comes late', async () => {
    const member = {
      conversationId: 'left',
      userId: me.user.id,
      role: 'member',
      removed: false,
      rev: 4,
    } as const
    await indexMembers(env.DB, [{ ...member, removed: true, rev: 7 }])
    await indexMembers(env.DB, [member])
    const kept = await env.DB.prepare("SELECT removed, rev FROM members WHERE conversation_id = 'left'").all()
    expect(kept.results).toEqual([{ removed: 1, rev: 7 }])
  })

  it('takes a conversation of a thousand with all its members in one transaction', async () => {
    const members = Array.from({ length: MEMBERS_MAX }, () => {
      return { conversationId: 'large', userId: uuidv7(), role: 'member', removed: false, rev: 1 } as const
    })
    await indexBatch(env.DB, { conversation: row('large', 1), members })
    const { count } = (await env.DB.prepare(
      "SELECT count(*) AS count FROM members WHERE conversation_id = 'large'",
    ).first<{
      count: number
    }>()) ?? { count: 0 }
    expect(count).toBe(MEMBERS_MAX)
    captureLogs()
    const broken = { ...members[0], conversationId: 'broken', role: null } as never
    await expect(
      indexBatch(env.DB, { conversation: row('broken', 1), members: [broken] }),
    ).rejects.toMatchObject({
      code: 'unavailable',
    })
    expect(await stored('broken')).toBeNull()
  })

  it('has nothing to do for nothing', async () => {
    await expect(indexBatch(env.DB, { members: [] })).resolves.toBeUndefined()
  })
})
