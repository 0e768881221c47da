import { useEffect } from 'preact/hooks'
import type { OpenConversation } from '../../src/client/client.ts'
import { isBlank } from '../../src/protocol/index.ts'

/** TY-1: leaving the field this long ends the typing. */
const TYPING_BLUR_MS = 5_000

type Field = { readonly current: HTMLTextAreaElement | null }

/**
 * Tells the others that someone is typing: as long as something is being typed, and no longer (TY-1).
 * @param isEdit whether what is typed is a message that was said already: nobody waits for that
 */
export function useTyping(conversation: OpenConversation, field: Field, isEdit: () => boolean): void {
  useEffect(() => {
    const { current } = field
    if (!current) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const typed = () => conversation.setTyping(!isEdit() && !isBlank(current.value))
    const left = () => {
      timer = setTimeout(() => conversation.setTyping(false), TYPING_BLUR_MS)
    }
    const cameBack = () => clearTimeout(timer)
    current.addEventListener('input', typed)
    current.addEventListener('blur', left)
    current.addEventListener('focus', cameBack)
    return () => {
      clearTimeout(timer)
      conversation.setTyping(false)
      current.removeEventListener('input', typed)
      current.removeEventListener('blur', left)
      current.removeEventListener('focus', cameBack)
    }
  }, [conversation])
}
