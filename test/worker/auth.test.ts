/** Signing up, in and out, tokens and the account: the first rows of the table in CONTRACT 3. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { verifyAccess, verifyLease } from '../../src/auth/token.ts'
import { ACCESS_TOKEN_MS, LEASE_MS } from '../../src/protocol/index.ts'
import {
  call,
  codeOf,
  cookieHeader,
  ORIGIN,
  PASSWORD,
  person,
  setCookiesOf,
  signIn,
  signUp,
  unique,
} from '../support/worker/people.ts'

describe('CONTRACT 3 sign-up', () => {
  it('makes an account and signs in', async () => {
    const answer = await signUp('ada', { username: ' ADA_Lovelace ', displayName: ' Ada ' })
    expect(answer.status).toBe(201)
    const { user } = await answer.json<{ user: { id: string } }>()
    expect(user).toEqual({ id: user.id, username: 'ada_lovelace', displayName: 'Ada', avatarUrl: null })
    const cookies = setCookiesOf(answer)
    const cookie = cookieHeader({ access: cookies['__Host-access']?.value ?? '' })
    const me = await call('GET', '/api/me', { headers: { cookie } })
    expect(await me.json()).toEqual({ user })
  })

  it('refuses a taken name, also by two at once', async () => {
    const username = unique('ada')
    const answers = await Promise.all([signUp('ada', { username }), signUp('ada', { username })])
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409])
    const third = await signUp('ada', { username: username.toUpperCase() })
    expect(await codeOf(third)).toBe('username_taken')
  })

  it.each([
    ['username', { username: 'ab' }],
    ['username', { username: 'a'.repeat(21) }],
    ['username', { username: 'ada lovelace' }],
    ['displayName', { displayName: '   ' }],
    ['displayName', { displayName: 'x'.repeat(51) }],
    ['password', { password: 'short' }],
    ['password', { password: 'x'.repeat(129) }],
  ])('names the %s that is wrong: %o', async (field, more) => {
    const answer = await signUp('ada', more)
    expect(answer.status).toBe(422)
    const { error } = await answer.json<{ error: { code: string; fields: Record<string, string> } }>()
    expect(error.code).toBe('invalid')
    expect(Object.keys(error.fields)).toEqual([field])
  })
})

describe('CONTRACT 3 sign-in', () => {
  it('knows the account again', async () => {
    const ada = await signUp('ada')
    const { user } = await ada.json<{ user: { username: string } }>()
    const answer = await signIn(user.username.toUpperCase())
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ user })
  })

  it('never says whether the name or the password was wrong', async () => {
    const { user } = await person('ada')
    const wrong = await signIn(user.username, 'not her password')
    const unknown = await signIn(unique('nobody'))
    expect([wrong.status, unknown.status]).toEqual([401, 401])
    const bodies = await Promise.all(
      [wrong, unknown].map(async (answer) => (await answer.json<Body>()).error),
    )
    expect({ ...bodies[0], requestId: '' }).toEqual({ ...bodies[1], requestId: '' })
    expect(bodies[0]?.code).toBe('bad_credentials')
  })
})

type Body = { error: { code: string; requestId: string } }

describe('CONTRACT 3 tokens', () => {
  it('hands a program the Bearer token of its session', async () => {
    const ada = await person('ada')
    const answer = await call('POST', '/api/auth/token', {
      headers: { cookie: cookieHeader({ session: ada.session }) },
    })
    const { accessToken, expiresAt } = await answer.json<{ accessToken: string; expiresAt: number }>()
    expect(expiresAt - Date.now()).toBeGreaterThan(ACCESS_TOKEN_MS - 2_000)
    expect(expiresAt - Date.now()).toBeLessThanOrEqual(ACCESS_TOKEN_MS)
    expect(await verifyAccess(env, accessToken)).toMatchObject({ userId: ada.user.id })
    const me = await call('GET', '/api/me', { headers: { authorization: `Bearer ${accessToken}` } })
    expect(me.status).toBe(200)
  })

  it('gives no Bearer token for a Bearer token', async () => {
    const ada = await person('ada')
    expect((await call('POST', '/api/auth/token', { headers: ada.bearer })).status).toBe(401)
  })

  it('G6 leases for as long as the session stands, and no longer', async () => {
    const ada = await person('ada')
    const answer = await call('POST', '/api/auth/lease', { headers: ada.bearer })
    const { lease, expiresAt } = await answer.json<{ lease: string; expiresAt: number }>()
    expect(expiresAt - Date.now()).toBeLessThanOrEqual(LEASE_MS)
    expect(await verifyLease(env, lease)).toEqual({
      userId: ada.user.id,
      sessionId: ada.identity.sessionId,
      expiresAt,
    })
    await call('POST', '/api/auth/sign-out', { headers: ada.bearer })
    expect(await codeOf(await call('POST', '/api/auth/lease', { headers: ada.bearer }))).toBe('unauthorized')
  })
})

describe('CONTRACT 3 sign-out', () => {
  it('ends this session and no other, and takes both cookies away', async () => {
    const ada = await person('ada')
    const elsewhere = setCookiesOf(await signIn(ada.user.username, PASSWORD))['__Host-session']?.value ?? ''
    const answer = await call('POST', '/api/auth/sign-out', { headers: ada.cookies })
    expect(answer.status).toBe(204)
    const cleared = setCookiesOf(answer)
    expect(Object.keys(cleared).sort()).toEqual(['__Host-access', '__Host-session'])
    for (const { value, flags } of Object.values(cleared)) {
      expect(value).toBe('')
      expect(flags).toContain('Max-Age=0')
    }
    const ended = await call('GET', '/api/me', {
      headers: { cookie: cookieHeader({ session: ada.session }) },
    })
    expect(ended.status).toBe(401)
    const other = await call('GET', '/api/me', { headers: { cookie: cookieHeader({ session: elsewhere }) } })
    expect(other.status).toBe(200)
  })

  it('has the last word over a renewal on the way', async () => {
    const ada = await person('ada')
    const headers = { cookie: cookieHeader({ session: ada.session }), origin: ORIGIN }
    const answer = await call('POST', '/api/auth/sign-out', { headers })
    expect(Object.values(setCookiesOf(answer)).map(({ value }) => value)).toEqual(['', ''])
  })
})
