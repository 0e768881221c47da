/**
 * Which of the messages in memory stand in the document: at most 200 of them, 220 for a moment, however long
 * the conversation is (ML-2). Pure: positions are seqs, so a page that arrives above moves nothing.
 */

/** A step of growth, up or down. */
export const WINDOW_STEP = 50
export const WINDOW_ROWS = 200
/** Rows that may pile up below while the reader is up in history, before the window stops following. */
export const WINDOW_ROWS_MAX = 220

/** `last` null: it follows the newest message. */
export type MessageWindow = { first: number; last: number | null }

type Placed = { readonly seq: number }

/** The newest page, following what comes. */
export function newestWindow(messages: readonly Placed[], rows = WINDOW_STEP): MessageWindow {
  return { first: messages.at(-rows)?.seq ?? messages[0]?.seq ?? 0, last: null }
}

/** A page of messages around `seq`: half before it, half from it on (ML-1). */
export function windowAround(messages: readonly Placed[], seq: number): MessageWindow {
  const at = indexOf(messages, seq)
  const end = at + WINDOW_STEP / 2
  return {
    first: messages[Math.max(0, at - WINDOW_STEP / 2)]?.seq ?? 0,
    last: end >= messages.length ? null : (messages[end - 1]?.seq ?? null),
  }
}

/** The messages of a window, in order. */
export function messagesIn<M extends Placed>(window: MessageWindow, messages: readonly M[]): readonly M[] {
  const start = indexOf(messages, window.first)
  const end = window.last === null ? messages.length : indexOf(messages, window.last + 1)
  return start === 0 && end === messages.length ? messages : messages.slice(start, end)
}

export function hasOlderRows(window: MessageWindow, messages: readonly Placed[]): boolean {
  return indexOf(messages, window.first) > 0
}

export function hasNewerRows(window: MessageWindow, messages: readonly Placed[]): boolean {
  return window.last !== null && indexOf(messages, window.last + 1) < messages.length
}

/** One step up; what then is too much leaves at the bottom. */
export function growOlder(window: MessageWindow, messages: readonly Placed[]): MessageWindow {
  const start = Math.max(0, indexOf(messages, window.first) - WINDOW_STEP)
  const end = endOf(window, messages)
  const cut = Math.min(end, start + WINDOW_ROWS)
  return {
    first: messages[start]?.seq ?? window.first,
    last: cut >= messages.length ? null : (messages[cut - 1]?.seq ?? null),
  }
}

/** One step down; what then is too much leaves at the top. */
export function growNewer(window: MessageWindow, messages: readonly Placed[]): MessageWindow {
  const end = Math.min(messages.length, endOf(window, messages) + WINDOW_STEP)
  const start = Math.max(indexOf(messages, window.first), end - WINDOW_ROWS)
  return {
    first: messages[start]?.seq ?? window.first,
    last: end >= messages.length ? null : (messages[end - 1]?.seq ?? null),
  }
}

/**
 * After messages arrived below. A reader at the bottom stays with the newest, and the oldest rows leave; one
 * who is up in history keeps what is on screen, and past 220 rows the window stops following.
 */
export function follow(
  window: MessageWindow,
  messages: readonly Placed[],
  isAtBottom: boolean,
): MessageWindow {
  if (window.last !== null) return window
  const start = indexOf(messages, window.first)
  const rows = messages.length - start
  if (isAtBottom && rows > WINDOW_ROWS)
    return { first: messages.at(-WINDOW_ROWS)?.seq ?? window.first, last: null }
  if (!isAtBottom && rows > WINDOW_ROWS_MAX) {
    return { first: window.first, last: messages[start + WINDOW_ROWS - 1]?.seq ?? null }
  }
  return window
}

/** The message with this seq, where it is held. */
export function messageAt<M extends Placed>(messages: readonly M[], seq: number): M | undefined {
  const found = messages[indexOf(messages, seq)]
  return found?.seq === seq ? found : undefined
}

/** A window that still lies within the messages: after a resync what it showed may be gone from memory. */
export function isWithin(window: MessageWindow, messages: readonly Placed[]): boolean {
  const oldest = messages[0]?.seq
  const newest = messages.at(-1)?.seq
  if (oldest === undefined || newest === undefined) return true
  return window.first <= newest && (window.last === null || window.last >= oldest)
}

function endOf(window: MessageWindow, messages: readonly Placed[]): number {
  return window.last === null ? messages.length : indexOf(messages, window.last + 1)
}

/** The index of the first message at or after `seq`, by halving: messages ascend by seq. */
function indexOf(messages: readonly Placed[], seq: number): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((messages[middle]?.seq ?? Number.POSITIVE_INFINITY) < seq) low = middle + 1
    else high = middle
  }
  return low
}
