import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { ConversationState } from '../../src/client/conversation.ts'
import type { MessageJump } from './use-message-jump.ts'

/** ML-12: whoever came by a link to a message is led there, once, when there is something to look through. */
export function useOpenedAt(
  seq: number | null,
  state: ReadonlySignal<ConversationState>,
  jump: MessageJump,
): void {
  const ledTo = useRef<number | null>(null)
  const { isLoaded, connection, messages } = state.value
  // Without a network what is held is all there is, and may be enough.
  const isReady = isLoaded && (connection.phase === 'live' || messages.some((message) => message.seq === seq))
  useEffect(() => {
    if (seq === null || !isReady || ledTo.current === seq) return
    ledTo.current = seq
    void jump(seq)
  }, [seq, isReady, jump])
}
