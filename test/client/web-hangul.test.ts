import { describe, expect, test } from 'vitest'
import { fold } from '../../src/protocol/index.ts'
import { FIT, fitOf } from '../../web/ui/fit.ts'

const finds = (query: string, text: string) => fitOf(query)(fold(text)) !== null

describe('CO-9 Hangul', () => {
  test.each([
    ['ㅁㅈ', '민지'],
    ['ㅁ지', '민지'],
    ['민ㅈ', '민지'],
    ['ㄱㅁㅈ', '김민지'],
    ['미', '민지'],
    ['미ㅈ', '민지'],
    ['민', '미나'],
    ['달', '닭갈비'],
    ['닭', '달걀'],
    ['고', '과자'],
    ['ㅅㅈ', '최수진'],
    ['ㄲㅂ', '꽃별'],
    ['ㅋㅋ', 'ㅋㅋㅋ'],
  ])('CO-9 %s finds %s', (query, name) => {
    expect(finds(query, name)).toBe(true)
  })

  test('CO-9 an input method that makes one letter of two initials finds the same: ㄳ, ㅄ', () => {
    expect(finds('ㄳ', '강산')).toBe(true)
    expect(finds('ㅄ', '백선')).toBe(true)
  })

  test.each([
    ['ㅁㅈ', '민수'],
    ['ㅈㅁ', '민지'],
    ['민지', '미지'],
    ['가나', '강남'],
    ['과', '고자'],
    ['ㅁㅈ', 'minji'],
    ['민ㅈ', '밍지'],
  ])('CO-9 %s does not find %s', (query, name) => {
    expect(finds(query, name)).toBe(false)
  })
})

test('CO-9 case and accents do not count, and nothing that is typed is a pattern', () => {
  expect(finds('zoe', 'Zoë')).toBe(true)
  expect(finds('ZOË', 'zoe')).toBe(true)
  expect(finds('.', 'zoe')).toBe(false)
  expect(finds('o[', 'zo[e')).toBe(true)
  for (const typed of ['\\', '(', '*', '{2}', ']', '^$', '|', '-', '/'])
    expect(finds(typed, 'ada')).toBe(false)
})

test('CO-9 the whole fits best, then its start, then the start of a word in it', () => {
  const fits = fitOf('lo')
  expect(['lo', 'lou', 'ada lo', 'pablo'].map(fits)).toEqual([FIT.whole, FIT.start, FIT.word, FIT.inside])
})
