import * as v from 'valibot'
import type { Env } from '../env.ts'
import { ConversationId } from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'

/** The object behind an id. A forged one ends here, with `not_found`: it names no object, so nothing is woken. */
export function conversationStub({ CONVERSATIONS }: Pick<Env, 'CONVERSATIONS'>, id: string) {
  if (!v.is(ConversationId, id)) throw new Refusal('not_found', 'no such conversation')
  try {
    return CONVERSATIONS.get(CONVERSATIONS.idFromString(id))
  } catch {
    throw new Refusal('not_found', 'no such conversation')
  }
}
