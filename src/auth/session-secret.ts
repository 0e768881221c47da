/**
 * What a session cookie holds, and how it is recognised. No secret is stored anywhere: the one of a
 * session's n-th generation is derived from the pepper, so a repeated offer of it is the same one, and
 * whoever reads the database can sign in as nobody.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import * as v from 'valibot'
import { type User, Uuid } from '../protocol/index.ts'

export type SessionClaim = { sessionId: string; generation: number; secret: string }

/** What a person's object hands out when it accepts somebody: who, and what their cookie shall hold. */
export type Grant = {
  user: User
  session: { id: string; generation: number; secret: string; expiresAt: number }
}

const VERSION = 'v1'
const COOKIE = /^v1\.([0-9a-f]{64})\.([0-9a-f-]{36})\.(\d{1,9})\.([A-Za-z0-9_-]{43})$/

export function sessionSecret(pepper: string, sessionId: string, generation: number): string {
  return createHmac('sha256', Buffer.from(pepper, 'hex'))
    .update(`session|${sessionId}|${generation}`)
    .digest('base64url')
}

/** Compares in constant time: a cookie must not be found byte by byte. */
export function isGenuine(pepper: string, { sessionId, generation, secret }: SessionClaim): boolean {
  const expected = Buffer.from(sessionSecret(pepper, sessionId, generation))
  const given = Buffer.from(secret)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** @param userObjectId hex id of the person's object: the runtime refuses one that it did not mint */
export function formatSession(userObjectId: string, { id, generation, secret }: Grant['session']): string {
  return [VERSION, userObjectId, id, generation, secret].join('.')
}

/** Undefined for anything that is not shaped like a session. Whether it is one, its object decides. */
export function parseSession(cookie: string): (SessionClaim & { userObjectId: string }) | undefined {
  const [, userObjectId, sessionId, generation, secret] = COOKIE.exec(cookie) ?? []
  if (!userObjectId || !v.is(Uuid, sessionId) || !generation || !secret) return undefined
  return { userObjectId, sessionId, generation: Number(generation), secret }
}
