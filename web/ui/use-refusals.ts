import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { ConversationState } from '../../src/client/conversation.ts'
import { t } from '../state/i18n.ts'
import { showToast } from '../state/toasts.ts'

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
    const reasons: Record<string, string> = words.errors
    const what = words.changeRefused[refused.operation.type]
    showToast({ text: `${what} ${reasons[refused.error.code] ?? ''}`.trim(), isError: true })
  }, [refused])
}
