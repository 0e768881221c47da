/** What a key in the composer means (CO-1, CO-2). */

export type ComposerIntent = 'send' | 'newline' | 'none'

type Key = Pick<
  KeyboardEvent,
  'key' | 'isComposing' | 'keyCode' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'
>

/**
 * While an input method composes, no key is ours: Enter there ends a syllable, and sending on it is how 안녕하세요
 * becomes two messages. Safari ends the composition before it delivers that Enter, with `isComposing` false;
 * only `keyCode` 229 still tells (WebKit bug 165004).
 * @param isTouch a keyboard on glass has no Shift+Enter: there Enter is a new line
 */
export function intentOf(event: Key, sendWith: 'enter' | 'ctrl_enter', isTouch: boolean): ComposerIntent {
  if (event.isComposing || event.keyCode === 229 || event.key !== 'Enter') return 'none'
  if (event.shiftKey || event.altKey) return 'newline'
  if (event.ctrlKey || event.metaKey) return 'send'
  return sendWith === 'enter' && !isTouch ? 'send' : 'newline'
}
