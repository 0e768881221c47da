import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError } from '../../src/client/api.ts'
import { signInProgram } from '../../src/client/program.ts'
import { ada } from '../support/people.ts'

const BASE = 'http://localhost:8787'
const password = 'correct horse'

type Call = { path: string; body: unknown; cookie: string | null }

let calls: Call[]
let answers: (() => Response | Promise<Response>)[]

function signedIn(): Response {
  const headers = new Headers()
  headers.append('set-cookie', 'session=s1; HttpOnly; Path=/')
  headers.append('set-cookie', 'access=a1=; HttpOnly')
  return Response.json({ user: ada }, { headers })
}

function token(n: number, expiresAt = Date.now() + 300_000): Response {
  return Response.json({ accessToken: `token ${n}`, expiresAt })
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'it went well',
    (error: unknown) => error,
  )
}

beforeEach(() => {
  calls = []
  answers = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const cookie = new Headers(init.headers).get('cookie')
    calls.push({ path: url.slice(BASE.length), body: JSON.parse(String(init.body)), cookie })
    const answer = answers.shift()
    if (!answer) throw new TypeError('fetch failed')
    return answer()
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('program', () => {
  it('signs in, or up where it says a name', async () => {
    answers.push(signedIn, signedIn)
    expect((await signInProgram(BASE, { username: 'ada', password })).user).toEqual(ada)
    await signInProgram(BASE, { username: 'ada', password, displayName: 'Ada' })
    expect(calls.map(({ path }) => path)).toEqual(['/api/auth/sign-in', '/api/auth/sign-up'])
    expect(calls[1]?.body).toEqual({ username: 'ada', password, displayName: 'Ada' })
  })

  it.each([86_400_000, -86_400_000])(
    'uses a token for as long as one lives, by a clock that is %d ms off',
    async (offset) => {
      vi.useFakeTimers({ now: 1_800_000_000_000 })
      const made = (n: number) => () => token(n, Date.now() - offset + 300_000)
      answers.push(signedIn, made(1), made(2))
      const { authorize } = await signInProgram(BASE, { username: 'ada', password })
      expect(await authorize()).toEqual({ authorization: 'Bearer token 1' })
      vi.setSystemTime(Date.now() + 269_000)
      expect(await authorize()).toEqual({ authorization: 'Bearer token 1' })
      vi.setSystemTime(Date.now() + 2_000)
      expect(await authorize()).toEqual({ authorization: 'Bearer token 2' })
    },
  )

  it('gives the cookies back, and uses a token until shortly before its end', async () => {
    vi.useFakeTimers({ now: 1_800_000_000_000 })
    answers.push(
      signedIn,
      () => token(1),
      () => token(2),
    )
    const { authorize } = await signInProgram(BASE, { username: 'ada', password })
    expect(await authorize()).toEqual({ authorization: 'Bearer token 1' })
    vi.setSystemTime(Date.now() + 269_000)
    expect(await authorize()).toEqual({ authorization: 'Bearer token 1' })
    vi.setSystemTime(Date.now() + 2_000)
    expect(await authorize()).toEqual({ authorization: 'Bearer token 2' })
    expect(calls[1]).toEqual({ path: '/api/auth/token', body: {}, cookie: 'session=s1; access=a1=' })
  })

  it('asks once for calls that need a token at the same time', async () => {
    answers.push(signedIn, () => token(1))
    const { authorize } = await signInProgram(BASE, { username: 'ada', password })
    const both = await Promise.all([authorize(), authorize()])
    expect(both).toEqual(Array(2).fill({ authorization: 'Bearer token 1' }))
    expect(calls).toHaveLength(2)
  })

  it('a token that could not be had is asked for again', async () => {
    answers.push(signedIn)
    const { authorize } = await signInProgram(BASE, { username: 'ada', password })
    expect(await errorOf(authorize())).toMatchObject({ code: 'offline' })
    answers.push(() => token(2))
    expect(await authorize()).toEqual({ authorization: 'Bearer token 2' })
  })

  it('passes on what the server says, with all it says', async () => {
    const refusal = { code: 'rate_limited', message: 'wait', requestId: 'r', retryAfterMs: 4_000 }
    answers.push(() => Response.json({ error: refusal }, { status: 429 }))
    const error = await errorOf(signInProgram(BASE, { username: 'ada', password }))
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ code: 'rate_limited', message: 'wait', status: 429, retryAfterMs: 4_000 })
  })

  it.each([
    ['there is no server', undefined, { code: 'offline', status: 0 }],
    [
      'something else answers',
      () => new Response('<h1>Bad gateway</h1>', { status: 502 }),
      { code: 'internal', status: 502 },
    ],
    ['something else is happy', () => new Response('<h1>Welcome</h1>'), { code: 'internal', status: 200 }],
  ])('fails as an ApiError when %s', async (_, answer, expected) => {
    if (answer) answers.push(answer)
    const error = await errorOf(signInProgram(BASE, { username: 'ada', password }))
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject(expected)
  })
})
