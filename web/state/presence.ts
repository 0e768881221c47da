/** Whether the browser has a network, and whether anyone is looking at this tab. */
import { computed, signal } from '@preact/signals'

/** Since when the browser has had no network (ms since 1970); null while it has one. */
export const offlineSince = signal<number | null>(navigator.onLine ? null : Date.now())

export const isOnline = computed(() => offlineSince.value === null)

/** Visible and focused: the only state in which a message counts as read (ML-7). */
export const isWatched = signal(isLookedAt())

export function followPresence(): void {
  const look = () => {
    isWatched.value = isLookedAt()
  }
  for (const name of ['focus', 'blur', 'pageshow']) addEventListener(name, look)
  document.addEventListener('visibilitychange', look)
  addEventListener('online', () => {
    offlineSince.value = null
  })
  addEventListener('offline', () => {
    offlineSince.value ??= Date.now()
  })
}

function isLookedAt(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus()
}
