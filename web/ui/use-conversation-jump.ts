import { useCallback } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import type { OpenConversation } from '../../src/client/client.ts'
import { isInMain, type Message } from '../../src/protocol/index.ts'
import { api } from '../state/api.ts'
import { messageAt } from './message-window.ts'
import { openThread } from './thread-address.ts'
import type { TimelineView } from './timeline-view.ts'
import { type MessageJump, useMessageJump } from './use-message-jump.ts'

/** Goes to any message of a conversation: to one that is in a thread alone by opening the thread at it. */
export function useConversationJump(conversation: OpenConversation, view: TimelineView): MessageJump {
  const { path, route } = useLocation()
  const inMain = useMessageJump(conversation, view)
  return useCallback<MessageJump>(
    async (seq, origin) => {
      const { thread, isAside } = await placeOf(conversation, seq)
      if (isAside && thread !== null) openThread(path, route, { root: thread, at: seq })
      else await inMain(seq, origin)
    },
    [conversation, inMain, path, route],
  )
}

/** The server is asked where the message is not held: without it, it is looked for where it most likely is. */
async function placeOf(
  conversation: OpenConversation,
  seq: number,
): Promise<{ thread: number | null; isAside: boolean }> {
  const message = messageAt(conversation.state.messages, seq) ?? (await lookUp(conversation.id, seq))
  return { thread: message?.thread ?? null, isAside: message !== undefined && !isInMain(message) }
}

async function lookUp(id: string, seq: number): Promise<Message | undefined> {
  try {
    const { messages } = await api.messages(id, { around: seq, limit: 1 })
    return messageAt(messages, seq)
  } catch {
    return undefined
  }
}
