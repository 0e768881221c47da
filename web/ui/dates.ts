/** Times as people say them. Intl decides how: 12 or 24 hours, order of day and month, every language. */
import { nextMidnight, startOfDay } from '../state/today.ts'

const DAYS_NAMED = 7

const formats = new Map<string, Intl.DateTimeFormat>()

/** "14:33": the time of day. */
export function clock(at: number, locale: string): string {
  return format(locale, { timeStyle: 'short' }).format(at)
}

/** Date and time in full, for tooltips. */
export function fullTime(at: number, locale: string): string {
  return format(locale, { dateStyle: 'full', timeStyle: 'short' }).format(at)
}

/**
 * CL-3: today's time, "Yesterday", the weekday within a week, "3 Nov", then with its year.
 * @param today where the viewer's day started, ms since 1970
 */
export function listTime(at: number, today: number, locale: string): string {
  if (at >= today) return clock(at, locale)
  const days = daysBetween(at, today)
  if (days === 1)
    return capitalise(new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-1, 'day'), locale)
  if (days < DAYS_NAMED) return format(locale, { weekday: 'short' }).format(at)
  return format(locale, isSameYear(at, today) ? SHORT_DAY : SHORT_DAY_YEAR).format(at)
}

/**
 * PR-2: "5 min ago", "today 14:02", "yesterday", "3 Nov", as the end of "Last seen …".
 * @param now ms since 1970
 */
export function lastSeen(at: number, now: number, locale: string): string {
  const minutes = Math.max(0, Math.floor((now - at) / 60_000))
  if (minutes < 60) {
    const ago = new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'short' })
    // "0 minutes ago" is no way to say it, and "just now" is no word that Intl has.
    return ago.format(-Math.max(1, minutes), 'minute')
  }
  const today = startOfDay(now)
  const days = at >= today ? 0 : daysBetween(at, today)
  if (days > 1) return format(locale, isSameYear(at, today) ? SHORT_DAY : SHORT_DAY_YEAR).format(at)
  const day = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day')
  return days === 0 ? `${day} ${clock(at, locale)}` : day
}

/** ML-9: "Today", "Yesterday", "Monday, 3 November", with the year when it is another one. */
export function dayLabel(at: number, today: number, locale: string): string {
  const days = at >= today ? 0 : daysBetween(at, today)
  if (days <= 1 && at < nextMidnight(today)) {
    return capitalise(new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day'), locale)
  }
  return format(locale, isSameYear(at, today) ? LONG_DAY : LONG_DAY_YEAR).format(at)
}

const SHORT_DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' }
const SHORT_DAY_YEAR: Intl.DateTimeFormatOptions = { ...SHORT_DAY, year: 'numeric' }
const LONG_DAY: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' }
const LONG_DAY_YEAR: Intl.DateTimeFormatOptions = { ...LONG_DAY, year: 'numeric' }

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options)
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, options)
  formats.set(key, known)
  return known
}

/** Calendar days from `at` to the day that starts at `today`; rounding absorbs the hour of summer time. */
function daysBetween(at: number, today: number): number {
  return Math.round((today - startOfDay(at)) / 86_400_000)
}

function isSameYear(a: number, b: number): boolean {
  return new Date(a).getFullYear() === new Date(b).getFullYear()
}

function capitalise(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1)
}
