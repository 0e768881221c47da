import type { OpenConversation } from '../../src/client/client.ts'
import { t } from '../state/i18n.ts'
import { Button } from './Button.tsx'
import css from './UnsentActions.module.css'

/** Under a message that the server refused: why, and the two ways on (SO-3). */
export function UnsentActions({
  conversation,
  id,
  code,
}: {
  conversation: OpenConversation
  id: string
  code: string | null
}) {
  const text = t()
  return (
    <div class={css.line}>
      <span>{text.notSentBecause(code)}</span>
      <Button look="text" onClick={() => conversation.retry(id)}>
        {text.retry}
      </Button>
      <Button look="text" onClick={() => conversation.discard(id)}>
        {text.delete}
      </Button>
    </div>
  )
}
