import { createHash } from 'node:crypto'
import { codePoints, isBlank, type SendBody } from '../../protocol/index.ts'
import { Refusal } from '../../refusal.ts'
import type { Effect } from '../effects.ts'
import { mentionsIn } from '../mentions.ts'
import { SUMMARY } from '../outbox-keys.ts'
import type { Turn } from './turn.ts'

/**
 * Says something. The same for the socket's `send` and `POST …/messages` (SPEC S1–S9).
 * Refuses: `invalid`, `idempotency_mismatch`, `archived`, `rate_limited`.
 */
export function send(turn: Turn, body: SendBody): Effect[] {
  const { store, member, now } = turn
  const text = readText(body.text, turn.config.textMax)
  const payloadHash = hashOf(text, body)

  // A retry is answered before anything else is asked: not by the rate, nor by what changed since.
  const done = store.operation(member.user_id, body.id)
  if (done) {
    if (done.payloadHash !== payloadHash) {
      throw new Refusal('idempotency_mismatch', 'this id was used for something else')
    }
    return [{ do: 'ack', ack: { type: 'ack', id: body.id, seq: done.seq, at: done.at, duplicate: true } }]
  }

  const conversation = store.conversation()
  if (conversation.archived_at !== null) throw new Refusal('archived', 'the conversation is archived')
  if (body.replyTo !== undefined && !store.hasMessage(body.replyTo)) {
    throw invalid('replyTo', 'is not a message here')
  }
  if (body.attachments?.length) throw invalid('attachments', 'no such attachment')
  const retryAfterMs = turn.sends.check(member.user_id, now, (since) =>
    store.sendTimesSince(member.user_id, since),
  )
  if (retryAfterMs > 0) throw new Refusal('rate_limited', 'sending too quickly', { retryAfterMs })

  const message = store.appendMessage({
    id: body.id,
    authorId: member.user_id,
    kind: 'text',
    text,
    mentions: mentionsIn(text, member, (usernames) => store.membersNamed(usernames)),
    replyTo: body.replyTo ?? null,
    thread: null,
    attachments: [],
    createdAt: now,
    payloadHash,
  })
  const isNewInOutbox = store.putOutbox(SUMMARY, turn.dueAt)
  turn.sends.count(member.user_id, now)
  turn.typists.stop(member.user_id)

  const effects: Effect[] = [
    { do: 'ack', ack: { type: 'ack', id: message.id, seq: message.seq, at: now } },
    {
      do: 'publish',
      event: { seq: message.seq, kind: 'message.created', at: now, by: message.authorId, message },
    },
  ]
  if (isNewInOutbox) effects.push({ do: 'wake', at: turn.dueAt })
  return effects
}

/** Trimmed at both ends and otherwise byte for byte as sent. */
function readText(raw: string, max: number): string {
  // A lone surrogate is not a character: it could not come back as it was sent.
  if (!raw.isWellFormed()) throw invalid('text', 'is not well-formed Unicode')
  const text = raw.trim()
  if (isBlank(text)) throw invalid('text', 'must not be empty')
  if (codePoints(text) > max) throw invalid('text', `must be at most ${max} characters`)
  return text
}

function hashOf(text: string, body: SendBody): string {
  const payload = JSON.stringify([text, body.replyTo ?? null, body.attachments ?? []])
  return createHash('sha256').update(payload).digest('base64url').slice(0, 22)
}

function invalid(field: string, problem: string): Refusal {
  return new Refusal('invalid', `${field}: ${problem}`, { fields: { [field]: problem } })
}
