/** Hangul as it looks on the way: by its first consonants (ㅁㅈ), and half typed (민ㅈ on the way to 민지). */
import { fold } from '../../src/protocol/index.ts'

const INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'
/** By their place in a syllable's code; the first is none. */
const FINALS = ' ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ'
/** Two consonants in one letter: two at the end of a syllable, or what an input method makes of two initials. */
const CLUSTERS: Record<string, string> = {
  ㄳ: 'ㄱㅅ',
  ㄵ: 'ㄴㅈ',
  ㄶ: 'ㄴㅎ',
  ㄺ: 'ㄹㄱ',
  ㄻ: 'ㄹㅁ',
  ㄼ: 'ㄹㅂ',
  ㄽ: 'ㄹㅅ',
  ㄾ: 'ㄹㅌ',
  ㄿ: 'ㄹㅍ',
  ㅀ: 'ㄹㅎ',
  ㅄ: 'ㅂㅅ',
}
/** How many vowels after this one begin with it: 고 is on the way to 과, 괘 and 괴. By a vowel's place. */
const VOWEL_GROWS: Record<number, number> = { 8: 3, 13: 3, 18: 1 }

const FIRST = 0xac00
const LAST = 0xd7a3
const VOWELS = 21
const SYLLABLES_PER_INITIAL = VOWELS * FINALS.length

/** A regular expression (flag `u`) that finds what was typed in folded text, Hangul also where it is not finished. */
export function hangulPattern(query: string): string {
  const letters = [...query.normalize('NFC')].flatMap((letter) => [...(CLUSTERS[letter] ?? letter)])
  return letters
    .map((letter, at) => {
      if (isInitial(letter)) return anySyllableOf(letter)
      const code = letter.charCodeAt(0)
      if (code < FIRST || code > LAST) return escaped(fold(letter))
      const next = letters[at + 1]
      if (next === undefined) return onTheWayFrom(code)
      return isInitial(next) && finalOf(code) === 0 ? range(code, FINALS.length) : letter
    })
    .join('')
}

function isInitial(letter: string): boolean {
  return letter !== '' && INITIALS.includes(letter)
}

/** Folding makes ㅋ in a nickname the conjoining one: that is found too. */
function anySyllableOf(initial: string): string {
  const first = FIRST + INITIALS.indexOf(initial) * SYLLABLES_PER_INITIAL
  return `[${range(first, SYLLABLES_PER_INITIAL).slice(1, -1)}${fold(initial)}]`
}

/** All that a last syllable may still become: 미 → 민, 고 → 과, 달 → 닭, and 민 → 미나. */
function onTheWayFrom(code: number): string {
  const final = finalOf(code)
  const open = code - final
  if (final === 0) {
    const vowel = Math.floor((code - FIRST) / FINALS.length) % VOWELS
    return range(code, FINALS.length * (1 + (VOWEL_GROWS[vowel] ?? 0)))
  }
  const last = FINALS[final] ?? ''
  const grown = Object.keys(CLUSTERS).filter((cluster) => CLUSTERS[cluster]?.startsWith(last))
  const syllables = [last, ...grown].map((each) => String.fromCharCode(open + FINALS.indexOf(each)))
  const [kept, moved] = CLUSTERS[last] ?? ` ${last}`
  const before = String.fromCharCode(open + FINALS.indexOf(kept ?? ' '))
  return `(?:[${syllables.join('')}]|${before}${anySyllableOf(moved ?? '')})`
}

function finalOf(code: number): number {
  return (code - FIRST) % FINALS.length
}

/** The character class of `count` code points from this one on. */
function range(first: number, count: number): string {
  return `[${String.fromCharCode(first)}-${String.fromCharCode(first + count - 1)}]`
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/gu, (each) => `\\x${each.charCodeAt(0).toString(16)}`)
}
