import { Hono } from 'hono'
import * as v from 'valibot'
import { searchUsers } from '../directory/directory.ts'
import { USER_SEARCH_MAX, USER_SEARCHES_PER_MINUTE, type UsersAnswer } from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'
import type { AppEnv } from './app-env.ts'
import { readQuery } from './read.ts'

const SearchQuery = v.object({
  q: v.optional(v.string(), ''),
  limit: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,4}$/, 'must be a whole number'),
      v.transform(Number),
      v.minValue(1),
      v.transform((limit) => Math.min(limit, USER_SEARCH_MAX)),
    ),
    String(USER_SEARCH_MAX),
  ),
})

/** Finding people (CONTRACT 3). */
export const users = new Hono<AppEnv>().get('/', async (c) => {
  const { userId } = c.var.identity
  const { q, limit } = readQuery(c, SearchQuery)
  countSearch(userId, Date.now())
  return c.json<UsersAnswer>({ users: await searchUsers(c.env.DB, { q, without: userId, limit }) })
})

const MINUTE_MS = 60_000
/** Searchers remembered at once: a bound on memory, not on people. */
const SEARCHERS_MAX = 10_000
const searchesByUser = new Map<string, number[]>()

/**
 * A coarse brake on whoever copies the directory: each isolate counts for itself, and forgets when it ends.
 * An exact count would wake an object for every key that somebody presses.
 */
function countSearch(userId: string, now: number): void {
  const recent = (searchesByUser.get(userId) ?? []).filter((at) => at > now - MINUTE_MS)
  const oldest = recent[recent.length - USER_SEARCHES_PER_MINUTE]
  if (oldest !== undefined) {
    throw new Refusal('rate_limited', 'too many searches', { retryAfterMs: oldest + MINUTE_MS - now })
  }
  if (searchesByUser.size >= SEARCHERS_MAX) searchesByUser.clear()
  searchesByUser.set(userId, [...recent, now])
}
