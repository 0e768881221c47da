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
  if (event.code !== 'KeyP') return
  const seq = seqOf(target)
  const message = seq === null ? undefined : messageAt(context.conversation.state.messages, seq)
  const pin = message && pinAction(message, context)
  if (!pin) return
  event.preventDefault()
  pin.run()
}
