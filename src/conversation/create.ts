/** How a conversation begins. Doing it again with the same words is the same conversation. */
import { createHash } from 'node:crypto'
import type { ConversationKind, User } from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'
import { memberKey } from './outbox-keys.ts'
import type { Store } from './store.ts'

export type Creation = {
  by: User
  kind: ConversationKind
  name: string | null
  description: string | null
  /** With the creator, each once. */
  members: User[]
}

/**
 * @param id the object's own name on the wire
 * @returns whether it is new
 * Refuses: `idempotency_mismatch` where the id stands for another conversation.
 */
export function create(store: Store, id: string, creation: Creation, now: number): boolean {
  const createdHash = hashOf(creation)
  if (store.exists) {
    if (store.conversation().created_hash !== createdHash) {
      throw new Refusal('idempotency_mismatch', 'this id was used for another conversation')
    }
    return false
  }
  const { by, kind, name, description, members } = creation
  store.create({
    id,
    kind,
    name,
    description,
    epoch: crypto.randomUUID(),
    createdBy: by.id,
    createdHash,
    now,
  })
  for (const user of members) {
    store.putMember(user, kind !== 'direct' && user.id === by.id ? 'owner' : 'member', 0)
    // The creator is told first: whoever asks for their list next shall find it there.
    store.outbox.put(memberKey(user.id), user.id === by.id ? now - 1 : now)
  }
  return true
}

/** A direct conversation is its two members, whoever asks; names may have changed between two tries. */
function hashOf({ kind, name, description, members }: Creation): string {
  const ids = members.map((user) => user.id).sort()
  return createHash('sha256')
    .update(JSON.stringify([kind, name, description, ids]))
    .digest('base64url')
}
