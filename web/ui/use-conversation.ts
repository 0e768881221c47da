import { type ReadonlySignal, signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'
import type { ConversationState } from '../../src/client/conversation.ts'
import type { User } from '../../src/protocol/index.ts'
import { client } from '../state/client.ts'
import { isHeldUnread, leaveOpen, open } from '../state/conversations.ts'
import { session } from '../state/session.ts'
import { countSoon } from '../state/unsent.ts'

export type LiveConversation = { conversation: OpenConversation; state: ReadonlySignal<ConversationState> }

/** Opens a conversation while the component stands, and closes it with it. */
export function useConversation(id: string, me: User): LiveConversation {
  const live = useMemo(() => {
    const conversation = client.conversation(id, me)
    return { conversation, state: signal(conversation.state) }
  }, [id, me.id])

  useEffect(() => {
    const { conversation, state } = live
    const update = () => {
      state.value = conversation.state
      open.value = { id, state: conversation.state }
    }
    isHeldUnread.value = false
    update()
    const unsubscribe = conversation.subscribe(update)
    const comeBack = () => {
      if (document.visibilityState === 'visible') conversation.reconnectNow()
    }
    for (const name of ['online', 'focus']) addEventListener(name, comeBack)
    document.addEventListener('visibilitychange', comeBack)
    return () => {
      unsubscribe()
      for (const name of ['online', 'focus']) removeEventListener(name, comeBack)
      document.removeEventListener('visibilitychange', comeBack)
      leaveOpen(id)
      conversation.close()
      countSoon(me)
    }
  }, [live])

  // Signed in again in place: the server had told the sockets of the session that ended not to come back.
  const { status } = session.value
  useEffect(() => {
    if (status === 'signed_in') live.conversation.reconnectNow()
  }, [status, live])
  return live
}
