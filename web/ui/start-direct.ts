import { api } from '../state/api.ts'
import { putConversation } from '../state/inbox.ts'
import { conversationPath } from './route.ts'

/**
 * Opens the conversation with someone: the one that is there, or a new one. The same call for both, because a
 * direct conversation's id follows from its two people.
 * @returns its path
 */
export async function startDirect(userId: string): Promise<string> {
  const summary = await api.createDirect(userId)
  putConversation(summary)
  return conversationPath(summary.id)
}
