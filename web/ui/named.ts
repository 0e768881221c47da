import type { Member, Message } from '../../src/protocol/index.ts'
import type { FindNamed } from './render-text.tsx'

/**
 * Finds the members of a conversation by their usernames, and @all and @here where the server has taken them
 * for everybody (`mentions`): written by someone who may not call them all, they are words.
 */
export function findNamedIn(
  members: ReadonlyMap<string, Member>,
  mentions: Message['mentions'],
  meId: string,
): FindNamed {
  return (written) => {
    const username = written.toLowerCase()
    if (mentions.some((id) => id === username)) return { name: username, isMe: true }
    for (const { user } of members.values()) {
      if (user.username === username) return { name: user.displayName, isMe: user.id === meId }
    }
    return null
  }
}

/** Whether a message calls this person, by name or with everybody. */
export function isCalled(mentions: Message['mentions'], meId: string): boolean {
  return mentions.some((id) => id === meId || id === 'all' || id === 'here')
}
