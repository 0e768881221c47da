/** Bold, italic and struck words: the marks of the grammar, by a chord (1.11). */
import { replaceInField } from './field-edit.ts'

/** The mark that a chord puts around the selection (1.11), by place: on a Korean layout the B key types ㅠ. */
export function markOf(event: Pick<KeyboardEvent, 'code' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>) {
  if (event.altKey || event.ctrlKey === event.metaKey) return null
  if (event.shiftKey) return event.code === 'KeyX' ? '~~' : null
  return event.code === 'KeyB' ? '**' : event.code === 'KeyI' ? '_' : null
}

/**
 * Puts a mark around what is selected, or takes it off where it stands already; with nothing selected the caret
 * ends between the marks. Spaces at the ends stay outside: a mark next to one is none.
 */
export function toggleMark(field: HTMLTextAreaElement, mark: string): void {
  const { value, selectionStart, selectionEnd } = field
  const selected = value.slice(selectionStart, selectionEnd)
  const start = selectionStart + (selected.length - selected.trimStart().length)
  const end = Math.max(start, selectionEnd - (selected.length - selected.trimEnd().length))
  const words = value.slice(start, end)
  const { length } = mark
  if (value.slice(0, start).endsWith(mark) && value.startsWith(mark, end)) {
    replaceInField(field, start - length, end + length, words)
    field.setSelectionRange(start - length, end - length)
  } else {
    replaceInField(field, start, end, mark + words + mark)
    field.setSelectionRange(start + length, end + length)
  }
}
