/** A message that waits, as a screen shows it: the same object until something about it changes. */
import type { PendingMessage } from './outbox.ts'
import type { StoredOperation } from './store.ts'

type HowFar = {
  /** There is a connection that it is going out over. */
  isUnderWay: boolean
  /** Percent of its files, undefined where all of them are at the server. */
  uploaded: number | undefined
}

export function showMessage(
  operation: Extract<StoredOperation, { type: 'send' }>,
  { isUnderWay, uploaded }: HowFar,
  before: PendingMessage | undefined,
): PendingMessage {
  const { id, text, replyTo, createdAt, error, files, thread, alsoToConversation } = operation
  const state = error ? 'failed' : isUnderWay ? 'sending' : 'queued'
  const percent = error ? undefined : uploaded
  if (before?.state === state && before.error === error && before.uploaded === percent) return before
  return {
    ...{ id, text, replyTo, createdAt, state },
    ...(thread === undefined ? {} : { thread }),
    ...(alsoToConversation ? { alsoToConversation } : {}),
    ...(error ? { error } : {}),
    // The same array for as long as it is shown: which file has arrived changes nothing about its picture.
    ...(files ? { files: before?.files ?? files } : {}),
    ...(percent === undefined ? {} : { uploaded: percent }),
  }
}
