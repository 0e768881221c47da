import type { OpenConversation } from '../../src/client/client.ts'
import { t } from '../state/i18n.ts'
import { ask } from '../state/question.ts'

/** Asks first (MA-3): what is deleted is gone for everyone. */
export function askToDelete(conversation: OpenConversation, seq: number): void {
  const words = t()
  ask({
    title: words.deleteMessage,
    lead: words.deleteMessageLead,
    confirm: words.delete,
    isDanger: true,
    run: async () => conversation.remove(seq),
  })
}
