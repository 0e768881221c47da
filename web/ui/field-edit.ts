/** Changes to a field as if they were typed: the browser's own editing does them, so that undo takes them back. */

/** Ends a composition, so that the syllable under way is in the text and not typed again after it. */
export function endComposition(field: HTMLTextAreaElement): void {
  field.blur()
  field.focus()
}

/** Puts `text` in place of what stands from `start` to `end`; the caret goes behind it. Never while composing. */
export function replaceInField(field: HTMLTextAreaElement, start: number, end: number, text: string): void {
  field.focus()
  field.setSelectionRange(start, end)
  // Deprecated and without a successor: the only way into a field that its undo knows of.
  if (document.execCommand?.('insertText', false, text)) return
  field.setRangeText(text, start, end)
  field.setSelectionRange(start + text.length, start + text.length)
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }))
}

export function insertAtCaret(field: HTMLTextAreaElement, text: string): void {
  replaceInField(field, field.selectionStart, field.selectionEnd, text)
}
