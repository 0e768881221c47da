/** Pinning for everyone in the conversation (MA-6). */
import type { OpenConversation } from '../../src/client/client.ts'
import type { InboxRow, Message, Role } from '../../src/protocol/index.ts'

type Looking = { conversation: OpenConversation; role: Role | null; row: InboxRow }

export type PinAction = { isPinned: boolean; run: () => void }

/** What pinning would do to a message; null where this person may not. */
export function pinAction(message: Message, { conversation, role, row }: Looking): PinAction | null {
  if (message.deletedAt !== null || message.kind === 'system' || row.archivedAt !== null) return null
  if (!mayPin(role, row)) return null
  const isPinned = conversation.state.pins.some(({ seq }) => seq === message.seq)
  return { isPinned, run: () => conversation.pin(message.seq, !isPinned) }
}

/** Guests do not pin. Before the conversation has said who one is, the list knows. */
export function mayPin(role: Role | null, row: InboxRow): boolean {
  return (role ?? row.role) !== 'guest' && row.archivedAt === null
}
