/** What each answers to whom (F13), in words. */
import { ACTORS, type Actor, type Room } from './room.ts'

/** A status of success, a code of an error, what a socket does: `live`, or the code that it is closed with. */
export type Answers = Record<Actor, string>

export type Ask = {
  /** For the names in the route; `id`, `conversationId` and `seq` are the room's where nothing is said. */
  params?: Record<string, string | number>
  query?: string
  body?: unknown
  headers?: Record<string, string>
  /** The page's cookies instead of a program's token. */
  isPage?: boolean
}
export type Row = { what?: string; ask?: (room: Room) => Ask | Promise<Ask>; answers: Answers }

export function anyone(answer: string): Answers {
  return Object.fromEntries(ACTORS.map((actor) => [actor, answer])) as Answers
}
export function signedIn(answer: string): Answers {
  return { ...anyone(answer), anon: 'unauthorized' }
}
export function members(answer: string, others: Partial<Answers> = {}): Answers {
  return { ...signedIn(answer), stranger: 'not_found', removed: 'not_found', ...others }
}
/** To those who may not change others. */
export const FORBIDDEN = { guest: 'forbidden', member: 'forbidden' }
