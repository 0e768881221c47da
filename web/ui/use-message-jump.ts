import { useCallback, useEffect, useRef } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'
import { t } from '../state/i18n.ts'
import { showToast } from '../state/toasts.ts'
import { type Reached, reachMessage } from './reach-message.ts'
import type { TimelineView } from './timeline-view.ts'

/** Further back than this, what was quoted is not worth the wait … */
const QUOTE_PAGES_MAX = 10
/** … while whoever follows a pin or a link means to go there. */
const JUMP_PAGES_MAX = 40

export type MessageJump = (seq: number, origin?: number) => Promise<void>

/**
 * Goes to a message, loading what lies between. A second jump takes the place of the first.
 * @returns a function that stays the same; `origin` is the message that the jump pill leads back to (ML-6)
 */
export function useMessageJump(conversation: OpenConversation, view: TimelineView): MessageJump {
  const current = useRef<AbortController | null>(null)
  useEffect(() => () => current.current?.abort(), [conversation])
  return useCallback(
    async (seq, origin) => {
      current.current?.abort()
      const controller = new AbortController()
      const { signal } = controller
      current.current = controller
      const pagesMax = origin === undefined ? JUMP_PAGES_MAX : QUOTE_PAGES_MAX
      const reached = await reachMessage(conversation, seq, { pagesMax, signal })
      if (signal.aborted || reached === 'cancelled') return
      if (reached === 'there') view.jumpTo(seq, origin)
      else showToast({ text: failureText(reached), isError: true })
    },
    [conversation, view],
  )
}

function failureText(reached: Exclude<Reached, 'there' | 'cancelled'>): string {
  if (reached === 'too_far') return t().search.tooFar
  return reached === 'failed' ? t().olderFailed : t().quotedMissing
}
