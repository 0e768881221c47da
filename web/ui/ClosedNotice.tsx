import type { OpenConversation } from '../../src/client/client.ts'
import { CLOSE } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { Button } from './Button.tsx'
import css from './ClosedNotice.module.css'

/** Stands where the composer was: why nothing more can be said here. */
export function ClosedNotice({ code, conversation }: { code: number; conversation: OpenConversation }) {
  const text = t()
  // Only these are about this tab, not about the person: coming back is a fair wish.
  const canReturn = code !== CLOSE.notMember && code !== CLOSE.banned && code !== CLOSE.conversationDeleted
  return (
    <div class={css.notice} role="status">
      <p>{text.closed(code)}</p>
      {canReturn && (
        <Button look="text" onClick={() => conversation.reconnectNow()}>
          {text.reconnect}
        </Button>
      )}
    </div>
  )
}
