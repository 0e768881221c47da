/** Messages that a person saves for themselves: places in their own object, words always the conversation's. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { SAVED_MAX, type SavedAnswer, type SavedMarksAnswer, uuidv7 } from '../../src/protocol/index.ts'
import { TestInbox } from '../support/worker/inbox-sockets.ts'
import { captureLogs } from '../support/worker/logs.ts'
import { call, codeOf, type Person, person } from '../support/worker/people.ts'
import { group, live, objectOf } from '../support/worker/sockets.ts'

const path = (conversationId: string, seq: number | string) => `/api/me/saved/${conversationId}/${seq}`

async function save(who: Person, conversationId: string, seq: number | string): Promise<Response> {
  return call('PUT', path(conversationId, seq), { headers: who.bearer })
}

async function unsave(who: Person, conversationId: string, seq: number | string): Promise<Response> {
  return call('DELETE', path(conversationId, seq), { headers: who.bearer })
}

async function list(who: Person, query = ''): Promise<SavedAnswer> {
  const answer = await call('GET', `/api/me/saved${query}`, { headers: who.bearer })
  expect(answer.status).toBe(200)
  return answer.json()
}

async function marks(who: Person): Promise<SavedMarksAnswer> {
  return (await call('GET', '/api/me/saved/marks', { headers: who.bearer })).json()
}

/** A group of ada and grace in which ada has said these. */
async function talk(...texts: string[]) {
  const [ada, grace] = [await person('ada', 'Ada'), await person('grace', 'Grace')]
  const { id } = await group(ada, grace)
  const socket = await live(ada, id)
  for (const text of texts) await socket.say(text)
  return { ada, grace, id, socket }
}

const textsOf = ({ saved }: SavedAnswer) => saved.map(({ message }) => message?.text ?? null)

describe('K1 saving', () => {
  it('K1 keeps a message for its reader alone, and lets it go', async () => {
    const { ada, grace, id } = await talk('one', 'two')
    expect((await save(grace, id, 1)).status).toBe(204)
    expect((await save(grace, id, 2)).status).toBe(204)
    const { saved, next } = await list(grace)
    expect(saved).toMatchObject([
      {
        conversationId: id,
        seq: 2,
        message: { text: 'two' },
        author: { id: ada.user.id, displayName: 'Ada' },
      },
      { conversationId: id, seq: 1, message: { text: 'one' } },
    ])
    expect(next).toBeNull()
    expect(await list(ada)).toEqual({ saved: [], next: null })
    expect((await unsave(grace, id, 2)).status).toBe(204)
    expect(textsOf(await list(grace))).toEqual(['one'])
  })

  it('K1 a retry, and letting go of what was not saved, change nothing', async () => {
    const { grace, id } = await talk('one', 'two')
    await save(grace, id, 1)
    await save(grace, id, 2)
    const before = [await list(grace), await marks(grace)]
    expect((await save(grace, id, 1)).status).toBe(204)
    expect((await unsave(grace, id, 77)).status).toBe(204)
    expect([await list(grace), await marks(grace)]).toEqual(before)
  })

  it('K1 what one may not see does not exist, and nothing is kept of it', async () => {
    const { ada, grace, id, socket } = await talk('one', 'two')
    const mallory = await person('mallory')
    socket.send({ type: 'delete', id: uuidv7(), target: 2 })
    await socket.next('ack')
    const forged = 'f'.repeat(64)
    for (const [who, where, seq] of [
      [mallory, id, 1],
      [ada, id, 2],
      [ada, id, 99],
      [ada, forged, 1],
      [ada, 'nonsense', 1],
      [ada, id, '0'],
      [ada, id, '1.5'],
      [ada, id, 'x'],
    ] as const) {
      const answer = await save(who, where, seq)
      expect([answer.status, await codeOf(answer)]).toEqual([404, 'not_found'])
    }
    expect((await call('PUT', path(id, 1))).status).toBe(401)
    expect((await call('GET', '/api/me/saved')).status).toBe(401)
    for (const who of [ada, mallory]) expect((await marks(who)).rev).toBe(0)
    expect((await save(grace, id, 1)).status).toBe(204)
  })

  it('K1 the 1,001st is refused until another is let go', async () => {
    const { grace, id } = await talk('one', 'two')
    await runInDurableObject(env.USERS.getByName(grace.user.id), (_, { storage }) => {
      for (let n = 1; n < SAVED_MAX; n += 1)
        storage.sql.exec('INSERT INTO saved VALUES (?, ?, ?)', id, 100 + n, n)
    })
    expect((await save(grace, id, 1)).status).toBe(204)
    const refused = await save(grace, id, 2)
    expect([refused.status, await codeOf(refused)]).toEqual([409, 'conflict'])
    expect((await save(grace, id, 1)).status).toBe(204)
    await unsave(grace, id, 101)
    expect((await save(grace, id, 2)).status).toBe(204)
  })
})

