/**
 * All emoji with their names and keywords, in the language on screen: two files of our own, fetched when somebody
 * first looks for one. They are the same for everyone, so the browser's cache may keep them.
 */
import { computed, signal } from '@preact/signals'
import english from 'emoji-picker-element-data/en/github/data.json?url'
import korean from 'emoji-picker-element-data/ko/cldr/data.json?url'
import { type Emoji, type EmojiEntry, emojiFrom } from './emoji-table.ts'
import { type Language, language } from './i18n.ts'

const tables = signal<Partial<Record<Language, readonly Emoji[]>>>({})
const underWay = new Map<Language, Promise<void>>()

/** In their usual order; null until {@link loadEmoji} has them. */
export const allEmoji = computed(() => tables.value[language.value] ?? null)

const named = computed(() => {
  const table = allEmoji.value ?? Object.values(tables.value)[0] ?? []
  return new Map(table.flatMap(({ names, text }) => names.map((name) => [name, text])))
})

/** The emoji of a short name, where it has been loaded and there is one. */
export function emojiNamed(name: string): string | undefined {
  return named.value.get(name.toLowerCase())
}

/** @throws where it cannot be fetched; asking again then tries again */
export function loadEmoji(): Promise<void> {
  const wanted = language.peek()
  const loading = underWay.get(wanted) ?? load(wanted)
  underWay.set(wanted, loading)
  loading.catch(() => underWay.delete(wanted))
  return loading
}

async function load(wanted: Language): Promise<void> {
  const [entries, own] = await Promise.all([entriesAt(english), wanted === 'ko' ? entriesAt(korean) : null])
  tables.value = { ...tables.value, [wanted]: emojiFrom(entries, own) }
}

async function entriesAt(url: string): Promise<EmojiEntry[]> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`emoji: ${answer.status}`)
  return answer.json() as Promise<EmojiEntry[]>
}
