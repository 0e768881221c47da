import type { ReadonlySignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'
import type { ConversationState } from '../../src/client/conversation.ts'
import type { Pin } from '../../src/client/pins.ts'

/**
 * Has what is shown of the pins loaded: what stands in memory needs no call, and one that failed is made again
 * with the next connection.
 * @returns the pins that are shown
 */
export function usePins(
  conversation: OpenConversation,
  state: ReadonlySignal<ConversationState>,
  count: number,
): readonly Pin[] {
  const { pins, connection } = state.value
  const shown = pins.slice(0, count)
  const missing = shown.flatMap(({ seq, message }) => (message ? [] : [seq])).join()
  const isLive = connection.phase === 'live'
  useEffect(() => {
    if (missing !== '' && isLive) void conversation.loadPins()
  }, [conversation, missing, isLive])
  return shown
}
