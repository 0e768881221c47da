/** What in the field asks for suggestions: an `@` or a `:` before the caret, and what was typed behind it (CO-9). */

export type SuggestionQuery = {
  kind: 'mention' | 'emoji'
  /** Where the sign stands; `end` is the caret. */
  start: number
  end: number
  query: string
}

/** Longer names are finished by hand. */
const QUERY_MAX = 32
/** How many letters behind a `:` mean an emoji: fewer are `:D`, or the end of a line of thought. */
const EMOJI_LETTERS_MIN = 2

/** After the start, a space, opening punctuation or a CJK letter: in ada@example.org and 12:30 they are none. */
const SIGN =
  /(?<=^|[\s\p{Ps}\p{Pi}"'¿¡\p{scx=Hang}\p{scx=Han}\p{scx=Hira}\p{scx=Kana}])(?:@(?<name>[\p{L}\p{M}\p{N}_.'-]*)|:(?<emoji>[\p{L}\p{M}\p{N}_+-]+))$/u

export function suggestionQueryAt(text: string, caret: number): SuggestionQuery | null {
  // Before a letter it would be the middle of a word; a Korean particle may follow a name at once.
  if (/^[a-z0-9_]/i.test(text.slice(caret, caret + 1))) return null
  // One more than the sign and its query, so that what stands before the sign is seen.
  const from = Math.max(0, caret - QUERY_MAX - 2)
  const found = SIGN.exec(text.slice(from, caret))
  if (!found || (from > 0 && found.index === 0)) return null
  const { name, emoji } = found.groups ?? {}
  const start = from + found.index
  if ((name ?? emoji ?? '').length > QUERY_MAX) return null
  if (name !== undefined) return { kind: 'mention', start, end: caret, query: name }
  if (emoji === undefined || !isEmojiName(emoji)) return null
  return { kind: 'emoji', start, end: caret, query: emoji }
}

/** In Hangul the letters within a syllable count: 불 has three, and is a fire. */
function isEmojiName(query: string): boolean {
  const letters = query.normalize('NFD').match(/\p{L}/gu) ?? []
  return letters.length >= EMOJI_LETTERS_MIN || /^[+-]1$/.test(query)
}
