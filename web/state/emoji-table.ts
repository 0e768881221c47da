/** What the data of the emoji comes to: those that can be sent, each with its words. */
import { fold, isEmoji } from '../../src/protocol/index.ts'

export type Emoji = {
  text: string
  /** What it is called in the language on screen. */
  title: string
  /** As in `:tada:`, the same in every language. */
  names: readonly string[]
  /** What it is found by, folded, a line each: the title, the names with spaces, then keywords. */
  haystack: string
  group: EmojiGroup
}

/** As Unicode groups them, by the numbers of the data; 2 is parts of emoji, which nobody picks. */
export const EMOJI_GROUPS = [0, 1, 3, 4, 5, 6, 7, 8, 9] as const
export type EmojiGroup = (typeof EMOJI_GROUPS)[number]

/** Newer ones are squares on many a phone still. */
const VERSION_MAX = 15.1

/** As the data has it: https://github.com/nolanlawson/emoji-picker-element-data */
export type EmojiEntry = {
  emoji: string
  annotation: string
  shortcodes?: string[]
  tags?: string[]
  group: number
  version: number
}

/** @param own the words of another language; names and keywords of English find them there, too */
export function emojiFrom(entries: readonly EmojiEntry[], own: readonly EmojiEntry[] | null): Emoji[] {
  const ownWords = new Map(own?.map((entry) => [entry.emoji, entry]))
  return entries.flatMap((entry) => {
    const text = sendable(entry.emoji)
    const group = EMOJI_GROUPS.find((each) => each === entry.group)
    if (text === null || group === undefined || entry.version > VERSION_MAX) return []
    const here = ownWords.get(entry.emoji)
    const title = here?.annotation ?? entry.annotation
    const names = entry.shortcodes ?? []
    const keywords = [...(entry.tags ?? []), ...(here?.tags ?? []), ...(here ? [entry.annotation] : [])]
    // Folded in one go: twenty thousand words one by one could be felt.
    const haystack = fold([title, ...names.map(spaced), ...keywords].join('\n'))
    return [{ text, title, names, haystack, group }]
  })
}

/** The data says 👍 with a sign that asks for a picture, which it has anyway: the server knows it without. */
function sendable(text: string): string | null {
  return [text, text.replaceAll('\ufe0f', '')].find(isEmoji) ?? null
}

/** `party_popper` as a person would say it. */
export function spaced(name: string): string {
  return name.replaceAll('_', ' ')
}
