/**
 * The message search without a network, over what this device holds. Finds what the server would find among the
 * same messages: both take their words from protocol/search.ts.
 */
import { type Message, readSearchQuery, type SearchQuery, searchTokens } from '../protocol/index.ts'
import type { HeldTimeline } from './kept-timeline.ts'
import { newestFirst, type SearchHit } from './search-hit.ts'

/** Everything that fits, newest first. Lets others have their turn between conversations. */
export async function searchHeld(
  held: readonly HeldTimeline[],
  q: string,
  { signal, rest }: { signal: AbortSignal; rest: () => Promise<void> },
): Promise<SearchHit[]> {
  const query = readSearchQuery(q)
  if (!asksForSomething(query)) return []
  const hits: SearchHit[] = []
  for (const { conversationId, members, messages } of held) {
    if (signal.aborted) return []
    const named = members.filter(({ user }) => query.from.includes(user.username))
    const fits = matcher(query, new Set(named.map(({ user }) => user.id)))
    for (const message of messages) if (fits(message)) hits.push({ conversationId, message })
    await rest()
  }
  return hits.sort(newestFirst)
}

/** An empty search finds nothing, not everything. */
function asksForSomething({ words, from, has, before, after }: SearchQuery): boolean {
  return words.length + from.length + has.length > 0 || before !== undefined || after !== undefined
}

/** @param authors the ids of those whom `from:` names */
function matcher(query: SearchQuery, authors: ReadonlySet<string>): (message: Message) => boolean {
  const words = query.words.map(({ text, isCjk }) => (isCjk ? searchTokens(text).split(' ') : [text]))
  return (message) => {
    const { createdAt, deletedAt, authorId, text, attachments } = message
    if (deletedAt !== null || (query.from.length > 0 && !authors.has(authorId))) return false
    if (createdAt >= (query.before ?? Number.POSITIVE_INFINITY)) return false
    if (createdAt < (query.after ?? Number.NEGATIVE_INFINITY)) return false
    if (!query.has.every((thing) => holds(message, thing))) return false
    if (words.length === 0) return true
    const tokens = searchTokens([text, ...attachments.map(({ name }) => name)].join('\n')).split(' ')
    return words.every((word) => stands(word, tokens))
  }
}

function holds({ text, attachments }: Message, thing: SearchQuery['has'][number]): boolean {
  if (thing === 'link') return /https?:\/\//i.test(text)
  return attachments.some(({ mediaType }) => thing === 'file' || mediaType.startsWith('image/'))
}

/** One token by its start; several, as CJK makes them, only whole and in a row. */
function stands([first = '', ...rest]: readonly string[], tokens: readonly string[]): boolean {
  if (rest.length === 0) return tokens.some((token) => token.startsWith(first))
  return tokens.some((token, at) => token === first && rest.every((each, n) => tokens[at + 1 + n] === each))
}
