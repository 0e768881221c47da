import { type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'
import type { ThreadState } from '../../src/client/thread.ts'

export type LiveThread = {
  /** The thread as whatever shows and writes conversations takes it. */
  conversation: OpenConversation
  state: ReadonlySignal<ThreadState>
  /** What is sent next goes to the conversation, too. */
  isAlso: Signal<boolean>
  follow(on: boolean): Promise<void>
  reload(): void
}

/** Opens a thread while the component stands, and closes it with it. */
export function useThread(conversation: OpenConversation, root: number): LiveThread {
  const { live, thread, state } = useMemo(() => {
    const thread = conversation.thread(root)
    const state = signal(thread.state)
    const isAlso = signal(false)
    const asConversation: OpenConversation = {
      ...conversation,
      get state() {
        return thread.state
      },
      subscribe: (listener) => thread.subscribe(listener),
      send(text, options) {
        const id = thread.send(text, { ...options, alsoToConversation: isAlso.peek() })
        // Each time anew: nobody means to say everything twice.
        isAlso.value = false
        return id
      },
      loadOlder: () => thread.loadOlder(),
      markRead: (seq) => thread.markRead(seq),
      // Who looks at the conversation would wait for a message that comes elsewhere.
      setTyping: () => {},
      close: () => thread.close(),
    }
    const follow = (on: boolean) => thread.follow(on)
    const reload = () => void thread.load()
    return { live: { conversation: asConversation, state, isAlso, follow, reload }, thread, state }
  }, [conversation, root])

  useEffect(() => {
    const update = () => {
      state.value = thread.state
    }
    update()
    const unsubscribe = thread.subscribe(update)
    return () => {
      unsubscribe()
      thread.close()
    }
  }, [thread])
  return live
}
