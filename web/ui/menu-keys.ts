/** Where the keys of a menu lead: arrows go round, Home and End, and the first letters of a name (AX-5). */

/** Letters that come faster than this spell one name. */
const TYPE_AHEAD_MS = 600

/**
 * @param clues.typed what was typed lately; kept up to date here
 * @returns the place of the next item, or null for a key that is none of the menu's
 */
export function menuTarget(
  clues: { key: string; at: number; labels: readonly string[]; typed: { text: string; at: number } },
  now: number,
): number | null {
  const { key, at, labels, typed } = clues
  const { length } = labels
  if (key === 'ArrowDown') return (at + 1) % length
  if (key === 'ArrowUp') return (at - 1 + length) % length
  if (key === 'Home') return 0
  if (key === 'End') return length - 1
  if ([...key].length !== 1 || key === ' ') return null
  typed.text = now - typed.at < TYPE_AHEAD_MS ? typed.text + key.toLowerCase() : key.toLowerCase()
  typed.at = now
  // One letter goes on from here; more letters may still mean the item that has the focus.
  const from = typed.text.length === 1 ? at + 1 : Math.max(at, 0)
  for (let step = 0; step < length; step += 1) {
    const candidate = (from + step) % length
    if (labels[candidate]?.toLowerCase().startsWith(typed.text)) return candidate
  }
  return Math.max(at, 0)
}
