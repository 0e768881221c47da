/** How well what was typed fits a name: one rule for members and emoji. */
import { hangulPattern } from './hangul.ts'

/** The whole, its start, the start of a word in it, somewhere inside: a smaller number fits better. */
export const FIT = { whole: 0, start: 1, word: 2, inside: 3 } as const
export type Fit = (typeof FIT)[keyof typeof FIT]

/** @returns tells for folded text how well `query` fits it, or null where it does not */
export function fitOf(query: string): (folded: string) => Fit | null {
  const pattern = hangulPattern(query)
  const anywhere = new RegExp(pattern, 'u')
  const atWord = new RegExp(`(?<![\\p{L}\\p{N}])${pattern}`, 'u')
  return (folded) => {
    const found = anywhere.exec(folded)
    if (!found) return null
    if (found.index === 0) return found[0].length === folded.length ? FIT.whole : FIT.start
    return atWord.test(folded) ? FIT.word : FIT.inside
  }
}
