/** A person's own account, and what others are told of it: conversations, their sockets, the directory. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { searchUsers, userIdByUsername } from '../../src/directory/directory.ts'
import { CLOSE, type Member, type User, uuidv7 } from '../../src/protocol/index.ts'
import { durableSql } from '../../src/sqlite/sql.ts'
import { endSession } from '../../src/user/sessions.ts'
import { personStore } from '../../src/user/store.ts'
import { captureLogs } from '../support/worker/logs.ts'
import {
  call,
  codeOf,
  cookieHeader,
  direct,
  open,
  PASSWORD,
  type Person,
  person,
  setCookiesOf,
  signIn,
  signUp,
} from '../support/worker/people.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

async function membersOf(id: string, asker: Person): Promise<User[]> {
  const answer = await call('GET', `/api/conversations/${id}`, { headers: asker.bearer })
  const { members } = await answer.json<{ members: Member[] }>()
  return members.map((member) => member.user)
}

/** Waits until the person's inbox has heard of the conversation: it is told by the conversation's alarm. */
async function listed(who: Person, id: string): Promise<void> {
  await vi.waitFor(async () => {
    expect(await env.USERS.getByName(who.user.id).conversationIds()).toMatchObject({ value: [id] })
  })
}

function socketOf(id: string, headers: Record<string, string>) {
  return open(`/api/conversations/${id}/socket`, headers)
}

describe('CONTRACT 3 PATCH /me', () => {
  it('changes what is given, and tells the directory and every conversation', async () => {
    const [ada, grace] = await Promise.all([person('ada', 'Ada'), person('grace')])
    const id = await direct(ada, grace)
    await listed(ada, id)
    const change = { displayName: ' Ada Lovelace ', avatarUrl: 'https://example.test/ada.png' }
    const answer = await call('PATCH', '/api/me', { body: change, headers: ada.bearer })
    const renamed = { ...ada.user, displayName: 'Ada Lovelace', avatarUrl: change.avatarUrl }
    expect(await answer.json()).toEqual({ user: renamed })
    await vi.waitFor(async () => {
      expect(await membersOf(id, grace)).toContainEqual(renamed)
      expect(await searchUsers(env.DB, { q: 'lovelace', without: '', limit: 10 })).toEqual([renamed])
    })
    const cleared = await call('PATCH', '/api/me', { body: { avatarUrl: null }, headers: ada.bearer })
    expect(await cleared.json()).toEqual({ user: { ...renamed, avatarUrl: null } })
  })

  it('is told to a conversation that was made with the old name', async () => {
    const [ada, grace] = await Promise.all([person('ada', 'Ada'), person('grace')])
    const stale = vi.spyOn(env.DB, 'batch').mockRejectedValue(new Error('D1_ERROR: the network is gone'))
    captureLogs()
    await call('PATCH', '/api/me', { body: { displayName: 'Countess' }, headers: ada.bearer })
    const id = await direct(grace, ada)
    stale.mockRestore()
    await vi.waitFor(async () => {
      expect(await membersOf(id, grace)).toContainEqual({ ...ada.user, displayName: 'Countess' })
    })
  })

  it.each([
    { displayName: '' },
    { avatarUrl: 'javascript:alert(1)' },
    { avatarUrl: 'http://example.test/a.png' },
  ])('refuses %o', async (body) => {
    const ada = await person('ada')
    expect(await codeOf(await call('PATCH', '/api/me', { body, headers: ada.bearer }))).toBe('invalid')
  })

  it('cannot change who one is', async () => {
    const ada = await person('ada')
    const body = { id: uuidv7(), username: 'grace', state: 'deleted', rev: 99 }
    const answer = await call('PATCH', '/api/me', { body, headers: ada.bearer })
    expect(await answer.json()).toEqual({ user: ada.user })
  })
})

