// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { followMidnight, nextMidnight, startOfDay, today } from '../../web/state/today.ts'
import { clock, dayLabel, lastSeen, listTime } from '../../web/ui/dates.ts'

const NOW = new Date(2026, 10, 22, 14, 30)
const day = (offset: number, hour = 14, minute = 5) => new Date(2026, 10, 22 + offset, hour, minute).getTime()
const TODAY = startOfDay(NOW.getTime())

describe('CL-3 times in the list', () => {
  test.each([
    ['en-GB', day(0), '14:05'],
    ['en-US', day(0, 9), '9:05 AM'],
    ['ko-KR', day(0), '오후 2:05'],
    ['en-GB', day(-1, 23, 59), 'Yesterday'],
    ['ko-KR', day(-1), '어제'],
    ['en-GB', day(-2), 'Fri'],
    ['en-GB', day(-6), 'Mon'],
    ['en-GB', day(-7), '15 Nov'],
    ['en-GB', new Date(2025, 11, 31).getTime(), '31 Dec 2025'],
  ])('CL-3 %s: %i is %s', (locale, at, label) => {
    // Some locales put a narrow no-break space before AM.
    expect(listTime(at, TODAY, locale).replace(/\s/gu, ' ')).toBe(label)
  })
})

describe('ML-9 day rules', () => {
  test.each([
    ['en-GB', day(0), 'Today'],
    ['en-GB', day(-1), 'Yesterday'],
    ['en-GB', day(-5), 'Tuesday 17 November'],
    ['ko-KR', day(-5), '11월 17일 화요일'],
    ['ko-KR', new Date(2025, 0, 2).getTime(), '2025년 1월 2일 목요일'],
  ])('ML-9 %s: %i is %s', (locale, at, label) => {
    expect(dayLabel(at, TODAY, locale)).toBe(label)
  })
})

describe('CL-3 midnight', () => {
  beforeEach(() => void vi.useFakeTimers({ now: NOW }))
  afterEach(() => void vi.useRealTimers())

  test('CL-3 labels roll over at local midnight without a reload', () => {
    const at = day(0)
    const stop = followMidnight()
    expect(listTime(at, today.value, 'en-GB')).toBe('14:05')
    vi.advanceTimersByTime(nextMidnight(NOW.getTime()) - NOW.getTime() + 100)
    expect(listTime(at, today.value, 'en-GB')).toBe('Yesterday')
    stop()
  })

  test('CL-3 a laptop that wakes up on another day notices when it is looked at', () => {
    const stop = followMidnight()
    vi.setSystemTime(day(3))
    document.dispatchEvent(new Event('visibilitychange'))
    expect(today.value).toBe(startOfDay(day(3)))
    stop()
  })
})

test('IN-1 the clock of the day is the locale’s own', () => {
  expect(clock(day(0, 0, 7), 'en-GB')).toBe('00:07')
})

describe('PR-2 when somebody was here last', () => {
  const MINUTE_MS = 60_000
  test.each([
    ['en-GB', NOW.getTime() - 20_000, '1 min ago'],
    ['en-GB', NOW.getTime() - 5 * MINUTE_MS, '5 min ago'],
    ['ko-KR', NOW.getTime() - 5 * MINUTE_MS, '5분 전'],
    ['en-GB', NOW.getTime() - 59 * MINUTE_MS, '59 min ago'],
    ['en-GB', day(0, 13, 2), 'today 13:02'],
    ['en-GB', day(-1), 'yesterday'],
    ['ko-KR', day(-1), '어제'],
    ['en-GB', day(-19), '3 Nov'],
    ['en-GB', new Date(2025, 10, 3).getTime(), '3 Nov 2025'],
    ['en-GB', NOW.getTime() + 5 * MINUTE_MS, '1 min ago'],
  ])('PR-2 %s: %i is %s', (locale, at, words) => {
    expect(lastSeen(at, NOW.getTime(), locale)).toBe(words)
  })
})
