/** The HTTP calls that a client makes on its own, answered by a FakeServer; a test overrides any by its path. */
import type { FakeClock } from './fake-clock.ts'
import { type FakeServer, LEASE_FOR_MS } from './fake-server.ts'
import { ada } from './people.ts'

export type FakeHttp = {
  fetch: typeof fetch
  /** `METHOD path?query` of each call, in order. */
  calls: string[]
  /** Path → what answers it instead. */
  overrides: Map<string, (url: URL) => Response | Promise<Response>>
}

export function fakeHttp(
  clock: FakeClock,
  serverOf: (conversationId: string) => FakeServer,
  latencyMs = () => 0,
  userId = ada.id,
): FakeHttp {
  const calls: string[] = []
  const overrides: FakeHttp['overrides'] = new Map()
  async function answer(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const url = new URL(String(input))
    calls.push(`${init?.method ?? 'GET'} ${url.pathname}${url.search}`)
    const override = overrides.get(url.pathname)
    if (override) return override(url)
    if (url.pathname === '/api/me') return Response.json({ user: ada })
    if (url.pathname === '/api/auth/lease') {
      return Response.json({ lease: `lease-${calls.length}`, expiresAt: clock.now() + LEASE_FOR_MS })
    }
    const [, id] = /^\/api\/conversations\/(\w+)\/messages$/.exec(url.pathname) ?? []
    if (id === undefined)
      return Response.json({ error: { code: 'not_found', message: 'no' } }, { status: 404 })
    const [before, thread] = ['before', 'thread'].map((name) => url.searchParams.get(name))
    const page = serverOf(id).page(
      {
        ...(before ? { before: Number(before) } : {}),
        ...(thread ? { thread: Number(thread) } : {}),
        isMain: url.searchParams.has('main'),
      },
      userId,
    )
    const ms = latencyMs()
    if (ms > 0) await new Promise<void>((resolve) => void clock.setTimer(resolve, ms))
    return Response.json(page)
  }
  return { fetch: answer, calls, overrides }
}

/** An answer that never comes. */
export function never(): Promise<never> {
  return new Promise(() => {})
}