describe('K2 reading what was saved', () => {
  it('K2 says what the message says now: edited, deleted, and not to who was removed', async () => {
    const { ada, grace, id, socket } = await talk('one', 'two', 'three')
    for (const seq of [1, 2, 3]) await save(grace, id, seq)
    socket.send({ type: 'edit', id: uuidv7(), target: 1, text: 'uno' })
    socket.send({ type: 'delete', id: uuidv7(), target: 2 })
    await socket.upTo(5)
    const { saved } = await list(grace)
    expect(saved.map(({ message }) => message?.text ?? null)).toEqual(['three', null, 'uno'])
    expect(saved[1]).toMatchObject({ conversationId: id, seq: 2, message: null, author: null })

    const members = `/api/conversations/${id}/members/${grace.user.id}`
    expect((await call('DELETE', members, { headers: ada.bearer })).status).toBe(204)
    const after = await list(grace)
    expect(after.saved.map(({ message, author, unanswered }) => [message, author, unanswered])).toEqual([
      [null, null, undefined],
      [null, null, undefined],
      [null, null, undefined],
    ])
    expect(JSON.stringify(after)).not.toContain('uno')
    expect((await save(grace, id, 3)).status).toBe(404)
    expect((await unsave(grace, id, 3)).status).toBe(204)
  })

  it('K2 no word of a message is kept in the person’s object', async () => {
    const { grace, id } = await talk('a secret of the conversation')
    await save(grace, id, 1)
    const kept = await runInDurableObject(env.USERS.getByName(grace.user.id), (_, { storage }) =>
      JSON.stringify(storage.sql.exec('SELECT * FROM saved').toArray()),
    )
    expect(Object.keys(JSON.parse(kept)[0])).toEqual(['conversation_id', 'seq', 'saved_at'])
    expect(kept).not.toContain('secret')
  })

  it('K2 pages, last saved first, over conversations, also where the clock stands still', async () => {
    const { ada, grace, id } = await talk('one', 'two', 'three', 'four')
    const other = await group(grace, ada)
    await (await live(grace, other.id)).say('elsewhere')
    await save(grace, id, 4)
    await save(grace, other.id, 1)
    for (const seq of [1, 3, 2]) await save(grace, id, seq)
    const pages: (string | null)[][] = []
    for (let query = '?limit=2'; ; ) {
      const page = await list(grace, query)
      pages.push(textsOf(page))
      if (page.next === null) break
      query = `?limit=2&before=${page.next}`
    }
    expect(pages).toEqual([['two', 'three'], ['one', 'elsewhere'], ['four']])
    for (const query of ['?limit=51', '?limit=0', '?before=-1', '?before=x']) {
      expect((await call('GET', `/api/me/saved${query}`, { headers: grace.bearer })).status).toBe(422)
    }
  })

  it('K2 a conversation that does not answer hides no other, and is said to be so', async () => {
    const logs = captureLogs()
    const { ada, grace, id } = await talk('one')
    const other = await group(grace, ada)
    await (await live(grace, other.id)).say('elsewhere')
    await save(grace, id, 1)
    await save(grace, other.id, 1)
    await runInDurableObject(objectOf(id), (_, { storage }) => {
      storage.sql.exec('ALTER TABLE messages RENAME TO lost')
    })
    expect((await list(grace)).saved).toMatchObject([
      { conversationId: other.id, message: { text: 'elsewhere' } },
      { conversationId: id, message: null, unanswered: true },
    ])
    await runInDurableObject(objectOf(id), (_, { storage }) => {
      storage.sql.exec('ALTER TABLE lost RENAME TO messages')
    })
    expect(logs.join('\n')).toContain('saved.read')
    expect(logs.join('\n')).not.toContain('elsewhere')
  })
})

describe('K3 on all devices', () => {
  const savedFrames = (tab: TestInbox) => tab.frames.filter((frame) => frame.type === 'saved')

  it('K3 own sockets hear of each change once, nobody else hears of any', async () => {
    const { ada, grace, id } = await talk('one', 'two')
    const [tab, phone, stranger] = await Promise.all([grace, grace, ada].map((who) => TestInbox.connect(who)))
    await expect.poll(() => [tab, phone, stranger].every((each) => each?.isLive)).toBe(true)
    await save(grace, id, 2)
    await save(grace, id, 2)
    await unsave(grace, id, 2)
    const heard = [
      { type: 'saved', rev: 1, changes: [{ conversationId: id, seq: 2, on: true }] },
      { type: 'saved', rev: 2, changes: [{ conversationId: id, seq: 2, on: false }] },
    ]
    for (const each of [tab, phone]) {
      await expect.poll(() => each && savedFrames(each)).toEqual(heard)
    }
    expect(stranger && savedFrames(stranger)).toEqual([])
  })

  it('K3 who comes back is told where it stands, and asks for the marks', async () => {
    const { ada, grace, id } = await talk('one', 'two')
    await save(grace, id, 2)
    await save(grace, id, 1)
    const tab = await TestInbox.connect(grace)
    await expect.poll(() => tab.isLive).toBe(true)
    expect(savedFrames(tab)).toEqual([{ type: 'saved', rev: 2, changes: [] }])
    const types = tab.frames.map(({ type }) => type)
    expect(types.indexOf('saved')).toBeLessThan(types.indexOf('live'))
    expect(await marks(grace)).toEqual({ rev: 2, marks: { [id]: [1, 2] } })
    const other = await TestInbox.connect(ada)
    await expect.poll(() => other.isLive).toBe(true)
    expect(savedFrames(other)).toEqual([])
  })
})

it('K4 ending the account ends what it saved', async () => {
  const { grace, id } = await talk('one')
  await save(grace, id, 1)
  const body = { password: grace.password }
  expect((await call('DELETE', '/api/me', { body, headers: grace.cookies })).status).toBe(204)
  const left = await runInDurableObject(env.USERS.getByName(grace.user.id), (_, { storage }) =>
    storage.sql.exec('SELECT count(*) AS n FROM saved').one(),
  )
  expect(left).toEqual({ n: 0 })
  expect((await call('GET', '/api/me/saved', { headers: grace.bearer })).status).toBe(401)
})