describe('G6 the end of a session', () => {
  it('closes its sockets in every conversation within 2 s, and those of no other session', async () => {
    const [ada, grace, alan] = await Promise.all([person('ada'), person('grace'), person('alan')])
    const ids = [await direct(ada, grace), await direct(ada, alan)]
    const other = setCookiesOf(await signIn(ada.user.username))['__Host-session']?.value ?? ''
    const mine = await Promise.all(ids.map((id) => socketOf(id, ada.bearer)))
    const elsewhere = await socketOf(ids[0] ?? '', { cookie: cookieHeader({ session: other }) })
    await registered(ada, 3)
    const start = Date.now()
    expect((await call('POST', '/api/auth/sign-out', { headers: ada.bearer })).status).toBe(204)
    const codes = await Promise.all(mine.map(async ({ closed }) => (await closed).code))
    expect(codes).toEqual([CLOSE.sessionEnded, CLOSE.sessionEnded])
    expect(Date.now() - start).toBeLessThan(2_000)
    expect(elsewhere.socket.readyState).toBe(WebSocket.OPEN)
    const late = await socketOf(ids[0] ?? '', ada.bearer)
    expect((await late.closed).code, 'an access token that still runs opens nothing that stays').toBe(
      CLOSE.sessionEnded,
    )
  })

  it('is told by the next call, when the platform gave up on the alarm', async () => {
    const [ada, grace] = await Promise.all([person('ada'), person('grace')])
    const { closed } = await socketOf(await direct(ada, grace), ada.bearer)
    await registered(ada, 1)
    const stub = env.USERS.getByName(ada.user.id)
    await runInDurableObject(stub, (_, state) => {
      const store = personStore(durableSql(state.storage))
      store.open()
      endSession({ store, pepper: env.AUTH_PEPPER, now: Date.now() }, ada.identity.sessionId)
    })
    await evictDurableObject(stub)
    await stub.me()
    expect((await closed).code).toBe(CLOSE.sessionEnded)
  })

  it('is told again until the conversation has taken it', async () => {
    const logs = captureLogs()
    const [ada, grace] = await Promise.all([person('ada'), person('grace')])
    const { closed } = await socketOf(await direct(ada, grace), ada.bearer)
    await registered(ada, 1)
    const get = env.CONVERSATIONS.get.bind(env.CONVERSATIONS)
    let failures = 0
    vi.spyOn(env.CONVERSATIONS, 'get').mockImplementation((id) => {
      failures += 1
      if (failures > 1) return get(id)
      throw new Error('the object is moving')
    })
    await call('POST', '/api/auth/sign-out', { headers: ada.bearer })
    expect((await closed).code).toBe(CLOSE.sessionEnded)
    expect(failures).toBe(2)
    expect(logs.join()).toContain('the object is moving')
  })
})

describe('CONTRACT 3 DELETE /me', () => {
  it('is told to a conversation that goes on once, not with each message', async () => {
    const grace = await person('grace')
    const conversationId = env.CONVERSATIONS.newUniqueId().toString()
    await call('DELETE', '/api/me', { body: { password: grace.password }, headers: grace.bearer })
    const object = env.USERS.getByName(grace.user.id)
    const letters = () =>
      runInDurableObject(object, (_, state) =>
        state.storage.sql
          .exec<{ n: number }>("SELECT count(*) AS n FROM outbox WHERE key LIKE 'rename:%'")
          .one(),
      )
    const put = (version: number) =>
      object.putInboxRow({ conversationId, version, head: version, summary: null })
    await expect.poll(async () => (await letters()).n).toBe(0)
    await put(1)
    expect((await letters()).n).toBe(1)
    await runDurableObjectAlarm(object)
    expect((await letters()).n).toBe(0)
    await put(2)
    expect((await letters()).n).toBe(0)
  })

  it('asks for the password', async () => {
    const ada = await person('ada')
    const answer = await call('DELETE', '/api/me', { body: { password: 'wrong' }, headers: ada.bearer })
    expect([answer.status, await codeOf(answer)]).toEqual([401, 'bad_credentials'])
    expect((await call('GET', '/api/me', { headers: ada.bearer })).status).toBe(200)
  })

  it('takes the person out of everything: sessions, directory, name, conversations', async () => {
    const [ada, grace] = await Promise.all([person('ada', 'Ada'), person('grace')])
    const id = await direct(ada, grace)
    const { closed } = await socketOf(id, ada.bearer)
    await listed(ada, id)
    await registered(ada, 1)
    const answer = await call('DELETE', '/api/me', { body: { password: PASSWORD }, headers: ada.bearer })
    expect(answer.status).toBe(204)
    expect(Object.values(setCookiesOf(answer)).map(({ value }) => value)).toEqual(['', ''])
    expect((await closed).code).toBe(CLOSE.sessionEnded)
    for (const path of ['/api/me', '/api/conversations']) {
      expect(await codeOf(await call('GET', path, { headers: ada.bearer }))).toBe('unauthorized')
    }
    const session = await call('GET', '/api/me', {
      headers: { cookie: cookieHeader({ session: ada.session }) },
    })
    expect(session.status).toBe(401)
    await vi.waitFor(async () => {
      expect(await userIdByUsername(env.DB, ada.user.username)).toBeNull()
      const nobody = { id: ada.user.id, username: '[deleted]', displayName: 'Deleted user', avatarUrl: null }
      expect(await membersOf(id, grace)).toContainEqual(nobody)
    })
    expect(await codeOf(await signIn(ada.user.username))).toBe('bad_credentials')
    expect((await signUp('ada', { username: ada.user.username })).status).toBe(201)
    const kept = await runInDurableObject(env.USERS.getByName(ada.user.id), (_, state) =>
      ['account', 'sessions', 'inbox'].map((table) =>
        state.storage.sql.exec(`SELECT * FROM ${table}`).toArray(),
      ),
    )
    expect(JSON.stringify(kept)).not.toMatch(/scrypt|Ada|ada_/)
    expect(kept.map((rows) => rows.length)).toEqual([1, 0, 0])
  })
})

/** Waits until the person's object knows of so many sockets: conversations register them after accepting. */
async function registered(who: Person, count: number): Promise<void> {
  await vi.waitFor(() =>
    runInDurableObject(env.USERS.getByName(who.user.id), (_, state) => {
      const rows = state.storage.sql.exec('SELECT * FROM session_conversations').toArray()
      expect(rows).toHaveLength(count)
    }),
  )
}
