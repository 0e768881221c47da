/** F19: guessing is slow, exactly so, and never locks out the owner. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SIGN_IN_FAILURES_FREE, SIGN_IN_WAIT_MAX_MS, SIGN_UPS_1H } from '../../src/protocol/index.ts'
import { call, codeOf, PASSWORD, person, signIn, unique } from '../support/worker/people.ts'

const SECOND_MS = 1_000
const HERE = '192.0.2.1'
const NEIGHBOUR = '192.0.2.200'
const ELSEWHERE = '198.51.100.1'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

async function refusal(answer: Response): Promise<{ code: string; retryAfterMs?: number }> {
  const { error } = await answer.json<{ error: { code: string; retryAfterMs?: number } }>()
  return error
}

describe.each([
  ['a known name', async () => (await person('ada')).user.username],
  ['an unknown name', async () => unique('nobody')],
])('F19 wrong passwords for %s', (_, name) => {
  it('are free five times, then each costs a wait that doubles up to a quarter of an hour', async () => {
    const username = await name()
    for (let failure = 1; failure <= SIGN_IN_FAILURES_FREE; failure += 1) {
      expect(await refusal(await signIn(username, 'wrong', HERE))).toMatchObject({ code: 'bad_credentials' })
    }
    for (let waitMs = SECOND_MS; waitMs < 2 * SIGN_IN_WAIT_MAX_MS; waitMs *= 2) {
      const expected = Math.min(waitMs, SIGN_IN_WAIT_MAX_MS)
      expect(await refusal(await signIn(username, 'wrong', HERE))).toMatchObject({
        code: 'rate_limited',
        retryAfterMs: expected,
      })
      vi.setSystemTime(Date.now() + expected - 1)
      expect((await signIn(username, 'wrong', NEIGHBOUR)).status).toBe(429)
      vi.setSystemTime(Date.now() + 1)
      expect(await refusal(await signIn(username, 'wrong', HERE))).toMatchObject({ code: 'bad_credentials' })
    }
  })

  it('are counted before they are looked at: a hundred at once are five guesses', async () => {
    const username = await name()
    const answers = await Promise.all(Array.from({ length: 100 }, () => signIn(username, 'wrong', HERE)))
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(SIGN_IN_FAILURES_FREE)
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(100 - SIGN_IN_FAILURES_FREE)
  })
})

describe('F19 the owner', () => {
  it('is let in from elsewhere, and keeps every session, while a stranger is kept out', async () => {
    const ada = await person('ada')
    for (let guess = 0; guess <= SIGN_IN_FAILURES_FREE; guess += 1)
      await signIn(ada.user.username, 'wrong', HERE)
    expect(await codeOf(await signIn(ada.user.username, PASSWORD, HERE))).toBe('rate_limited')
    expect((await signIn(ada.user.username, PASSWORD, ELSEWHERE)).status).toBe(200)
    expect((await call('POST', '/api/auth/token', { headers: ada.cookies })).status).toBe(200)
  })

  it('starts over after the right password', async () => {
    const { user } = await person('ada')
    for (let round = 0; round < 3; round += 1) {
      for (let slip = 1; slip < SIGN_IN_FAILURES_FREE; slip += 1) {
        expect((await signIn(user.username, 'wrong', HERE)).status).toBe(401)
      }
      expect((await signIn(user.username, PASSWORD, HERE)).status).toBe(200)
    }
  })
})

it('F19 unknown names do not share their count, or a wait would tell that a name is known', async () => {
  const decoy = env.USERS.getByName('decoy:7')
  const guess = (nameKey: string) => decoy.decoy({ nameKey, password: 'wrong', address: HERE })
  for (let n = 0; n < SIGN_IN_FAILURES_FREE; n += 1) await guess('nobody')
  expect(await guess('nobody')).toMatchObject({ code: 'rate_limited' })
  expect(await guess('nobody else')).toMatchObject({ code: 'bad_credentials' })
})

describe('sign-ups from one address', () => {
  const taken = { username: 'x', displayName: 'x', password: PASSWORD }

  it('are counted over a sliding hour, also those that find the name taken', async () => {
    const { user } = await person('ada')
    const again = () =>
      call('POST', '/api/auth/sign-up', {
        body: { ...taken, username: user.username },
        headers: { 'cf-connecting-ip': '203.0.113.5' },
      })
    const start = Date.now()
    for (let n = 0; n < SIGN_UPS_1H; n += 1) {
      expect(await codeOf(await again())).toBe('username_taken')
      vi.setSystemTime(Date.now() + SECOND_MS)
    }
    const refused = await again()
    expect(refused.headers.get('retry-after')).toBe(String(3_600 - SIGN_UPS_1H))
    expect(await refusal(refused)).toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 3_600_000 - SIGN_UPS_1H * SECOND_MS,
    })
    vi.setSystemTime(start + 3_600_000)
    expect(await codeOf(await again())).toBe('username_taken')
    expect(await codeOf(await again())).toBe('rate_limited')
  })

  it('leave nothing behind after a quiet day', async () => {
    const address = env.USERS.getByName('address:203.0.113.99.0/24')
    await address.countSignUp(SIGN_UPS_1H)
    expect(await tables(address)).toContain('sign_ups')
    await runDurableObjectAlarm(address)
    expect(await tables(address)).toContain('sign_ups')
    vi.setSystemTime(Date.now() + 24 * 3_600_000)
    await runDurableObjectAlarm(address)
    expect(await tables(address)).toEqual([])
  })
})

function tables(stub: DurableObjectStub): Promise<unknown[]> {
  return runInDurableObject(stub, (_, state) =>
    state.storage.sql
      .exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_%' ESCAPE '\\'")
      .toArray()
      .map((row) => row.name),
  )
}
