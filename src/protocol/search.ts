/**
 * What a text is found by. Words of alphabets are found by their start. Chinese, Japanese and Korean are
 * written without spaces, or with endings grown onto words: their runs are cut into pairs of characters, so
 * that a word of two syllables is found wherever it stands.
 */
import { fold } from './text.ts'

const WORD = /[\p{L}\p{N}\p{M}]+/gu
const CJK_RUN = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+/gu

/** The tokens of a text, in order, separated by spaces: what the index holds instead of the text. */
export function searchTokens(text: string): string {
  return runsOf(text)
    .map(({ text: run, isCjk }) => (isCjk ? pairs(run).join(' ') : run))
    .join(' ')
}

/** Letters and digits in a row, folded. A word of an alphabet is found by its start, CJK wherever it stands. */
export type SearchWord = { text: string; isCjk: boolean }

export type SearchQuery = {
  /** What the match is made of: a client shows with them where a text was hit. */
  words: SearchWord[]
  /** An FTS5 expression; empty where only filters were given. */
  match: string
  from: string[]
  has: ('link' | 'image' | 'file')[]
  /** ms since 1970, by UTC days */
  before: number | undefined
  after: number | undefined
}

/** Reads what a person typed. Any punctuation is safe: words reach the index as quoted strings of letters. */
export function readSearchQuery(q: string): SearchQuery {
  const query: SearchQuery = { words: [], match: '', from: [], has: [], before: undefined, after: undefined }
  const rest = q.replace(/(?<!\S)(from|has|before|after):(\S+)/giu, (all, name: string, value: string) =>
    readFilter(query, name.toLowerCase(), value) ? ' ' : all,
  )
  query.words = runsOf(rest)
  query.match = query.words
    .map(({ text, isCjk }) => (isCjk && [...text].length > 1 ? `"${pairs(text).join(' ')}"` : `"${text}" *`))
    .join(' AND ')
  return query
}

function readFilter(query: SearchQuery, name: string, value: string): boolean {
  switch (name) {
    case 'from':
      query.from.push(value.replace(/^@/, '').toLowerCase())
      return true
    case 'has':
      if (value !== 'link' && value !== 'image' && value !== 'file') return false
      query.has.push(value)
      return true
    default: {
      const at = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN
      if (Number.isNaN(at)) return false
      query[name === 'before' ? 'before' : 'after'] = at
      return true
    }
  }
}

/** The words of a text, with CJK apart from the rest. */
function runsOf(text: string): SearchWord[] {
  return [...fold(text).matchAll(WORD)].flatMap(([word]) => {
    const runs: SearchWord[] = []
    let end = 0
    for (const match of word.matchAll(CJK_RUN)) {
      if (match.index > end) runs.push({ text: word.slice(end, match.index), isCjk: false })
      runs.push({ text: match[0], isCjk: true })
      end = match.index + match[0].length
    }
    if (end < word.length) runs.push({ text: word.slice(end), isCjk: false })
    return runs
  })
}

/** 안녕하세요 → 안녕 녕하 하세 세요; a single character stays one. */
function pairs(run: string): string[] {
  const characters = [...run]
  if (characters.length < 2) return characters
  return characters.slice(1).map((character, n) => `${characters[n]}${character}`)
}
