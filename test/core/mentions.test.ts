import { describe, expect, it } from 'vitest'
import { mentionsIn } from '../../src/conversation/mentions.ts'
import { Bench } from '../support/conversation.ts'
import { ada, alan, grace, user } from '../support/people.ts'

const bench = new Bench()

/** Who a text of this person names; ada is the owner. */
function mentioned(text: string, author = ada): string[] {
  return mentionsIn(text, bench.turn(author).member, (names) => bench.store.membersNamed(names))
}

describe('mentions', () => {
  it.each([
    ['@grace', [grace.id]],
    ['hi @grace, @alan!', [grace.id, alan.id]],
    ['(@grace)', [grace.id]],
    ['@GRACE', [grace.id]],
    ['@grace @Grace', [grace.id]],
    ['@ada', [ada.id]],
    ['안녕 @grace님', [grace.id]],
    ['@grace\n@alan', [grace.id, alan.id]],
  ])('S6 %j names', (text, expected) => {
    expect(new Set(mentioned(text))).toEqual(new Set(expected))
  })

  it.each([
    '',
    'grace',
    'mail@grace',
    '@@grace',
    '@gracefully',
    '@grace_',
    '@gr',
    '@nobody',
    '@ grace',
    '＠grace',
  ])('S6 %j names nobody', (text) => {
    expect(mentioned(text)).toEqual([])
  })

  it('S6 @all and @here are an owner’s words, and nobody else’s', () => {
    expect(mentioned('@here and @all')).toEqual(['all', 'here'])
    expect(mentioned('@here and @all', grace)).toEqual([])
    expect(mentioned('@everyone')).toEqual([])
  })

  it('S6 at most 20 names count', () => {
    const crowd = Array.from({ length: 25 }, (_, n) => user(100 + n))
    const large = new Bench({}, 'private', [ada, ...crowd])
    const text = crowd.map(({ username }) => `@${username}`).join(' ')
    const ids = mentionsIn(text, large.turn(ada).member, (names) => large.store.membersNamed(names))
    expect(new Set(ids)).toEqual(new Set(crowd.slice(0, 20).map(({ id }) => id)))
  })

  it('S6 a long text without an @ asks nothing of the database', () => {
    const ask = () => {
      throw new Error('the database was asked')
    }
    expect(mentionsIn('a'.repeat(4_000), bench.turn(ada).member, ask)).toEqual([])
  })
})
