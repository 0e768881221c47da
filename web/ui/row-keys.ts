/** The keys of a message that has the focus (ux.md 6). By place, not letter: on a Korean layout P types ㅔ. */
import type { MessageContext } from './message-menu.ts'
import { messageAt } from './message-window.ts'
import { seqOf } from './open-message-menu.ts'
import { pinAction } from './pin-message.ts'

export function pressedOnRow(event: KeyboardEvent, context: MessageContext): void {
  const { target } = event
  // Only the row itself: what is typed or pressed inside it is its own.
  if (!(target instanceof HTMLElement) || !target.matches('article') || event.defaultPrevented) return
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.repeat) return
  const run = actionOf(event.code, target, context)
  if (!run) return
  event.preventDefault()
  run()
}

function actionOf(code: string, row: HTMLElement, context: MessageContext): (() => void) | undefined {
  if (code !== 'KeyP' && code !== 'KeyT') return undefined
  const seq = seqOf(row)
  const message = seq === null ? undefined : messageAt(context.conversation.state.messages, seq)
  if (!message) return undefined
  if (code === 'KeyP') return pinAction(message, context)?.run
  const { toThread } = context
  if (!toThread || (message.deletedAt !== null && !message.replies)) return undefined
  return () => toThread(message.thread ?? message.seq)
}
