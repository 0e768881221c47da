import { describe, expect, test } from 'vitest'
import { askedFor, completions, filtersOf, placesIn, withFilter } from '../../web/ui/search-query.ts'
import { ada, alan, grace } from './web-stage.tsx'

const NOW = Date.UTC(2026, 10, 22, 12)
const choices = { people: [ada, grace, alan], places: ['Grace Hopper', '디자인팀', 'Tea'], now: NOW }

describe('SE-3 what is asked for', () => {
  test.each([
    ['  tea   time ', 'tea time'],
    ['tea from:', 'tea'],
    ['tea from:@', 'tea'],
    ['tea from:@ada', 'tea from:@ada'],
    ['has:li tea', 'tea'],
    ['has:link tea', 'has:link tea'],
    ['before:2026-1', ''],
    ['before:2026-11-22 tea', 'before:2026-11-22 tea'],
    ['wherefrom: tea', 'wherefrom: tea'],
    ['tea in:', 'tea'],
    ['in:"Grace Hopper" tea', 'tea'],
    ['tea in:"Grace Ho', 'tea'],
    ['in:tea in:디자인팀 time', 'time'],
    ['login:tea', 'login:tea'],
  ])('SE-3 %j asks for %j: a filter that is still being typed is no word', (typed, q) => {
    expect(askedFor(typed)).toBe(q)
  })

  test('SE-3 in: names where to look, in quotes where a name has spaces', () => {
    expect(placesIn('tea in:"Grace Hopper" IN:디자인팀 in: in:""')).toEqual(['Grace Hopper', '디자인팀'])
    expect(placesIn('in:"Grace Ho')).toEqual(['Grace Ho'])
    expect(placesIn('login:tea')).toEqual([])
    expect([filtersOf('this').includes('in:'), filtersOf('all').includes('in:')]).toEqual([false, true])
  })

  test('SE-3 a chip puts its filter at the end, ready to type on', () => {
    expect(withFilter('', 'from:')).toBe('from:')
    expect(withFilter('tea ', 'has:link')).toBe('tea has:link ')
  })
})

describe('SE-3 how a filter can go on', () => {
  test('SE-3 from: offers members by name and username, until one is there', () => {
    const names = (typed: string) => completions(typed, choices).map((each) => each.query)
    expect(names('tea from:')).toEqual(['tea from:@ada ', 'tea from:@grace ', 'tea from:@alan '])
    expect(names('from:@hop')).toEqual(['from:@grace '])
    expect(names('from:A')).toEqual(['from:@ada ', 'from:@alan '])
    expect(names('from:@ada')).toEqual([])
    expect(names('from:@ada ')).toEqual([])
  })

  test('SE-3 in: offers conversations by name, until one is there', () => {
    const names = (typed: string) => completions(typed, choices).map((each) => each.query)
    expect(names('tea in:')).toEqual(['tea in:"Grace Hopper" ', 'tea in:디자인팀 ', 'tea in:Tea '])
    expect(names('in:hop')).toEqual(['in:"Grace Hopper" '])
    expect(names('in:"grace h')).toEqual(['in:"Grace Hopper" '])
    expect(names('in:디자')).toEqual(['in:디자인팀 '])
    expect(names('in:tea')).toEqual([])
    expect(names('in:"Grace Hopper" ')).toEqual([])
  })

  test('SE-3 before: and after: offer days that the server understands', () => {
    const days = completions('tea after:', choices).map((each) => each.query)
    expect(days[0]).toBe('tea after:2026-11-22 ')
    expect(days[1]).toBe('tea after:2026-11-21 ')
    expect(days.map((query) => askedFor(query))).toEqual(days.map((query) => query.trim()))
    expect(completions('after:2026', choices)).toEqual([])
  })
})
