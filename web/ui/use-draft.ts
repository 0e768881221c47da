import type { Signal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { shareNow, shareSoon } from '../state/draft-sync.ts'
import { drafts, mayReplace, saveDraft } from '../state/drafts.ts'
import { me } from '../state/session.ts'
import { isTouch } from './is-touch.ts'
import { SEARCH_FIELD } from './search-address.ts'

/** CO-6: how soon after a key the draft is on disk. */
const DRAFT_AFTER_MS = 300
/** How long no key makes that nobody is typing: what another device says of the draft may come in again. */
const REST_AFTER_MS = 3_000

type Parts = {
  id: string
  field: { readonly current: HTMLTextAreaElement | null }
  text: Signal<string>
  isComposing: RefObject<boolean>
}

/** The field can be lent to something else, such as an edit: the draft makes room, and comes back (CO-10). */
export type DraftKeeper = { stash(): void; restore(): void }

/**
 * Puts the kept draft into the field, and keeps what is typed: soon, on hiding and on leaving. What another
 * device wrote comes in too, but never into what is being typed here.
 */
export function useDraft({ id, field, text, isComposing }: Parts): RefObject<DraftKeeper | null> {
  const keeper = useRef<DraftKeeper>(null)
  useEffect(() => {
    const { current } = field
    if (!current) return
    let loaded = ''
    let isStashed = false
    let timer: ReturnType<typeof setTimeout> | undefined
    let resting: ReturnType<typeof setTimeout> | undefined
    const load = (draft: string) => {
      loaded = draft
      current.value = draft
      text.value = draft
    }
    load(drafts.peek().get(id) ?? '')
    // Whoever looks from hit to hit is not writing yet (SE-3).
    const isSearching = document.activeElement?.id === SEARCH_FIELD
    if (!isTouch() && !isSearching && !document.querySelector('dialog[open]')) current.focus()
    const ownerId = me.value?.id
    const save = () => {
      clearTimeout(timer)
      timer = undefined
      // Signing out clears the device before this goes: it must not put the draft back.
      if (me.value?.id !== ownerId || isStashed) return
      saveDraft(id, current.value)
    }
    keeper.current = {
      stash() {
        save()
        shareSoon(id)
        isStashed = true
      },
      restore() {
        if (!isStashed) return
        isStashed = false
        load(drafts.peek().get(id) ?? '')
      },
    }
    const leave = () => {
      save()
      shareNow(id)
    }
    const rest = () => {
      clearTimeout(resting)
      save()
      // Who turns to another window, or device, has done with these words for now.
      loaded = current.value
    }
    const typed = () => {
      if (isStashed) return
      clearTimeout(resting)
      resting = setTimeout(rest, REST_AFTER_MS)
      clearTimeout(timer)
      timer = setTimeout(() => {
        save()
        shareSoon(id)
      }, DRAFT_AFTER_MS)
    }
    const unsubscribe = drafts.subscribe((all) => {
      const draft = all.get(id) ?? ''
      // A key that is not on disk yet is newer than anything that arrives.
      if (isStashed || timer !== undefined || draft.trim() === current.value.trim()) return
      if (mayReplace({ text: current.value, loaded, isComposing: isComposing.current === true })) load(draft)
    })
    current.addEventListener('input', typed)
    current.addEventListener('blur', rest)
    document.addEventListener('visibilitychange', leave)
    addEventListener('pagehide', leave)
    return () => {
      clearTimeout(resting)
      leave()
      unsubscribe()
      current.removeEventListener('input', typed)
      current.removeEventListener('blur', rest)
      document.removeEventListener('visibilitychange', leave)
      removeEventListener('pagehide', leave)
    }
  }, [id])
  return keeper
}
