import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codePoints, excerpt, fold, isBlank } from '../../src/protocol/index.ts'

const words = fc.string({ unit: 'grapheme', maxLength: 60 })

describe('text: what is counted', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['가나다', 3],
    ['😀', 1],
    ['👩‍👩‍👧‍👦', 7],
    ['e\u0301', 2],
    ['\ud83d', 1],
  ])('TX2 %j has %d code points', (text, count) => {
    expect(codePoints(text)).toBe(count)
  })
})

describe('text: what is nothing to see', () => {
  it.each([
    '',
    ' ',
    '\n\t\u00a0',
    '\u200b',
    '\u200d\ufeff',
    '\u3164',
    '\u2060\u00ad',
    '\u115f',
    '\ufe0f',
    '\u3000',
  ])('TX2 %j is blank', (text) => {
    expect(isBlank(text)).toBe(true)
  })

  it.each(['.', ' a ', '\u200ba', '가', '😀', '0', '\u0301', '\ud83d'])('TX2 %j is not', (text) => {
    expect(isBlank(text)).toBe(false)
  })
})

describe('text: excerpts', () => {
  it.each([
    ['hello', 5, 'hello'],
    ['hello!', 5, 'hell…'],
    ['  two\n\n lines\t', 20, 'two lines'],
    ['😀😀😀', 3, '😀😀😀'],
    ['😀😀😀😀', 3, '😀😀…'],
    ['가나다라', 1, '…'],
    ['', 5, ''],
  ])('of %j to %d is %j', (text, max, cut) => {
    expect(excerpt(text, max)).toBe(cut)
  })

  it('are never longer than asked, never half a character, and the start of the line', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 70 }), (text, max) => {
        const line = text.replace(/\s+/gu, ' ').trim()
        const cut = excerpt(text, max)
        expect(codePoints(cut)).toBeLessThanOrEqual(max)
        expect(cut.isWellFormed()).toBe(true)
        if (codePoints(line) <= max) expect(cut).toBe(line)
        else expect(line.startsWith(cut.slice(0, -1)) && cut.endsWith('…')).toBe(true)
      }),
      { seed: 1 },
    )
  })
})

describe('text: folding', () => {
  it.each([
    ['Zoë', 'zoe'],
    ['Zoe\u0308', 'zoe'],
    ['ＡＢＣ', 'abc'],
    ['ÅNGSTRÖM', 'angstrom'],
    ['ﬁne', 'fine'],
    ['ﾊﾅｺ', 'ハナコ'],
    ['김민지', '김민지'],
    ['김민지'.normalize('NFD'), '김민지'],
    ['山田', '山田'],
  ])('%j is found by %j', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })

  it('Hangul stays composed: one syllable is one character', () => {
    expect([...fold('김')]).toHaveLength(1)
  })

  it('does not depend on how a text was composed, and is done after once', () => {
    fc.assert(
      fc.property(words, (text) => {
        expect(fold(text.normalize('NFD'))).toBe(fold(text.normalize('NFC')))
        expect(fold(fold(text))).toBe(fold(text))
      }),
      { numRuns: 1_000, seed: 1 },
    )
  })
})
