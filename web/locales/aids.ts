/**
 * The words of what helps with writing. Not in the catalogue, which signing in loads: they come with what they
 * belong to. Every language has all of them, or it does not compile.
 */
import type { EmojiGroup } from '../state/emoji-table.ts'
import { type Language, language } from '../state/i18n.ts'
import { pluralOf } from './plural.ts'

type Words = {
  suggestions: (count: number) => string
  mention: string
  mentionsWho: Record<'all' | 'here', string>
  emoji: string
  search: string
  categories: string
  recent: string
  none: (query: string) => string
  groups: Record<EmojiGroup, string>
}

const plurals = { en: pluralOf('en'), ko: pluralOf('ko') }

const WORDS: Record<Language, Words> = {
  en: {
    suggestions: (count) => plurals.en(count, { one: '# suggestion', other: '# suggestions' }),
    mention: 'Whom to mention',
    mentionsWho: {
      all: 'Mentions everyone in this conversation',
      here: 'Mentions everyone, for what matters right now',
    },
    emoji: 'Emoji',
    search: 'Search emoji',
    categories: 'Kinds of emoji',
    recent: 'Recently used',
    none: (query) => `No emoji found for “${query}”.`,
    groups: {
      0: 'Smileys and feelings',
      1: 'People and gestures',
      3: 'Animals and nature',
      4: 'Food and drink',
      5: 'Travel and places',
      6: 'Activities',
      7: 'Objects',
      8: 'Symbols',
      9: 'Flags',
    },
  },
  ko: {
    suggestions: (count) => plurals.ko(count, { other: '추천 #개' }),
    mention: '언급할 사람',
    mentionsWho: {
      all: '이 대화의 모든 사람을 언급합니다',
      here: '지금 중요한 일로 모든 사람을 언급합니다',
    },
    emoji: '이모지',
    search: '이모지 검색',
    categories: '이모지 종류',
    recent: '최근에 사용한 이모지',
    none: (query) => `‘${query}’에 맞는 이모지가 없습니다.`,
    groups: {
      0: '표정과 감정',
      1: '사람과 손짓',
      3: '동물과 자연',
      4: '음식과 음료',
      5: '여행과 장소',
      6: '활동',
      7: '사물',
      8: '기호',
      9: '깃발',
    },
  },
}

/** Read inside a component it follows the language, as `t()` does. */
export function aidWords(): Words {
  return WORDS[language.value]
}
