import type { Signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { drafts, saveDraft } from '../state/drafts.ts'
import { me } from '../state/session.ts'
import { isTouch } from './is-touch.ts'

/** CO-6: how soon after a key the draft is on disk. */
const DRAFT_AFTER_MS = 300

type Field = { readonly current: HTMLTextAreaElement | null }

/** Puts the kept draft into the field, and keeps what is typed: soon, on hiding and on leaving. */
export function useDraft(id: string, field: Field, text: Signal<string>): void {
  useEffect(() => {
    const { current } = field
    if (!current) return
    current.value = drafts.value.get(id) ?? ''
    text.value = current.value
    if (!isTouch() && !document.querySelector('dialog[open]')) current.focus()
    const ownerId = me.value?.id
    let timer: ReturnType<typeof setTimeout> | undefined
    const save = () => {
      clearTimeout(timer)
      // Signing out clears the device before this goes: it must not put the draft back.
      if (me.value?.id === ownerId) saveDraft(id, current.value)
    }
    const unsubscribe = text.subscribe(() => {
      clearTimeout(timer)
      timer = setTimeout(save, DRAFT_AFTER_MS)
    })
    document.addEventListener('visibilitychange', save)
    addEventListener('pagehide', save)
    return () => {
      save()
      unsubscribe()
      document.removeEventListener('visibilitychange', save)
      removeEventListener('pagehide', save)
    }
  }, [id])
}
