/** What a person is found by, and how a query is taken apart: both sides fold and split alike. */
import { fold } from '../protocol/index.ts'

const WORD = /[\p{L}\p{M}\p{N}_]+/gu
/** Scripts without spaces between words: there a name is looked for from any of its characters. */
const UNSPACED = /[\p{scx=Hangul}\p{scx=Han}\p{scx=Hira}\p{scx=Kana}]/u
/** More words than a name has narrow nothing, and each one costs a look-up. */
const QUERY_WORDS_MAX = 4

/**
 * Every text whose start finds this person: each word, what follows each `_` in it, and the rest of it from
 * each Korean, Japanese or Chinese character on ("민지" finds "김민지").
 */
export function termsOf(user: { username: string; displayName: string }): string[] {
  const terms = new Set<string>()
  for (const word of [...wordsOf(user.username), ...wordsOf(user.displayName)]) {
    const characters = [...word]
    characters.forEach((character, at) => {
      const isStart = at === 0 || characters[at - 1] === '_' || UNSPACED.test(character)
      if (isStart) terms.add(characters.slice(at).join(''))
    })
  }
  return [...terms]
}

/** The words that a person must all have, the most telling first; none of them empty. */
export function queryWords(query: string): string[] {
  return wordsOf(query)
    .sort((a, b) => b.length - a.length)
    .slice(0, QUERY_WORDS_MAX)
}

function wordsOf(text: string): string[] {
  return fold(text).match(WORD) ?? []
}
