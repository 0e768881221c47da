/** The way to one message, however far back it is: from a search, a quote or a link. */
import type { OpenConversation } from '../../src/client/client.ts'

/** ML-12: how long a message stays lit that someone jumped to. */
const LIT_MS = 2_000

export type Reached = 'there' | 'gone' | 'too_far' | 'failed' | 'cancelled'

/**
 * Loads older messages until one of them is `seq`.
 * @param onPage how many pages were asked for so far
 * @returns `gone` where history has no such message, `too_far` after `pagesMax` pages
 */
export async function reachMessage(
  conversation: Pick<OpenConversation, 'state' | 'subscribe' | 'loadOlder'>,
  seq: number,
  { pagesMax, signal, onPage }: { pagesMax: number; signal?: AbortSignal; onPage?: (page: number) => void },
): Promise<Reached> {
  for (let page = 1; ; page += 1) {
    const { main, hasOlder } = conversation.state
    if (signal?.aborted) return 'cancelled'
    if (main.some((message) => message.seq === seq)) return 'there'
    if (!hasOlder || (main[0]?.seq ?? Number.POSITIVE_INFINITY) < seq) return 'gone'
    if (page > pagesMax) return 'too_far'
    onPage?.(page)
    await conversation.loadOlder()
    await loaded(conversation)
    if (conversation.state.older === 'failed') return 'failed'
  }
}

/** The list may have asked for the same page already: then `loadOlder` has nothing to do and returns at once. */
function loaded(conversation: Pick<OpenConversation, 'state' | 'subscribe'>): Promise<void> {
  return new Promise((resolve) => {
    let stop = () => {}
    const look = () => {
      if (conversation.state.older === 'loading') return
      stop()
      resolve()
    }
    stop = conversation.subscribe(look)
    look()
  })
}

/** Fades by itself, and leaves nothing on the row that drawing it again would have to know. */
export function lightUp(row: HTMLElement): void {
  if (typeof row.animate !== 'function') return
  const lit = { backgroundColor: 'var(--mention)', borderRadius: 'var(--radius-bubble)' }
  row.animate([lit, { ...lit, offset: 0.75 }, { borderRadius: 'var(--radius-bubble)' }], LIT_MS)
}
