/**
 * The words of the interface, one lazy chunk per language. `t()` read inside a component makes it follow the
 * language; the catalogue's type is English's, so a missing key in another language does not compile.
 */
import { effect, signal } from '@preact/signals'
import type { Catalogue } from '../locales/en.ts'
import { preferences } from './preferences.ts'

export type Language = 'en' | 'ko'

const loaders: Record<Language, () => Promise<Catalogue>> = {
  en: async () => (await import('../locales/en.ts')).en,
  ko: async () => (await import('../locales/ko.ts')).ko,
}

const catalogue = signal<Catalogue | null>(null)

/** The language on screen. */
export const language = signal<Language>('en')

/** The locale that dates, lists and numbers follow: the person's own region where it fits the language. */
export const locale = signal('en')

export function t(): Catalogue {
  const words = catalogue.value
  if (words === null) throw new Error('no catalogue yet: loadLanguage() comes before the first render')
  return words
}

/** Loads the chosen language's words, and again whenever another one is chosen. Resolves when the first is there. */
export function loadLanguage(): Promise<void> {
  return new Promise((resolve, reject) => {
    effect(() => {
      const wanted = preferences.value.language === 'auto' ? systemLanguage() : preferences.value.language
      loaders[wanted]().then((words) => {
        catalogue.value = words
        language.value = wanted
        locale.value = navigator.languages.find((tag) => tag.split('-')[0] === wanted) ?? wanted
        document.documentElement.lang = wanted
        resolve()
      }, reject)
    })
  })
}

function systemLanguage(): Language {
  const known = navigator.languages
    .map((tag) => tag.split('-')[0])
    .find((tag) => tag === 'en' || tag === 'ko')
  return known === 'ko' ? 'ko' : 'en'
}
