// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { AWAY_HIDDEN_MS, AWAY_IDLE_MS } from '../../src/protocol/index.ts'
import { type Activity, type TabActivity, trackActivity } from '../../web/state/activity.ts'

let told: TabActivity[]
let tab: Activity

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 22, 12) })
  told = []
  tab = trackActivity((activity) => told.push(activity), true)
})
afterEach(() => {
  tab.stop()
  vi.useRealTimers()
})

describe('PR-1 how this tab is', () => {
  test('PR-1 away after ten minutes without a touch, not sooner, and back with the first', () => {
    vi.advanceTimersByTime(AWAY_IDLE_MS - 1)
    expect(told).toEqual([])
    vi.advanceTimersByTime(1)
    expect(told).toEqual(['away'])
    tab.input()
    expect(told).toEqual(['away', 'online'])
  })

  test('PR-1 each touch begins the ten minutes again', () => {
    vi.advanceTimersByTime(AWAY_IDLE_MS - 1_000)
    tab.input()
    vi.advanceTimersByTime(AWAY_IDLE_MS - 1_000)
    expect(told).toEqual([])
    vi.advanceTimersByTime(1_000)
    expect(told).toEqual(['away'])
  })

  test('PR-1 away after five minutes out of sight, whatever moves meanwhile, and back once seen for 5 s', () => {
    tab.visible(false)
    vi.advanceTimersByTime(6_000)
    tab.input()
    vi.advanceTimersByTime(AWAY_HIDDEN_MS - 6_000 - 1)
    expect(told).toEqual([])
    vi.advanceTimersByTime(1)
    expect(told).toEqual(['away'])
    tab.visible(true)
    vi.advanceTimersByTime(4_999)
    expect(told).toEqual(['away'])
    vi.advanceTimersByTime(1)
    expect(told).toEqual(['away', 'online'])
  })

  test('PR-1 a glance at another tab of less than 5 s changes nothing', () => {
    tab.visible(false)
    vi.advanceTimersByTime(4_000)
    tab.visible(true)
    vi.advanceTimersByTime(AWAY_HIDDEN_MS)
    expect(told).toEqual([])
  })

  test('PR-1 nothing is told after it has stopped', () => {
    tab.stop()
    vi.advanceTimersByTime(AWAY_IDLE_MS * 2)
    expect(told).toEqual([])
  })
})
