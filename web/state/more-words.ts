/** The words of a part that comes only when it is asked for: they come with it, and follow the language. */
import { effect, signal } from '@preact/signals'
import { type Language, language } from './i18n.ts'

export type MoreWords<C> = {
  /** Resolves when there are words: to be awaited beside the component that speaks them. */
  load(): Promise<void>
  /** Read inside a component it makes it follow the language. */
  words(): C
}

export function moreWords<C>(loaders: Record<Language, () => Promise<C>>): MoreWords<C> {
  const catalogue = signal<C | null>(null)
  let loading: Promise<void> | undefined
  const load = () =>
    new Promise<void>((resolve, reject) => {
      effect(() => {
        loaders[language.value]().then((words) => {
          catalogue.value = words
          resolve()
        }, reject)
      })
    })
  return {
    load() {
      loading ??= load().catch((error: unknown) => {
        // The next one to ask tries again.
        loading = undefined
        throw error
      })
      return loading
    },
    words() {
      if (catalogue.value === null) throw new Error('no words yet: load() comes before the first render')
      return catalogue.value
    },
  }
}
