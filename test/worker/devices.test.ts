/** The devices of a person (CONTRACT 2): listed, ended one by one or all at once, and what that closes. */
import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { SESSIONS_MAX, uuidv7 } from '../../src/protocol/index.ts'
import { TestInbox } from '../support/worker/inbox-sockets.ts'
import { call, cookieHeader, open, person, personOf, put, signIn } from '../support/worker/people.ts'

describe('sessions', () => {
  it('lists devices, ends one, ends all others; each closes its sockets within 2 s', async () => {
    const ada = await person('ada')
    const sign = async () => {
      const answer = await signIn(ada.user.username)
      const cookies = answer.headers.getSetCookie().map((line) => line.split(';')[0])
      return { cookie: cookies.join('; '), origin: 'https://edgewise.test' }
    }
    const [phone, laptop] = [await sign(), await sign()]
    const list = async () => {
      const answer = await call('GET', '/api/me/sessions', { headers: phone })
      return (await answer.json<{ sessions: { id: string; current: boolean; device: string }[] }>()).sessions
    }
    expect(await list()).toHaveLength(3)
    expect((await list()).filter((session) => session.current)).toHaveLength(1)
    const { closed } = await open('/api/inbox/socket', laptop)
    const other = (await list()).find((session) => !session.current && session.id !== ada.identity.sessionId)
    const before = Date.now()
    expect((await call('DELETE', `/api/me/sessions/${other?.id}`, { headers: phone })).status).toBe(204)
    expect((await closed).code).toBe(4508)
    expect(Date.now() - before).toBeLessThan(2_000)
    expect((await call('DELETE', '/api/me/sessions', { headers: phone })).status).toBe(204)
    expect(await list()).toHaveLength(1)
    expect((await call('POST', '/api/auth/lease', { body: {}, headers: ada.cookies })).status).toBe(401)
  })

  it('G6 a session that ends by itself closes its inbox sockets too: a copied secret, one device too many', async () => {
    const ada = await person('ada')
    const tab = await TestInbox.connect(ada)
    await runInDurableObject(personOf(ada), (_, state) => {
      state.storage.sql.exec('UPDATE sessions SET generation = 3, confirmed_at = 0')
    })
    const headers = { cookie: cookieHeader({ session: ada.session }) }
    expect((await call('POST', '/api/auth/token', { headers })).status).toBe(401)
    expect((await tab.closed).code).toBe(4508)

    const grace = await person('grace')
    const oldest = await TestInbox.connect(grace)
    await runInDurableObject(personOf(grace), (_, state) => {
      for (let n = 1; n < SESSIONS_MAX; n += 1) {
        const later = Date.now() + n
        state.storage.sql.exec(
          "INSERT INTO sessions VALUES (?, 'a test', ?, ?, 1, ?, 0)",
          uuidv7(),
          later,
          later,
          later,
        )
      }
    })
    expect((await signIn(grace.user.username)).status).toBe(200)
    expect((await oldest.closed).code).toBe(4508)
  })

  it('changes the password with the current one, and signs the others out when asked to', async () => {
    const ada = await person('ada')
    const change = (body: object) => put(ada, '/api/me/password', body)
    expect((await change({ current: 'wrong one here', next: 'a new pass phrase' })).status).toBe(401)
    expect((await change({ current: ada.password, next: 'short' })).status).toBe(422)
    await signIn(ada.user.username)
    expect(
      (await change({ current: ada.password, next: 'a new pass phrase', signOutOthers: true })).status,
    ).toBe(204)
    expect((await signIn(ada.user.username)).status).toBe(401)
    expect((await signIn(ada.user.username, 'a new pass phrase')).status).toBe(200)
    const answer = await call('GET', '/api/me/sessions', { headers: ada.cookies })
    expect((await answer.json<{ sessions: unknown[] }>()).sessions).toHaveLength(2)
  })

  it('refuses an inbox socket of a session that has ended, or of nobody', async () => {
    const ada = await person('ada')
    await call('POST', '/api/auth/sign-out', { body: {}, headers: ada.cookies })
    expect((await (await open('/api/inbox/socket', ada.bearer)).closed).code).toBe(4500)
    expect((await (await open('/api/inbox/socket', {})).closed).code).toBe(4500)
    const foreign = { ...ada.cookies, origin: 'https://evil.example' }
    expect((await (await open('/api/inbox/socket', foreign)).closed).code).toBe(4500)
  })
})
