/** Who a text names. Decided here, from the members' rows: a client does not claim mentions. */
import { MENTIONS_MAX, type Message } from '../protocol/index.ts'
import type { MemberRow } from './rows.ts'

/** An @ at a word's start, then a username; `@all` and `@here` are words of the same shape. */
const MENTION = /(?<![a-z0-9_@])@([a-z0-9_]{3,20})(?![a-z0-9_])/giu

export function mentionsIn(
  text: string,
  author: MemberRow,
  membersNamed: (usernames: readonly string[]) => string[],
): Message['mentions'] {
  if (!text.includes('@')) return []
  const names = new Set([...text.matchAll(MENTION)].map((match) => (match[1] ?? '').toLowerCase()))
  const isLoud = author.role === 'owner' || author.role === 'admin'
  const everyone = (['all', 'here'] as const).filter((word) => isLoud && names.has(word))
  const people = membersNamed([...names].slice(0, MENTIONS_MAX))
  return [...everyone, ...people]
}
