import type { Replies } from '../../src/protocol/index.ts'
import { locale, t } from '../state/i18n.ts'
import { Button } from './Button.tsx'
import row from './ConversationRow.module.css'
import { clock, fullTime } from './dates.ts'

type Props = { replies: Replies; hasNew: boolean; onOpen: () => void }

/** Under a root: how many replies, and when the last one came (MA-5). */
export function ThreadLink({ replies: { count, last }, hasNew, onOpen }: Props) {
  const words = t()
  return (
    <Button
      look="text"
      icon="messages-square"
      title={last ? fullTime(last.at, locale.value) : undefined}
      onClick={onOpen}
    >
      {words.threads.replies(count)}
      {last && ` · ${clock(last.at, locale.value)}`}
      {hasNew && (
        <span class={row.dot}>
          <span class="visually-hidden">{words.threads.hasNew}</span>
        </span>
      )}
    </Button>
  )
}

/** Above a reply that stands in the conversation, too: the way to its thread. */
export function InThread({ onOpen }: { onOpen: () => void }) {
  return (
    <Button look="text" icon="messages-square" onClick={onOpen}>
      {t().threads.repliedIn}
    </Button>
  )
}
