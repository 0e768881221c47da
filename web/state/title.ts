/** What the browser's tab says: the page, how much waits, and a dot on the icon (NO-1). */
import { effect, signal } from '@preact/signals'
import { conversations } from './conversations.ts'
import { titleCount } from './list-rows.ts'
import { minute } from './today.ts'

const COUNT_MAX = 99

/** What the page in front is called; the product's name alone where there is none. */
export const pageTitle = signal<string | null>(null)

/** @returns stops it */
export function followTitle(): () => void {
  return effect(() => {
    const count = titleCount(conversations.value ?? [], minute.value)
    document.title = titleOf(pageTitle.value, count)
    const href = count > 0 ? '/favicon-dot.svg' : '/favicon.svg'
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    if (icon && icon.getAttribute('href') !== href) icon.setAttribute('href', href)
    // Only some browsers, only where installed, and never worth an error.
    if (navigator.setAppBadge) navigator.setAppBadge(count).catch(() => {})
  })
}

export function titleOf(page: string | null, count: number): string {
  const waiting = count > COUNT_MAX ? `(${COUNT_MAX}+) ` : count > 0 ? `(${count}) ` : ''
  return `${waiting}${page === null ? '' : `${page} – `}Edgewise`
}
