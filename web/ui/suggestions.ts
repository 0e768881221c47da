/** What can be put in at the caret, best first. */
import type { ConversationState } from '../../src/client/conversation.ts'
import { fold, USERNAME_MAX, USERNAME_MIN, type User } from '../../src/protocol/index.ts'
import type { Emoji } from '../state/emoji-table.ts'
import { findEmoji } from './find-emoji.ts'
import { FIT, fitOf } from './fit.ts'
import type { SuggestionQuery } from './suggestion-query.ts'

/** `insert` is what the text gets for the sign and its query. */
export type Suggestion =
  | { kind: 'person'; insert: string; user: User }
  | { kind: 'everyone'; insert: string; word: 'all' | 'here' }
  | { kind: 'emoji'; insert: string; emoji: Emoji }

/** CO-9: as many as a glance takes in. */
const SUGGESTIONS_MAX = 8
/** Whoever spoke within so many messages is likely to be meant. */
const RECENT_MESSAGES = 200

/** A deleted account has a name that nobody can write. */
const USERNAME = new RegExp(`^[a-z0-9_]{${USERNAME_MIN},${USERNAME_MAX}}$`)

type Knowledge = {
  state: Pick<ConversationState, 'members' | 'messages' | 'role'>
  meId: string
  /** Null until they are there. */
  emoji: readonly Emoji[] | null
}

export function suggestionsFor(asked: SuggestionQuery, { state, meId, emoji }: Knowledge): Suggestion[] {
  if (asked.kind === 'mention') return whomToMention(asked.query, state, meId)
  return findEmoji(emoji ?? [], asked.query, SUGGESTIONS_MAX).map((found) => ({
    kind: 'emoji',
    insert: found.text,
    emoji: found,
  }))
}

/** Prefix before inside, then who spoke last, then by name; everybody at once comes after people, unless written out. */
function whomToMention(query: string, state: Knowledge['state'], meId: string): Suggestion[] {
  const { members, messages, role } = state
  const rankOf = fitOf(query)
  const spokeAt = new Map(messages.slice(-RECENT_MESSAGES).map(({ authorId, seq }) => [authorId, seq]))
  const people = [...members.values()]
    .filter(({ user }) => user.id !== meId && USERNAME.test(user.username))
    .flatMap(({ user }) => {
      const ranks = [fold(user.displayName), user.username].map(rankOf).filter((rank) => rank !== null)
      return ranks.length > 0 ? [{ user, rank: Math.min(...ranks), spoke: spokeAt.get(user.id) ?? 0 }] : []
    })
    .sort(
      (a, b) => a.rank - b.rank || b.spoke - a.spoke || a.user.displayName.localeCompare(b.user.displayName),
    )
    .map(({ user }): Suggestion => ({ kind: 'person', insert: `@${user.username} `, user }))
  // The server takes these words from owners and admins only: from others they would call nobody.
  const isLoud = role === 'owner' || role === 'admin'
  const everyone = (['all', 'here'] as const)
    .filter((word) => isLoud && (rankOf(word) ?? FIT.inside) <= FIT.start)
    .map((word): Suggestion => ({ kind: 'everyone', insert: `@${word} `, word }))
  const fitting = people.slice(0, SUGGESTIONS_MAX - everyone.length)
  // Written out it is meant, whoever else is called something like it.
  const isMeant = everyone.some(({ insert }) => insert === `@${query.toLowerCase()} `)
  return isMeant ? [...everyone, ...fitting] : [...fitting, ...everyone]
}
