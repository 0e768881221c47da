import { afterEach, expect, it, vi } from 'vitest'
import { retryAt } from '../../src/retry.ts'

const NOW = 1_800_000_000_000

afterEach(() => vi.restoreAllMocks())

it('O2 doubles to 5 s, stays there for two minutes, and doubles on to a minute', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  const waits = Array.from({ length: 34 }, (_, attempts) => retryAt(attempts, NOW) - NOW)
  expect(waits.slice(0, 5)).toEqual([1_000, 2_000, 4_000, 5_000, 5_000])
  const soon = waits.filter((wait) => wait <= 5_000)
  expect(soon.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThanOrEqual(120_000)
  expect(waits.slice(soon.length)).toEqual([
    10_000,
    20_000,
    40_000,
    ...Array(waits.length - soon.length - 3).fill(60_000),
  ])
})

it('O2 never waits longer than 10 s for what has failed for two minutes: an outage of a minute is over soon after', () => {
  vi.spyOn(Math, 'random').mockReturnValue(1)
  for (let attempts = 0; attempts < 26; attempts += 1)
    expect(retryAt(attempts, NOW) - NOW).toBeLessThan(10_000)
})
