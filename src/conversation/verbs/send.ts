import { messageKindOf, type SendBody } from '../../protocol/index.ts'
import { Refusal } from '../../refusal.ts'
import { filesToSend } from '../attachments.ts'
import type { Effect } from '../effects.ts'
import { mentionsIn } from '../mentions.ts'
import { toCreated } from '../rows.ts'
import { ackOf, doneBefore, hashOf, invalid, readText, refuseArchived, tellLists } from './operation.ts'
import { followReply, rootAt } from './thread.ts'
import type { Turn } from './turn.ts'

/**
 * Says something. The same for the socket's `send` and `POST …/messages` (SPEC S1–S9).
 * Refuses: `invalid`, `idempotency_mismatch`, `archived`, `rate_limited`.
 */
export function send(turn: Turn, body: SendBody): Effect[] {
  const { store, member, now } = turn
  const ids = body.attachments ?? []
  const text = readText(body.text, turn.config.textMax, ids.length > 0)
  const place = body.thread === undefined ? [] : [body.thread, body.alsoToConversation === true]
  // Without a thread, what it always was: a retry may be older than threads are.
  const payloadHash = hashOf([text, body.replyTo ?? null, ids, ...place])
  // A retry is answered before anything else is asked: not by the rate, nor by what changed since.
  const before = doneBefore(turn, body.id, payloadHash)
  if (before) return before
  refuseArchived(turn)
  if (body.replyTo !== undefined && !store.hasMessage(body.replyTo)) {
    throw invalid('replyTo', 'is not a message here')
  }
  const root = body.thread === undefined ? undefined : rootAt(store, body.thread)
  const attachments = filesToSend(turn, ids)
  const retryAfterMs = turn.sends.check(member.user_id, now, (since) =>
    store.sendTimesSince(member.user_id, since),
  )
  if (retryAfterMs > 0) throw new Refusal('rate_limited', 'sending too quickly', { retryAfterMs })

  const message = store.appendMessage({
    id: body.id,
    authorId: member.user_id,
    kind: messageKindOf(attachments),
    text,
    mentions: mentionsIn(text, member, (usernames) => store.membersNamed(usernames)),
    replyTo: body.replyTo ?? null,
    thread: root?.seq ?? null,
    ...(root && body.alsoToConversation ? { alsoToConversation: true as const } : {}),
    attachments,
    createdAt: now,
    payloadHash,
  })
  for (const id of ids) store.attachments.sent(id, message.seq)
  turn.sends.count(member.user_id, now)
  turn.typists.stop(member.user_id)
  const replies = root && store.threads.added(root, message)
  return [
    { do: 'ack', ack: ackOf(message.id, message.seq, now) },
    { do: 'publish', event: toCreated(message, replies) },
    ...(root ? followReply(turn, root, message) : []),
    ...tellLists(turn),
  ]
}
