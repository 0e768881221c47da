import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { ConversationState } from '../../src/client/conversation.ts'
import { isInMain, type User } from '../../src/protocol/index.ts'
import { announce, createBurst } from '../state/announcer.ts'
import { t } from '../state/i18n.ts'
import { messageText } from './message-line.ts'
import { isNews } from './unread-divider.ts'

/** Longer messages are cut: the rest is a step into the list away. */
const SPOKEN_MAX = 200

/**
 * Speaks what others say while the conversation is open, and a refusal of one's own at once (AX-3).
 * @param isThread a thread says what its conversation, which stands behind it, does not
 */
export function useAnnouncements(
  state: ReadonlySignal<ConversationState>,
  me: User,
  isThread: boolean,
): void {
  const burst = useRef<ReturnType<typeof createBurst>>(null)
  const spokenSeq = useRef<number | null>(null)
  const failures = useRef(0)
  const { main: messages, members, pending, connection, isLoaded } = state.value

  useEffect(() => {
    burst.current = createBurst({ one: (line) => line, many: (count) => t().newMessages(count) })
    return () => burst.current?.stop()
  }, [])

  useEffect(() => {
    const newest = messages.at(-1)?.seq ?? 0
    const spoken = spokenSeq.current
    // What was there when the page of a thread came is old, however late it came.
    if (spoken === null && !(connection.phase === 'live' && isLoaded)) return
    spokenSeq.current = newest
    if (spoken === null) return
    for (const message of messages.slice(-50)) {
      const isSaidElsewhere = isThread && isInMain(message)
      if (message.seq <= spoken || isSaidElsewhere || !isNews(message, me.id)) continue
      const name = members.get(message.authorId)?.user.displayName ?? t().someone
      burst.current?.add(`${name}: ${messageText(message).slice(0, SPOKEN_MAX)}`)
    }
  }, [messages, connection.phase, isLoaded])

  const failed = pending.filter(({ state }) => state === 'failed').length
  useEffect(() => {
    if (failed > failures.current && !isThread) announce(t().sendStates.failed, true)
    failures.current = failed
  }, [failed])
}
