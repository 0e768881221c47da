import { describe, expect, test } from 'vitest'
import { highlight } from '../../web/ui/search-highlight.ts'

/** The text as pieces, hits in brackets. */
function marked(text: string, q: string): string {
  return highlight(text, q)
    .map((piece) => (piece.isHit ? `[${piece.text}]` : piece.text))
    .join('')
}

describe('M21 what a hit shows', () => {
  test.each([
    ['in any case', 'HELLO world', 'hello', '[HELLO] world'],
    ['the start of a word', 'a world', 'wor', 'a [wor]ld'],
    ['not the inside of one', 'sword or word', 'or', 'sword [or] word'],
    ['without accents, which stay in the text', 'Zoë at the café', 'cafe zoe', '[Zoë] at the [café]'],
    ['accents that were typed as marks of their own', 'un cafe\u0301 noir', 'café', 'un [cafe\u0301] noir'],
    ['a ligature, of which a part was typed', 'ﬁnd it', 'f', '[ﬁ]nd it'],
    ['full width', 'ＡＢＣ', 'abc', '[ＡＢＣ]'],
    ['two syllables of Korean, inside a longer word', '김민지씨 안녕', '민지', '김[민지]씨 안녕'],
    [
      'Korean typed in parts',
      '\u1112\u1161\u11ab\u1100\u1173\u11af',
      '한',
      '[\u1112\u1161\u11ab]\u1100\u1173\u11af',
    ],
    ['two characters of Chinese', '我在上海工作', '上海', '我在[上海]工作'],
    ['Japanese', '東京都に住む', '東京', '[東京]都に住む'],
    ['a word of an alphabet after CJK', '출시v2일', 'v2', '출시[v2]일'],
    ['words that overlap', '안녕하세요', '안녕하 하세요', '[안녕하세요]'],
    ['every place', 'no, no and nope', 'no', '[no], [no] and [no]pe'],
    ['behind emoji, whose length is not one', '👍🏽 yes', 'yes', '👍🏽 [yes]'],
    ['nothing where only filters were given', 'from here', 'from:@ada', 'from here'],
  ])('M21 marks %s', (_, text, q, expected) => {
    expect(marked(text, q)).toBe(expected)
  })

  test('M21 what looks like HTML or a pattern is text', () => {
    expect(marked('<img onerror=x> (a+)+ $& \\d', 'img x')).toBe('<[img] onerror=[x]> (a+)+ $& \\d')
  })

  test('M21 a hit deep in a long message is brought into sight, and neither end is broken', () => {
    const pieces = highlight(`${'word '.repeat(400)}needle ${'rest '.repeat(400)}`, 'needle')
    const shown = pieces.map((piece) => piece.text).join('')
    expect(shown.indexOf('needle')).toBeLessThan(60)
    expect(shown.startsWith('…word')).toBe(true)
    expect(shown.endsWith('…')).toBe(true)
    expect(shown.length).toBeLessThan(300)
    const faces = highlight(`${'🙂'.repeat(100)}needle`, 'needle').map((piece) => piece.text)
    expect(faces.join('').isWellFormed()).toBe(true)
  })

  test('M21 4,000 characters of the same letter are quick', () => {
    const startedAt = performance.now()
    highlight('ㅋ'.repeat(4_000), 'ㅋㅋ')
    highlight('a '.repeat(2_000), 'a')
    expect(performance.now() - startedAt).toBeLessThan(500)
  })
})
