// @vitest-environment happy-dom
import english from 'emoji-picker-element-data/en/github/data.json'
import korean from 'emoji-picker-element-data/ko/cldr/data.json'
import { describe, expect, test } from 'vitest'
import type { Member, Role } from '../../src/protocol/index.ts'
import { isEmoji } from '../../src/protocol/index.ts'
import { emojiFrom } from '../../web/state/emoji-table.ts'
import { findEmoji } from '../../web/ui/find-emoji.ts'
import { suggestionQueryAt } from '../../web/ui/suggestion-query.ts'
import { suggestionsFor } from '../../web/ui/suggestions.ts'
import { user } from '../support/people.ts'
import { ada, alan, grace, message } from './web-stage.tsx'

const at = (text: string) => suggestionQueryAt(text, text.length)

describe('CO-9 what asks for suggestions', () => {
  test.each(['@', 'hi @gr', '(@gr', '“@gr', '안녕@gr', '漢@gr', '\n@민ㅈ', '@jean-luc'])(
    'CO-9 %j does',
    (text) => {
      expect(at(text)).toMatchObject({ kind: 'mention', end: text.length })
    },
  )

  test.each(['', 'gr', 'ada@gr', 'a.@gr', '@gr ', '@@gr', 'see @gr ace', `@${'a'.repeat(33)}`])(
    'CO-9 %j does not',
    (text) => {
      expect(at(text)).toBeNull()
    },
  )

  test('CO-9 in the middle of a word nothing does; before a Korean particle it does', () => {
    expect(suggestionQueryAt('@grace', 3)).toBeNull()
    expect(suggestionQueryAt('@ㄱ에게', 2)).toEqual({ kind: 'mention', start: 0, end: 2, query: 'ㄱ' })
  })

  test.each([':ta', 'so :ta', '좋아:ta', ':+1', ':불', ':ㅎㅌ'])('CO-9 %j asks for emoji', (text) => {
    expect(at(text)).toMatchObject({ kind: 'emoji' })
  })

  test.each([':', ':t', ':D', ':-D', 'at :30', '12:30', 'http://ab', 'a:ta', ':ㅎ', '::ta'])(
    'CO-9 %j does not ask for emoji',
    (text) => {
      expect(at(text)).toBeNull()
    },
  )
})

const minji = user(7, 'mj_kim', '김민지')
const adam = user(8, 'adam', 'Adam Smith')

function mentioned(query: string, { role = 'member' as Role, messages = [message(1, alan.id, 0)] } = {}) {
  const people = [ada, grace, alan, minji, adam, user(9, '[deleted]', 'Gone')]
  const members = new Map<string, Member>(people.map((each) => [each.id, { user: each, role: 'member' }]))
  const asked = { kind: 'mention' as const, start: 0, end: 1 + query.length, query }
  const found = suggestionsFor(asked, { state: { members, messages, role }, meId: ada.id, emoji: null })
  return found.map(({ insert }) => insert.trim())
}

describe('CO-9 whom it offers', () => {
  test('CO-9 the others by name and username, who spoke last first; never oneself or who is gone', () => {
    expect(mentioned('')).toEqual(['@alan', '@adam', '@grace', '@mj_kim'])
    expect(mentioned('ada')).toEqual(['@adam'])
    expect(mentioned('gone')).toEqual([])
  })

  test('CO-9 a start goes before the inside, whoever spoke', () => {
    // "al" begins Alan; in "Grace Hopper" and "Adam Smith" there is an "a".
    expect(mentioned('a', { messages: [message(1, grace.id, 0)] })).toEqual(['@adam', '@alan', '@grace'])
    expect(mentioned('hop')).toEqual(['@grace'])
    expect(mentioned('j_k')).toEqual(['@mj_kim'])
  })

  test.each(['ㅁㅈ', 'ㅁ지', '민ㅈ', 'ㄱㅁㅈ', '김ㅁ'])('CO-9 %s offers 김민지', (query) => {
    expect(mentioned(query)).toEqual(['@mj_kim'])
  })

  test('CO-9 everybody at once is for owners and admins, and comes last unless it is written out', () => {
    expect(mentioned('al')).toEqual(['@alan'])
    expect(mentioned('al', { role: 'admin' })).toEqual(['@alan', '@all'])
    expect(mentioned('all', { role: 'owner' })).toEqual(['@all'])
    expect(mentioned('', { role: 'owner' })).toContain('@here')
  })

  test('CO-9 at most eight', () => {
    const members = new Map<string, Member>(
      Array.from({ length: 30 }, (_, n) => user(n + 100)).map((each) => [
        each.id,
        { user: each, role: 'member' },
      ]),
    )
    const asked = { kind: 'mention' as const, start: 0, end: 1, query: '' }
    const state = { members, messages: [], role: 'owner' as const }
    expect(suggestionsFor(asked, { state, meId: ada.id, emoji: null })).toHaveLength(8)
  })
})

describe('M17 emoji', () => {
  const en = emojiFrom(english, null)
  const ko = emojiFrom(english, korean)
  const texts = (table: typeof en, query: string, max = 8) =>
    findEmoji(table, query, max).map(({ text }) => text)

  test('M17 all that are offered can be sent as a reaction', () => {
    expect(en.length).toBeGreaterThan(1_700)
    expect(en.filter(({ text }) => !isEmoji(text))).toEqual([])
    expect(en.map(({ text }) => text)).toContain('👍')
  })

  test.each([
    ['tada', '🎉'],
    ['+1', '👍'],
    ['heart', '❤️'],
    ['party_p', '🎉'],
    ['fire', '🔥'],
    ['rocket', '🚀'],
  ])('CO-9 %s finds %s first', (query, text) => {
    expect(texts(en, query)[0]).toBe(text)
  })

  test.each([
    ['하트', '❤️'],
    ['ㅎㅌ', '❤️'],
    ['불', '🔥'],
    ['tada', '🎉'],
    ['축하', '🎉'],
  ])('IN-1 in Korean %s finds %s', (query, text) => {
    expect(texts(ko, query, 64)).toContain(text)
  })

  test('CO-9 what nobody calls an emoji finds none', () => {
    expect(texts(en, 'zzqx')).toEqual([])
  })
})
