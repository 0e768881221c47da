/** What a sign-up leaves behind when it is cut off: an account, or nothing. */
import { listDurableObjectIds, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { userIdByUsername } from '../../src/directory/directory.ts'
import { type User, uuidv7 } from '../../src/protocol/index.ts'
import { app } from '../../src/routes/app.ts'
import { captureLogs } from '../support/worker/logs.ts'
import { call, codeOf, ORIGIN, PASSWORD, signIn, signUp, unique } from '../support/worker/people.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

function newcomer(): Pick<User, 'id' | 'username' | 'displayName'> {
  return { id: uuidv7(), username: unique('ada'), displayName: 'Ada' }
}

/** D1 is gone: for every question, and for what is written, before or after it has been. */
function failD1(how: 'before' | 'after'): void {
  const gone = new Error('D1_ERROR: the network is gone')
  const batch = env.DB.batch.bind(env.DB)
  const prepare = env.DB.prepare.bind(env.DB)
  vi.spyOn(env.DB, 'batch').mockImplementation(async (statements) => {
    if (how === 'after') await batch(statements)
    throw gone
  })
  vi.spyOn(env.DB, 'prepare').mockImplementation((query) => {
    if (query.startsWith('select')) throw gone
    return prepare(query)
  })
}

function tableCount(stub: DurableObjectStub): Promise<number> {
  return runInDurableObject(
    stub,
    (_, state) =>
      state.storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'account'").toArray().length,
  )
}

describe('a sign-up while D1 is failing', () => {
  it('is refused with unavailable and a time to come back, before any object of a person is made', async () => {
    captureLogs()
    const before = await listDurableObjectIds(env.USERS)
    failD1('before')
    const answer = await signUp('ada')
    expect([answer.status, await codeOf(answer)]).toEqual([503, 'unavailable'])
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await signIn('ada')).status).toBe(503)
    const made = (await listDurableObjectIds(env.USERS)).length - before.length
    expect(made, 'only the one that counts for the address').toBe(1)
  })

  it.each(['before', 'after'] as const)(
    'leaves nothing behind when it fails %s the name was written',
    async (how) => {
      captureLogs()
      const user = newcomer()
      const stub = env.USERS.getByName(user.id)
      failD1(how)
      const answer = await stub.signUp({ user, password: PASSWORD, device: '' })
      expect(answer).toMatchObject({
        ok: false,
        code: 'unavailable',
        details: { retryAfterMs: expect.any(Number) },
      })
      const kept = await runInDurableObject(stub, (_, state) =>
        state.storage.sql.exec('SELECT * FROM account').toArray(),
      )
      expect(kept).toMatchObject([{ state: 'abandoned', password_hash: '' }])
      vi.restoreAllMocks()
      await runDurableObjectAlarm(stub)
      expect(await tableCount(stub)).toBe(0)
      expect(await userIdByUsername(env.DB, user.username)).toBeNull()
      expect((await signUp('ada', { username: user.username })).status).toBe(201)
    },
  )
})

describe('a sign-up that was cut off', () => {
  /** As if the process had died right after the given step. */
  async function cutOff(step: 'stored' | 'claimed'): Promise<User> {
    const user = newcomer()
    const stub = env.USERS.getByName(user.id)
    expect(await stub.signUp({ user, password: PASSWORD, device: '' })).toMatchObject({ ok: true })
    await runInDurableObject(stub, (_, state) => {
      state.storage.sql.exec("UPDATE account SET state = 'claiming'")
      state.storage.sql.exec('DELETE FROM sessions')
      state.storage.sql.exec(`INSERT INTO outbox VALUES ('claim', 1, '{"kind":"claim"}', 0, ?)`, Date.now())
    })
    if (step === 'stored') await env.DB.prepare('DELETE FROM users WHERE id = ?').bind(user.id).run()
    return { ...user, avatarUrl: null }
  }

  it.each(['stored', 'claimed'] as const)('after it was %s is finished by the alarm', async (step) => {
    const user = await cutOff(step)
    await runInDurableObject(env.USERS.getByName(user.id), (person) => person.alarm())
    expect(await userIdByUsername(env.DB, user.username)).toBe(user.id)
    const answer = await signIn(user.username)
    expect(await answer.json()).toEqual({ user })
  })

  it('is finished by the next sign-in, when that comes first', async () => {
    const user = await cutOff('claimed')
    expect((await signIn(user.username)).status).toBe(200)
  })

  it('vanishes when the name has gone to somebody else meanwhile', async () => {
    captureLogs()
    const user = await cutOff('stored')
    expect((await signUp('grace', { username: user.username })).status).toBe(201)
    const stub = env.USERS.getByName(user.id)
    await runInDurableObject(stub, (person) => person.alarm())
    expect(await tableCount(stub)).toBe(0)
    expect(await userIdByUsername(env.DB, user.username)).not.toBe(user.id)
  })
})

describe('SIGN_UP', () => {
  it.each(['closed', 'invite'])('%s takes nobody', async (SIGN_UP) => {
    const body = JSON.stringify({ username: unique('ada'), displayName: 'Ada', password: PASSWORD })
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
    const answer = await app.request(`${ORIGIN}/api/auth/sign-up`, init, { ...env, SIGN_UP })
    expect([answer.status, await codeOf(answer)]).toEqual([403, 'forbidden'])
  })
})

it('an object that was only asked writes nothing', async () => {
  const stub = env.USERS.getByName(uuidv7())
  const asked = await Promise.all([
    stub.me(),
    stub.useSession({ sessionId: uuidv7(), generation: 1, secret: 'x', mayRotate: true }),
    stub.checkSession({ sessionId: uuidv7() }),
    stub.signOut({ sessionId: uuidv7() }),
    stub.registerSocket({ sessionId: uuidv7(), conversationId: 'ab' }),
    stub.listConversations({ limit: 10 }),
    stub.conversationIds(),
    stub.patchMe({ displayName: 'Eve' }),
  ])
  expect(new Set(asked.map((answer) => (answer.ok ? 'ok' : answer.code)))).toEqual(new Set(['unauthorized']))
  expect(await stub.putInboxRow({ conversationId: 'ab', version: 1, head: 0, summary: null })).toMatchObject({
    ok: true,
  })
  expect(await tableCount(stub)).toBe(0)
  expect(await runInDurableObject(stub, (_, state) => state.storage.getAlarm())).toBeNull()
})

it('F26 no password, token or whole body in what is logged', async () => {
  const logs = captureLogs()
  const password = 'canary-password-7391'
  const answer = await signUp('ada', { password })
  const { user } = await answer.json<{ user: User }>()
  const tokens = answer.headers.getSetCookie().map((line) => /=([^;]+)/.exec(line)?.[1] ?? 'none')
  await signIn(user.username, 'canary-password-wrong')
  await signIn('canary_nobody', 'canary-password-7391')
  await call('POST', '/api/auth/sign-in', { body: '{"username":"canary-broken","password":"canary' })
  await call('GET', '/api/me', { headers: { authorization: 'Bearer canary-token' } })
  failD1('before')
  await signUp('ada', { username: 'canary_taken', password })
  await signIn('canary_nobody', password)
  await env.USERS.getByName(uuidv7()).signUp({
    user: { id: uuidv7(), username: 'canary_name', displayName: 'canary display' },
    password,
    device: 'canary device',
  })
  expect(logs.length, 'the failures of D1 are logged').toBeGreaterThan(0)
  for (const secret of ['canary', ...tokens]) expect(logs.join('\n')).not.toContain(secret)
})
