import { api } from '../state/api.ts'
import { putConversations } from '../state/conversations.ts'
import { conversationPath } from './route.ts'

/**
 * Opens the conversation with someone: the one that is there, or a new one. The same call for both, because a
 * direct conversation's id follows from its two people.
 * @returns its path
 */
export async function startDirect(userId: string): Promise<string> {
  const summary = await api.createDirect(userId)
  putConversations([summary])
  return conversationPath(summary.id)
}
