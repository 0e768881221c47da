/**
 * Judges a run by what was asked, answered and told, and by the log that is left, in the manner of Jepsen's
 * checker for Kafka. The log gives every change its place, so that all of it is a few passes over lists, and
 * an operation without an answer may be there or not, but once.
 * https://github.com/jepsen-io/jepsen/blob/main/jepsen/src/jepsen/tests/kafka.clj
 */
import { checkDelivery } from './check-delivery.ts'
import { checkOperations } from './check-operations.ts'
import { checkStates } from './check-states.ts'
import type { History } from './history.ts'

export type ViolationName =
  /** An answer named a place where the operation is not. */
  | 'lost write'
  /** It happened twice, or two answers named two places. */
  | 'duplicate'
  /** It happened, and nobody had asked for it. */
  | 'phantom'
  /** It was refused, or is not in the log, and somebody was told of it. */
  | 'aborted read'
  /** It was answered before another began, and stands after it. */
  | 'real-time order'
  /** What a client took back together was done by half. */
  | 'half undone'
  /** Something in between was not told. */
  | 'skip'
  /** It was told again, or after what follows it. */
  | 'reorder'
  /** A removed member's socket was told of what came after. */
  | 'read after removal'
  /** Two hold different things for the same place. */
  | 'divergence'
  /** A window and the events after it do not make the end. */
  | 'snapshot law'
  /** The index went back to what it had held before, or holds what the conversation does not. */
  | 'stale index'
  /** The index was never told of the end. */
  | 'lost index write'

export type Violation = { name: ViolationName; says: string }

export function check(history: History): Violation[] {
  return [...checkOperations(history), ...checkDelivery(history), ...checkStates(history)]
}
