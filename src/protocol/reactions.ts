/** How a reaction changes a message: one rule for the server that stores it and the client that shows it. */
import type { Message } from './model.ts'

/**
 * Puts a person's reaction on, or takes it off; twice is once. Kinds stand in the order of their first use,
 * people in the order in which they came; who has reacted already keeps their place.
 */
export function withReaction(
  reactions: Message['reactions'],
  { emoji, userId, on }: { emoji: string; userId: string; on: boolean },
): Message['reactions'] {
  const known = reactions.find((reaction) => reaction.emoji === emoji)
  if (on && !known) return [...reactions, { emoji, userIds: [userId] }]
  if (!known || known.userIds.includes(userId) === on) return reactions
  const userIds = on ? [...known.userIds, userId] : known.userIds.filter((id) => id !== userId)
  return reactions.flatMap((reaction) => {
    if (reaction !== known) return [reaction]
    return userIds.length > 0 ? [{ emoji, userIds }] : []
  })
}
