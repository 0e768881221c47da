import { describe, expect, it } from 'vitest'
import { formatSession, isGenuine, parseSession, sessionSecret } from '../../src/auth/session-secret.ts'
import { uuidv7 } from '../../src/protocol/index.ts'

const PEPPER = '7a'.repeat(32)
const sessionId = uuidv7()
const genuine = { sessionId, generation: 3, secret: sessionSecret(PEPPER, sessionId, 3) }
const cookie = formatSession('ab'.repeat(32), {
  id: sessionId,
  generation: 3,
  secret: genuine.secret,
  expiresAt: 0,
})

describe('session cookies', () => {
  it('come back as they were made', () => {
    expect(parseSession(cookie)).toEqual({ userObjectId: 'ab'.repeat(32), ...genuine })
  })

  it('are recognised for one session, one generation and one pepper only', () => {
    expect(isGenuine(PEPPER, genuine)).toBe(true)
    expect(isGenuine(PEPPER, { ...genuine, generation: 4 })).toBe(false)
    expect(isGenuine(PEPPER, { ...genuine, sessionId: uuidv7() })).toBe(false)
    expect(isGenuine('7b'.repeat(32), genuine)).toBe(false)
    expect(isGenuine(PEPPER, { ...genuine, secret: '' })).toBe(false)
  })

  it.each([
    ['nothing', ''],
    ['another version', cookie.replace('v1', 'v2')],
    ['no id of an object', cookie.replace('abab', 'xyxy')],
    ['no session id', cookie.replace(sessionId, 'f'.repeat(36))],
    ['a negative generation', cookie.replace('.3.', '.-3.')],
    ['a short secret', cookie.slice(0, -1)],
    ['something after it', `${cookie}.x`],
  ])('that hold %s are none', (_, value) => {
    expect(parseSession(value)).toBeUndefined()
  })
})
