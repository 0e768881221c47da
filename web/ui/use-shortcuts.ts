import { useEffect } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { conversations } from '../state/conversations.ts'
import { layer, openLayer } from '../state/layer.ts'
import { isMarkedByHand } from '../state/marked-unread.ts'
import { question } from '../state/question.ts'
import { focusComposer } from './composer-focus.ts'
import { askMarkAllRead } from './mark-all-read.ts'
import { conversationPath, type Route } from './route.ts'
import { openMessageSearch } from './search-address.ts'

/** The shortcuts that work everywhere. Those of a list or a field live with it. */
export function useShortcuts(route: Route): void {
  const { path, route: go } = useLocation()
  const openId = route.page === 'conversation' ? route.id : null
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return
      const isChord = event.ctrlKey || event.metaKey
      // By place, not letter: on a Korean layout the K key types ㅏ.
      if (isChord && !event.shiftKey && !event.altKey && event.code === 'KeyK') {
        event.preventDefault()
        if (layer.value === null) openLayer('switcher')
        return
      }
      if (layer.value !== null || question.value !== null) return
      if (isChord && event.shiftKey && !event.altKey && event.code === 'KeyF') {
        event.preventDefault()
        // What can be searched is a conversation, or all of them from the list.
        openMessageSearch(openId === null ? '/' : path, go)
      } else if (event.key === 'F6') {
        event.preventDefault()
        focusNextRegion(event.shiftKey ? -1 : 1)
      } else if (event.key === 'Escape' && event.shiftKey && !isChord) {
        event.preventDefault()
        askMarkAllRead()
      } else if (event.altKey && !isChord && isVerticalArrow(event.key)) {
        const next = neighbour(openId, event.key === 'ArrowDown' ? 1 : -1, event.shiftKey)
        if (!next) return
        event.preventDefault()
        go(conversationPath(next))
      } else if (
        !isChord &&
        !event.altKey &&
        event.key.length === 1 &&
        event.key !== ' ' &&
        !isInField(event)
      ) {
        // Whoever starts typing means the message; the key itself then lands in the field (CO-5).
        focusComposer()
      }
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [openId, path, go])
}

function isVerticalArrow(key: string): boolean {
  return key === 'ArrowDown' || key === 'ArrowUp'
}

/** The next conversation in the list, or the next one with something unread; from none, the first. */
function neighbour(id: string | null, step: 1 | -1, isUnread: boolean): string | undefined {
  const rows = (conversations.value ?? []).filter(
    (row) => row.id === id || (!row.hidden && (!isUnread || row.unread > 0 || isMarkedByHand(row))),
  )
  const at = rows.findIndex((row) => row.id === id)
  return rows[at < 0 ? 0 : at + step]?.id
}

function isInField(event: KeyboardEvent): boolean {
  const { target } = event
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, dialog, [role="menu"], [contenteditable]') !== null
  )
}

/** F6 goes round the regions that are on screen: the list, the messages, the field (AX-1). */
function focusNextRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(isVisible)
  // The innermost region that holds the focus is where one is.
  const at = regions.findLastIndex((region) => region.contains(document.activeElement))
  const next = regions[(at + step + regions.length) % regions.length]
  if (next) entryOf(next).focus()
}

/** Where a region is entered: the tab stop of its list, or else the first thing that takes the focus. */
function entryOf(region: HTMLElement): HTMLElement {
  if (region.matches('textarea')) return region
  const stops = [...region.querySelectorAll<HTMLElement>('[tabindex="0"]')]
  const others = [...region.querySelectorAll<HTMLElement>('a[href], button, input')]
  return [...stops, ...others].find(isVisible) ?? region
}

function isVisible(element: HTMLElement): boolean {
  // What lies under the search panel is drawn, and yet takes no focus.
  return element.checkVisibility() && element.closest('[inert]') === null
}
