import { type Emoji, spaced } from '../state/emoji-table.ts'
import { FIT, type Fit, fitOf } from './fit.ts'

const NO_FIT = Number.POSITIVE_INFINITY
/** Fitting alike, a short name goes before what it is called, and that before a keyword. */
const TITLE_AFTER = 0.25
const KEYWORD_AFTER = 0.5

/** Emoji by name or keyword, best first; those that fit alike stay in their usual order. */
export function findEmoji(emoji: readonly Emoji[], query: string, max: number): Emoji[] {
  const fitting = fitOf(spaced(query.trim()))
  return emoji
    .map((each) => ({ each, rank: rankOf(each, fitting) }))
    .filter(({ rank }) => rank < NO_FIT)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, max)
    .map(({ each }) => each)
}

function rankOf({ haystack, names }: Emoji, fitting: (folded: string) => Fit | null): number {
  // Most have it nowhere: one look for all their words keeps a key press short.
  if (fitting(haystack) === null) return NO_FIT
  const ranks = haystack.split('\n').map((word, at) => {
    const fit = fitting(word)
    if (fit === null) return NO_FIT
    if (at === 0) return fit + TITLE_AFTER
    if (at <= names.length) return fit
    // Somewhere inside a keyword is nobody's meaning.
    return fit === FIT.inside ? NO_FIT : fit + KEYWORD_AFTER
  })
  return Math.min(...ranks)
}
