// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { ApiError } from '../../src/client/api.ts'
import { api } from '../../web/state/api.ts'
import { conversations, inboxState } from '../../web/state/conversations.ts'
import { drafts, saveDraft } from '../../web/state/drafts.ts'
import { enter, expire, me, session, signOut, startSession } from '../../web/state/session.ts'
import { ada, directWith, grace, inboxOf } from './web-stage.tsx'

vi.mock('../../web/state/client.ts', () => ({ client: { forget: vi.fn(async () => {}) } }))

beforeEach(() => {
  localStorage.clear()
  session.value = { status: 'signed_out' }
  vi.restoreAllMocks()
  vi.spyOn(location, 'reload').mockImplementation(() => {})
})

const refused = new ApiError('unauthorized', 'sign in', 401)

describe('AU-5 leaving', () => {
  test('AU-5 signing out leaves nothing of the person on the device', async () => {
    vi.spyOn(api, 'signOut').mockResolvedValue()
    await enter(ada)
    inboxState.value = inboxOf(directWith(grace))
    saveDraft('c', 'between us')
    expect(localStorage.length).toBeGreaterThan(0)
    await signOut()
    expect(Object.keys(localStorage)).toEqual([])
    expect([drafts.value.size, conversations.value, me.value]).toEqual([0, null, null])
  })

  test('AU-5 without an answer one is not signed out: only the server can take the cookie', async () => {
    vi.spyOn(api, 'signOut').mockRejectedValue(new ApiError('offline', 'no network'))
    await enter(ada)
    await expect(signOut()).rejects.toThrow('no network')
    expect(me.value).toEqual(ada)
  })

  test('AU-5 a session that the server ended keeps drafts and the person on screen', async () => {
    await enter(ada)
    saveDraft('c', 'not lost')
    expire()
    expect(session.value).toEqual({ status: 'expired', user: ada })
    expect(drafts.value.get('c')).toBe('not lost')
  })

  test('AU-5 another person starts from a clean page', async () => {
    await enter(ada)
    saveDraft('c', 'between us')
    await enter(grace)
    expect(drafts.value.size).toBe(0)
    expect(JSON.stringify(localStorage)).not.toContain('between us')
    expect(location.reload).toHaveBeenCalledOnce()
  })
})

describe('CL-1 coming back', () => {
  test('CL-1 the last person is there before the network answers', async () => {
    await enter(ada)
    session.value = { status: 'checking' }
    vi.spyOn(api, 'me').mockReturnValue(new Promise(() => {}))
    void startSession()
    expect(me.value).toEqual(ada)
  })

  test('AU-4 where the session has ended meanwhile, signing in happens in place', async () => {
    await enter(ada)
    vi.spyOn(api, 'me').mockRejectedValue(refused)
    await startSession()
    expect(session.value.status).toBe('expired')
  })

  test('AU-1 someone new sees the sign-in card', async () => {
    vi.spyOn(api, 'me').mockRejectedValue(refused)
    await startSession()
    expect(session.value.status).toBe('signed_out')
  })
})
