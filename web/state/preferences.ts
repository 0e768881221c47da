/** What a person chose on this device. Theme and language are read again before first paint by theme.js. */
import { effect, signal } from '@preact/signals'
import * as v from 'valibot'
import { readStored, writeStored } from './storage.ts'

const Preferences = v.object({
  theme: v.fallback(v.picklist(['auto', 'light', 'dark']), 'auto'),
  language: v.fallback(v.picklist(['auto', 'en', 'ko']), 'auto'),
  /** CO-1: what sends a message; the other one makes a new line. */
  sendWith: v.fallback(v.picklist(['enter', 'ctrl_enter']), 'enter'),
  /** Notifications on this device: wanted at all, with a sound, without the words of the message. */
  notifies: v.fallback(v.boolean(), true),
  sounds: v.fallback(v.boolean(), true),
  hidesContent: v.fallback(v.boolean(), false),
  /** NO-2: until then nobody asks again whether to notify, ms since 1970. */
  askedUntil: v.fallback(v.number(), 0),
})
export type Preferences = v.InferOutput<typeof Preferences>

const KEY = 'edgewise.preferences'

export const preferences = signal<Preferences>(v.parse(Preferences, readStored(KEY) ?? {}))

export function choose(change: Partial<Preferences>): void {
  preferences.value = { ...preferences.value, ...change }
  writeStored(KEY, preferences.value)
}

/** Keeps the page in the chosen theme, here and when another tab chooses. */
export function followPreferences(): void {
  effect(() => {
    const { theme } = preferences.value
    if (theme === 'auto') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
    paintBrowserBars(theme)
  })
  addEventListener('storage', (event) => {
    if (event.key === KEY) preferences.value = v.parse(Preferences, readStored(KEY) ?? {})
  })
}

/** The bars around the page follow the chosen theme too: each of the two metas then says the same. */
function paintBrowserBars(theme: Preferences['theme']): void {
  const metas = document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')
  for (const meta of metas) {
    const isDark = theme === 'auto' ? meta.media.includes('dark') : theme === 'dark'
    meta.content = isDark ? '#101110' : '#eceae3'
  }
}
