/** Where the arrows lead in a grid of emoji: sideways through the rows, up and down within a column. */

/** One number for the style, the keys and a narrow phone: 320 px are eight columns of 36. */
export const EMOJI_COLUMNS = 8

/** @returns the place of the next one; -1 above the first row, null for a key that is none of the grid's */
export function gridTarget(key: string, at: number, count: number): number | null {
  const last = count - 1
  if (key === 'ArrowRight') return Math.min(last, at + 1)
  if (key === 'ArrowLeft') return Math.max(0, at - 1)
  if (key === 'ArrowUp') return at < EMOJI_COLUMNS ? -1 : at - EMOJI_COLUMNS
  if (key === 'ArrowDown') return at + EMOJI_COLUMNS > last ? last : at + EMOJI_COLUMNS
  if (key === 'Home') return 0
  if (key === 'End') return last
  return null
}
