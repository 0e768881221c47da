/** What is typed into the message search: what of it is asked for, and how to go on. */
import { fold, type User } from '../../src/protocol/index.ts'
import type { SearchScope } from './search-address.ts'

/** Filters that a person can pick instead of typing them. */
const FILTERS = ['from:', 'has:link', 'before:', 'after:']

const OFFERED_MAX = 6
/** Days back that `before:` and `after:` offer: today, yesterday, a week, a month. */
const DAYS_BACK = [0, 1, 7, 30]

const FILTER_UNFINISHED =
  /(?<!\S)(?:from:@?|has:(?!(?:link|image|file)(?!\S))\S*|(?:before|after):(?!\d{4}-\d{2}-\d{2}(?!\S))\S*)(?=\s|$)/giu
/** A name, in quotes where it has spaces; while it is typed the closing one is still to come. */
const IN_FILTER = /(?<!\S)in:(?:"([^"]*)(?:"|$)|(\S*))/giu
const DAY_MS = 86_400_000
const LAST_FILTER = /(?<!\S)(from|before|after|in):("[^"]*|\S*)$/iu

/** `in:` chooses among many: a conversation is asked only for what lies in it. */
export function filtersOf(scope: SearchScope): readonly string[] {
  return scope === 'all' ? ['in:', ...FILTERS] : FILTERS
}

/**
 * The query as a conversation is asked it: without the filters that are still being typed, which it would take
 * for words, and without where to look.
 */
export function askedFor(typed: string): string {
  return typed.replace(IN_FILTER, ' ').replace(FILTER_UNFINISHED, ' ').replace(/\s+/gu, ' ').trim()
}

/** The names that `in:` asks for; a conversation that fits any of them is searched. */
export function placesIn(typed: string): string[] {
  const names = [...typed.matchAll(IN_FILTER)].map(([, quoted, plain]) => (quoted ?? plain ?? '').trim())
  return names.filter((name) => name !== '')
}

/** The query with a filter at its end, ready to type on. */
export function withFilter(typed: string, filter: string): string {
  const before = typed.trimEnd()
  const start = before === '' ? '' : `${before} `
  return start + filter + (filter.endsWith(':') ? '' : ' ')
}

/** A way to finish the filter at the end: a person for `from:`, a name for `in:`, a day for the others. */
export type Completion =
  | { kind: 'person'; user: User; query: string }
  | { kind: 'place'; name: string; query: string }
  /** `day`: 2026-11-22 */
  | { kind: 'day'; day: string; query: string }

/** What can be offered. */
export type Choices = {
  people: Iterable<User>
  /** What conversations are called. */
  places: Iterable<string>
  /** ms since 1970; days are the server's, which are UTC's */
  now: number
}

export function completions(typed: string, { people, places, now }: Choices): Completion[] {
  const found = LAST_FILTER.exec(typed)
  if (!found) return []
  const [, filter = '', value = ''] = found
  const name = filter.toLowerCase()
  const start = typed.slice(0, found.index)
  if (name === 'from') {
    const wanted = fold(value.replace(/^@/, ''))
    return [...people]
      .filter(({ username, displayName }) => username !== wanted && isStart(wanted, username, displayName))
      .slice(0, OFFERED_MAX)
      .map((user) => ({ kind: 'person', user, query: `${start}from:@${user.username} ` }))
  }
  if (name === 'in') {
    const wanted = fold(value.replace(/^"/, ''))
    return [...new Set(places)]
      .filter((place) => fold(place) !== wanted && isStart(wanted, place))
      .slice(0, OFFERED_MAX)
      .map((place) => ({ kind: 'place', name: place, query: `${start}in:${quoted(place)} ` }))
  }
  if (value !== '') return []
  return DAYS_BACK.map((daysBack) => {
    const day = new Date(now - daysBack * DAY_MS).toISOString().slice(0, 10)
    return { kind: 'day', day, query: `${start}${name}:${day} ` }
  })
}

function quoted(name: string): string {
  const plain = name.replaceAll('"', '')
  return /\s/u.test(plain) ? `"${plain}"` : plain
}

function isStart(wanted: string, ...names: string[]): boolean {
  return names.some(
    (name) =>
      fold(name).startsWith(wanted) ||
      fold(name)
        .split(/\s+/u)
        .some((part) => part.startsWith(wanted)),
  )
}
