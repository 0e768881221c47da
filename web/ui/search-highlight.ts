/** Where a text was hit. Pure, and gives pieces of text: nothing here ever becomes HTML. */
import { fold, readSearchQuery, type SearchWord } from '../../src/protocol/index.ts'

export type Piece = { text: string; isHit: boolean }

/** Code units before the first hit; a text that is hit later begins shortly before it. */
const LEAD_MAX = 48
/** Enough for the lines that a result has. */
const SHOWN_MAX = 280

const LETTER = /[\p{L}\p{N}\p{M}]/u
const CJK = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]/u

/** The text on one line, beginning where the first hit can be seen, cut into what was hit and what was not. */
export function highlight(text: string, q: string): Piece[] {
  const line = text.replace(/\s+/gu, ' ').trim()
  const hits = hitsIn(line, readSearchQuery(q).words)
  const start = startOf(line, hits[0]?.start ?? 0)
  const end = Math.min(line.length, start + SHOWN_MAX)
  const pieces: Piece[] = start > 0 ? [{ text: '…', isHit: false }] : []
  let at = start
  for (const hit of hits) {
    if (hit.start < at || hit.end > end) continue
    if (hit.start > at) pieces.push({ text: line.slice(at, hit.start), isHit: false })
    pieces.push({ text: line.slice(hit.start, hit.end), isHit: true })
    at = hit.end
  }
  const rest = line.slice(at, end) + (end < line.length ? '…' : '')
  if (rest !== '') pieces.push({ text: rest, isHit: false })
  return pieces
}

type Range = { start: number; end: number }

/** All places of all words, in order, joined where they overlap. */
function hitsIn(line: string, words: readonly SearchWord[]): Range[] {
  const { folded, starts, ends } = foldWithPlaces(line)
  const found: Range[] = []
  for (const word of words) {
    for (let at = folded.indexOf(word.text); at >= 0; at = folded.indexOf(word.text, at + 1)) {
      const start = starts[at]
      const end = ends[at + word.text.length - 1]
      if (start === undefined || end === undefined) continue
      if (word.isCjk || isWordStart(folded, at)) found.push({ start, end })
    }
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end)
  return found.reduce<Range[]>((joined, range) => {
    const last = joined.at(-1)
    if (last && range.start < last.end) last.end = Math.max(last.end, range.end)
    else joined.push(range)
    return joined
  }, [])
}

/** The index cuts words as the server does: CJK apart, so that `v2` in 출시v2 begins a word. */
function isWordStart(folded: string, at: number): boolean {
  const before = [...folded.slice(Math.max(0, at - 2), at)].at(-1) ?? ' '
  return !LETTER.test(before) || CJK.test(before)
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Folding changes lengths (ﬁ → fi, é → e): for each folded code unit, where its character was in the text. */
function foldWithPlaces(text: string): { folded: string; starts: number[]; ends: number[] } {
  let folded = ''
  const starts: number[] = []
  const ends: number[] = []
  for (const { segment, index } of graphemes.segment(text)) {
    const piece = fold(segment)
    folded += piece
    for (let unit = 0; unit < piece.length; unit += 1) {
      starts.push(index)
      ends.push(index + segment.length)
    }
  }
  return { folded, starts, ends }
}

/** At a space where there is one near, and never within a character. */
function startOf(line: string, firstHit: number): number {
  if (firstHit <= LEAD_MAX) return 0
  const from = firstHit - LEAD_MAX
  const space = line.indexOf(' ', from)
  if (space >= 0 && space < firstHit) return space + 1
  const isInside = /[\uDC00-\uDFFF]/.test(line.charAt(from))
  return isInside ? from + 1 : from
}
