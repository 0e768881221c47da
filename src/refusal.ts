/** How the server says no. Anything thrown that is not a Refusal is a bug, and is answered as `internal`. */

import { logError } from './log.ts'
import type { ErrorCode } from './protocol/index.ts'

export type RefusalDetails = {
  retryAfterMs?: number
  /** For `invalid`: field path → what is wrong with it. */
  fields?: Record<string, string>
}

export class Refusal extends Error {
  readonly code: ErrorCode
  readonly details: RefusalDetails

  constructor(code: ErrorCode, message: string, details: RefusalDetails = {}) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.details = details
  }
}

/** What an object's method answers: a value or a refusal, since a class does not survive an RPC. */
export type Answer<T> =
  | { ok: true; value: T }
  | { ok: false; code: ErrorCode; message: string; details: RefusalDetails }

/** The objects' door: runs a method's work and turns what it throws into an answer. */
export async function answering<T>(place: string, work: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    const refusal = toRefusal(error, place)
    return { ok: false, code: refusal.code, message: refusal.message, details: refusal.details }
  }
}

/** The caller's side of {@link answering}: the value, or the refusal thrown again. */
export function accept<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value
  throw new Refusal(answer.code, answer.message, answer.details)
}

/** Makes a Refusal of anything that was thrown; what is not one is logged with its stack. */
export function toRefusal(error: unknown, place: string): Refusal {
  if (error instanceof Refusal) return error
  const overloaded = isOverloaded(error)
  logError(place, error)
  return overloaded
    ? new Refusal('overloaded', 'too busy right now', { retryAfterMs: 2_000 })
    : new Refusal('internal', 'something went wrong here')
}

/** The platform's mark of an object with too much to do: retrying at once would make it worse. */
function isOverloaded(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'overloaded' in error && error.overloaded === true
}
