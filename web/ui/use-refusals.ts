import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { ConversationState } from '../../src/client/conversation.ts'
import { PINS_MAX } from '../../src/protocol/limits.ts'
import { t } from '../state/i18n.ts'
import { showToast } from '../state/toasts.ts'

type Refused = NonNullable<ConversationState['refused']>

/** Says when the server did not take a change that was on the screen already, and why. */
export function useRefusals(state: ReadonlySignal<ConversationState>): void {
  const { refused } = state.value
  // What was refused on an earlier visit has been told.
  const told = useRef(refused)
  useEffect(() => {
    if (refused === told.current) return
    told.current = refused
    if (!refused) return
    const words = t()
    const what = words.changeRefused[refused.operation.type]
    showToast({ text: `${what} ${reasonOf(refused, state.peek().pins.length)}`.trim(), isError: true })
  }, [refused])
}

function reasonOf({ operation, error }: Refused, pinCount: number): string {
  const words = t()
  // The code alone would only say that it cannot be done.
  const isFull = operation.type === 'pin' && error.code === 'conflict' && pinCount >= PINS_MAX
  if (isFull) return words.pinsFull(PINS_MAX)
  const reasons: Record<string, string> = words.errors
  return reasons[error.code] ?? ''
}
