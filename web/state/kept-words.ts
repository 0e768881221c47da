import { moreWords } from './more-words.ts'

export const keptWords = moreWords({
  en: async () => (await import('../locales/kept/en.ts')).en,
  ko: async () => (await import('../locales/kept/ko.ts')).ko,
})
