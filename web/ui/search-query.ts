/** What is typed into the message search: what of it is asked for, and how to go on. */
import { fold, type User } from '../../src/protocol/index.ts'

/** Filters that a person can pick instead of typing them. */
export const FILTERS = ['from:', 'has:link', 'before:', 'after:'] as const

const PEOPLE_MAX = 6
/** Days back that `before:` and `after:` offer: today, yesterday, a week, a month. */
const DAYS_BACK = [0, 1, 7, 30]

const FILTER_UNFINISHED =
  /(?<!\S)(?:from:@?|has:(?!(?:link|image|file)(?!\S))\S*|(?:before|after):(?!\d{4}-\d{2}-\d{2}(?!\S))\S*)(?=\s|$)/giu
const DAY_MS = 86_400_000
const LAST_FILTER = /(?<!\S)(from|before|after):(\S*)$/iu

/** The query without the filters that are still being typed: the server would take those for words. */
export function askedFor(typed: string): string {
  return typed.replace(FILTER_UNFINISHED, ' ').replace(/\s+/gu, ' ').trim()
}

/** The query with a filter at its end, ready to type on. */
export function withFilter(typed: string, filter: string): string {
  const before = typed.trimEnd()
  const start = before === '' ? '' : `${before} `
  return start + filter + (filter.endsWith(':') ? '' : ' ')
}

/** A way to finish the filter at the end: a member for `from:`, a day for `before:` and `after:`. */
export type Completion =
  | { kind: 'person'; user: User; query: string }
  /** `day`: 2026-11-22 */
  | { kind: 'day'; day: string; query: string }

/** @param now ms since 1970; days are the server's, which are UTC's */
export function completions(typed: string, members: Iterable<User>, now: number): Completion[] {
  const found = LAST_FILTER.exec(typed)
  if (!found) return []
  const [, name = '', value = ''] = found
  const start = typed.slice(0, found.index)
  if (name.toLowerCase() === 'from') {
    const wanted = fold(value.replace(/^@/, ''))
    return [...members]
      .filter(({ username, displayName }) => username !== wanted && isStart(wanted, username, displayName))
      .slice(0, PEOPLE_MAX)
      .map((user) => ({ kind: 'person', user, query: `${start}from:@${user.username} ` }))
  }
  if (value !== '') return []
  return DAYS_BACK.map((daysBack) => {
    const day = new Date(now - daysBack * DAY_MS).toISOString().slice(0, 10)
    return { kind: 'day', day, query: `${start}${name}:${day} ` }
  })
}

function isStart(wanted: string, ...names: string[]): boolean {
  return names.some((name) =>
    fold(name)
      .split(/\s+/u)
      .some((part) => part.startsWith(wanted)),
  )
}
