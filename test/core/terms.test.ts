import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { queryWords, termsOf } from '../../src/directory/terms.ts'

/** Whether D1 would find this person: every word of the query starts one of their terms. */
function finds(query: string, user: { username: string; displayName: string }): boolean {
  const terms = termsOf(user)
  const words = queryWords(query)
  return words.length > 0 && words.every((word) => terms.some((term) => term.startsWith(word)))
}

const zoe = { username: 'zoe_miller_77', displayName: 'Zoë  Müller-Lüdenscheidt' }
const minji = { username: 'minji', displayName: '김민지' }
const hanako = { username: 'hanako', displayName: '山田 ハナコー' }

describe('people search', () => {
  it.each([
    'zoe',
    'ZOË',
    'zoe_mil',
    'miller',
    '77',
    'muller',
    'LÜD',
    'lu mu',
    '  zoe!  ',
    '@zoe_miller_77',
    'Zoe\u0301',
  ])('finds Zoë by %j', (query) => {
    expect(finds(query, zoe)).toBe(true)
  })

  it.each(['oe', 'uller', 'denscheidt', 'zoe x', '', '   ', '%', '"', "'; --", '*', '^', '\\'])(
    'does not find Zoë by %j',
    (query) => {
      expect(finds(query, zoe)).toBe(false)
    },
  )

  it.each(['김', '김민지', '민지', '지', '김 민지', '민지 김'])('finds 김민지 by %j', (query) => {
    expect(finds(query, minji)).toBe(true)
  })

  it.each(['山', '田', 'ハナ', 'ナコー', 'ﾊﾅｺ', '山田 ハ'])('finds 山田 ハナコー by %j', (query) => {
    expect(finds(query, hanako)).toBe(true)
  })

  it('finds everybody by any start of their own words, and breaks on nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (displayName) => {
        const user = { username: 'ada_1', displayName }
        for (const word of queryWords(displayName)) expect(finds(word, user)).toBe(true)
        expect(termsOf(user).every((term) => term !== '')).toBe(true)
      }),
    )
  })
})
