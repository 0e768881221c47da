/** The conversation on screen, for those beside it: the search leads to its messages. */
import { type ReadonlySignal, signal } from '@preact/signals'
import type { OpenConversation } from '../../src/client/client.ts'
import type { ConversationState } from '../../src/client/conversation.ts'
import type { TimelineView } from './timeline-view.ts'

export type OpenPane = {
  conversation: OpenConversation
  state: ReadonlySignal<ConversationState>
  view: TimelineView
}

export const openPane = signal<OpenPane | null>(null)

/** @returns takes it away again, unless another has taken its place */
export function showPane(pane: OpenPane): () => void {
  openPane.value = pane
  return () => {
    if (openPane.peek() === pane) openPane.value = null
  }
}
