/** F12: tokens that we did not sign, or not for this, are refused on a plain route and on an upgrade alike. */
import { env } from 'cloudflare:workers'
import { importJWK } from 'jose'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { mintAccess, publicKeys, verifyAccess } from '../../src/auth/token.ts'
import { ACCESS_TOKEN_MS, CLOCK_SKEW_S, CLOSE } from '../../src/protocol/index.ts'
import { FORGERIES, forge } from '../support/worker/forgeries.ts'
import { captureLogs } from '../support/worker/logs.ts'
import { call, codeOf, cookieHeader, ORIGIN, open, type Person, person } from '../support/worker/people.ts'

let ada: Person
let kid: string

beforeAll(async () => {
  ada = await person('ada')
  kid = JSON.parse(env.AUTH_KEYS).keys[0].kid
})

const UNUSED_KEY: (typeof FORGERIES)[number] = [
  'a key of ours that is not in use',
  async (who) => forge(who, { key: await importJWK(JSON.parse(env.TEST_SECOND_KEY), 'EdDSA') }),
]

describe.each([...FORGERIES, UNUSED_KEY])('F12 a token with %s', (_, make) => {
  it('is refused on a route, in the header and in the cookie', async () => {
    const token = await make(ada)
    const byHeader = await call('GET', '/api/me', { headers: { authorization: `Bearer ${token}` } })
    expect([byHeader.status, await codeOf(byHeader)]).toEqual([401, 'unauthorized'])
    const byCookie = await call('GET', '/api/me', { headers: { cookie: cookieHeader({ access: token }) } })
    expect([byCookie.status, await codeOf(byCookie)]).toEqual([401, 'unauthorized'])
  })

  it('closes an upgrade with 4500', async () => {
    const path = `/api/conversations/${'ab'.repeat(32)}/socket`
    const { closed, protocol } = await open(path, { authorization: `Bearer ${await make(ada)}` })
    expect((await closed).code).toBe(CLOSE.notSignedIn)
    expect(protocol).toBe('chat.v1')
  })
})

describe('CONTRACT 2 access tokens', () => {
  it('are accepted as forged here when nothing is wrong: the cases above fail for their reason', async () => {
    const answer = await call('GET', '/api/me', { headers: { authorization: `Bearer ${await forge(ada)}` } })
    expect(answer.status).toBe(200)
  })

  it('live five minutes and the skew of a clock', async () => {
    const now = Date.now()
    const within = await mintAccess(env, ada.identity, now - ACCESS_TOKEN_MS - 2_000)
    await expect(verifyAccess(env, within.token)).resolves.toMatchObject({ userId: ada.user.id })
    const past = await mintAccess(env, ada.identity, now - ACCESS_TOKEN_MS - CLOCK_SKEW_S * 1_000 - 1_000)
    await expect(verifyAccess(env, past.token)).rejects.toMatchObject({ code: 'unauthorized' })
  })

  it('live five seconds longer by a clock that is behind, and no second more', async () => {
    const now = Math.floor(Date.now() / 1_000) * 1_000
    const { token } = await mintAccess(env, ada.identity, now)
    const at = async (ms: number) => {
      vi.useFakeTimers({ toFake: ['Date'], now: now + ACCESS_TOKEN_MS + ms })
      try {
        return await verifyAccess(env, token).then(
          () => 'taken',
          () => 'refused',
        )
      } finally {
        vi.useRealTimers()
      }
    }
    expect([await at(0), await at(CLOCK_SKEW_S * 1_000 - 1), await at(CLOCK_SKEW_S * 1_000)]).toEqual([
      'taken',
      'taken',
      'refused',
    ])
  })

  it('do not go by another scheme than Bearer', async () => {
    const answer = await call('GET', '/api/me', { headers: { authorization: `Basic ${ada.accessToken}` } })
    expect(answer.status).toBe(401)
  })
})

describe('key rotation', () => {
  it('refuses no valid token while a key is added last, moved first, and the old one dropped', async () => {
    const [old] = JSON.parse(env.AUTH_KEYS).keys
    const next = JSON.parse(env.TEST_SECOND_KEY)
    const stages = [[old], [old, next], [next, old], [next]].map((keys) => ({
      AUTH_KEYS: JSON.stringify({ keys }),
      AUTH_PEPPER: env.AUTH_PEPPER,
    }))
    const minted: { token: string; stage: number }[] = []
    for (const [stage, secrets] of stages.entries()) {
      minted.push({ stage, token: (await mintAccess(secrets, ada.identity, Date.now())).token })
      // 15 minutes lie between two stages, so a token outlives at most the one after its own.
      for (const { token } of minted.filter((each) => each.stage >= stage - 1)) {
        await expect(verifyAccess(secrets, token)).resolves.toMatchObject({ userId: ada.user.id })
      }
    }
    const [first] = minted
    await expect(verifyAccess({ ...env, ...stages[3] }, first?.token ?? '')).rejects.toMatchObject({
      code: 'unauthorized',
    })
  })

  it('publishes the public part only', async () => {
    const answer = await call('GET', '/.well-known/jwks.json')
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300')
    const { keys } = await answer.json<{ keys: Record<string, string>[] }>()
    expect(keys).toEqual(publicKeys(env).keys)
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([['alg', 'crv', 'kid', 'kty', 'use', 'x']])
    expect(keys[0]?.kid).toBe(kid)
  })
})

describe('secrets that are missing or samples', () => {
  const sample = {
    kty: 'OKP',
    crv: 'Ed25519',
    kid: 'sample',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  }
  const d = 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A'
  it.each([
    ['no keys', { AUTH_KEYS: undefined as never }],
    ['broken keys', { AUTH_KEYS: '{"keys": broken' }],
    ['an empty set', { AUTH_KEYS: '{"keys":[]}' }],
    ['the example key of the RFC', { AUTH_KEYS: JSON.stringify({ keys: [{ ...sample, d }] }) }],
    ['no pepper', { AUTH_PEPPER: undefined as never }],
    ['a short pepper', { AUTH_PEPPER: 'ab'.repeat(16) }],
    ['a pepper of zeros', { AUTH_PEPPER: '0'.repeat(64) }],
    ['a counted pepper', { AUTH_PEPPER: '0123456789abcdef'.repeat(4) }],
  ])('%s: nothing is signed or believed', async (_, secrets) => {
    const logs = captureLogs()
    await expect(mintAccess({ ...env, ...secrets }, ada.identity, Date.now())).rejects.toMatchObject({
      code: 'unavailable',
    })
    await expect(verifyAccess({ ...env, ...secrets }, ada.accessToken)).rejects.toMatchObject({
      code: 'unavailable',
    })
    expect(logs.join()).toMatch(/AUTH_(KEYS|PEPPER)/)
    for (const secret of Object.values(secrets)) expect(logs.join()).not.toContain(secret ?? env.AUTH_PEPPER)
  })
})

it('CONTRACT 2 the page and a program are the same person', async () => {
  const bodies = await Promise.all(
    [ada.bearer, ada.cookies].map(async (headers) => (await call('GET', '/api/me', { headers })).json()),
  )
  expect(bodies).toEqual([{ user: ada.user }, { user: ada.user }])
  expect(ada.cookies.origin).toBe(ORIGIN)
})
