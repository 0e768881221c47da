/** What counts as text: one rule for the server, the composer and the tests. */

/** Nothing that a person would see: white space and default-ignorable code points (zero-width, fillers). */
const INVISIBLE = /^[\s\p{Default_Ignorable_Code_Point}]*$/u

/** How many code points a text has: what a person would count, unlike `length`. */
export function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

export function isBlank(text: string): boolean {
  return INVISIBLE.test(text)
}

/** The first `max` code points, with … where something was cut, on one line. */
export function excerpt(text: string, max: number): string {
  const line = text.replace(/\s+/gu, ' ').trim()
  const points = [...line.slice(0, max * 2 + 2)]
  return points.length <= max ? line : `${points.slice(0, max - 1).join('')}…`
}

/** Folds case and accents, so that "Zoë" is found by "zoe" and "ＡＢＣ" by "abc". Hangul stays composed. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .normalize('NFKC')
}

/** One emoji as people pick it: a single RGI sequence, whatever it is made of. */
export function isEmoji(text: string): boolean {
  return /^\p{RGI_Emoji}$/v.test(text)
}
