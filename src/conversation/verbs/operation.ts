/** What all operations have in common: done once, whatever happens on the way, and told to who must know. */
import { createHash } from 'node:crypto'
import { codePoints, isBlank, type ServerFrameOf } from '../../protocol/index.ts'
import { Refusal } from '../../refusal.ts'
import type { Effect } from '../effects.ts'
import { SUMMARY } from '../outbox-keys.ts'
import type { Turn } from './turn.ts'

/**
 * The answer to an operation that was done before, at any age: its first `seq`, told to nobody again.
 * @returns undefined for a new one. Refuses: `idempotency_mismatch` where the id stands for something else.
 */
export function doneBefore({ store, member }: Turn, id: string, payloadHash: string): Effect[] | undefined {
  const done = store.operation(member.user_id, id)
  if (!done) return undefined
  if (done.payloadHash !== payloadHash) {
    throw new Refusal('idempotency_mismatch', 'this id was used for something else')
  }
  return [{ do: 'ack', ack: { ...ackOf(id, done.seq, done.at), duplicate: true } }]
}

export function ackOf(id: string, seq: number, at: number): ServerFrameOf<'ack'> {
  return { type: 'ack', id, seq, at }
}

/** Refuses: `archived`. */
export function refuseArchived({ store }: Turn): void {
  if (store.isArchived()) throw new Refusal('archived', 'the conversation is archived')
}

/** Lists and the index are to hear that the conversation has changed. */
export function tellLists({ store, dueAt }: Turn): Effect[] {
  return store.outbox.put(SUMMARY, dueAt) ? [{ do: 'wake', at: dueAt }] : []
}

/** What a retry is compared with: a hash, so that a later edit does not change it. */
export function hashOf(payload: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(payload)).digest('base64url').slice(0, 22)
}

/**
 * Trimmed at both ends and otherwise byte for byte as sent.
 * @param mayBeEmpty where a file says it all: nothing to see is then no text
 * Refuses: `invalid`.
 */
export function readText(raw: string, max: number, mayBeEmpty = false): string {
  // A lone surrogate is not a character: it could not come back as it was sent.
  if (!raw.isWellFormed()) throw invalid('text', 'is not well-formed Unicode')
  const text = raw.trim()
  if (isBlank(text) && mayBeEmpty) return ''
  if (isBlank(text)) throw invalid('text', 'must not be empty')
  if (codePoints(text) > max) throw invalid('text', `must be at most ${max} characters`)
  return text
}

export function invalid(field: string, problem: string): Refusal {
  return new Refusal('invalid', `${field}: ${problem}`, { fields: { [field]: problem } })
}
