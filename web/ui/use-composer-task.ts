import type { ReadonlySignal, Signal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect } from 'preact/hooks'
import type { ConversationState } from '../../src/client/conversation.ts'
import type { ComposerTask } from './composer-task.ts'
import { messageAt } from './message-window.ts'
import type { DraftKeeper } from './use-draft.ts'

type Parts = {
  task: Signal<ComposerTask | null>
  state: ReadonlySignal<ConversationState>
  field: { readonly current: HTMLTextAreaElement | null }
  text: Signal<string>
  draft: RefObject<DraftKeeper | null>
}

/**
 * Gives the field to the message that is being edited, and back to the draft when that ends (CO-10).
 * @returns the task, with its message as it is now
 */
export function useComposerTask({ task, state, field, text, draft }: Parts): ComposerTask | null {
  const { value } = task
  const seq = value?.message.seq
  const live = seq === undefined ? undefined : messageAt(state.value.messages, seq)
  const isGone = value?.kind === 'edit' && live !== undefined && live.deletedAt !== null

  useLayoutEffect(() => {
    const { current } = field
    if (value === null || !current) return
    if (value.kind === 'edit') {
      draft.current?.stash()
      current.value = value.message.text
      text.value = current.value
      current.setSelectionRange(current.value.length, current.value.length)
    }
    current.focus()
    return () => draft.current?.restore()
  }, [value?.kind, seq])

  useEffect(() => {
    if (isGone) task.value = null
  }, [isGone])

  return value && live ? { ...value, message: live } : value
}
