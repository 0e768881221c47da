/** A benchmark that does not notice what went wrong measures how fast that goes. */
import { describe, expect, it } from 'vitest'
import { Deliveries, problemsOf, totalOf } from '../../bench/deliveries.ts'
import { percentile, ratioOf, spreadOf } from '../../bench/statistics.ts'

describe('deliveries', () => {
  it('are right where each came once and in order', () => {
    expect(taken([1, 2, 3])).toEqual({ delivered: 3, lost: 0, doubled: 0, reordered: 0 })
  })

  it('show a lost one, in the middle and at the end', () => {
    expect(taken([1, 3])).toMatchObject({ delivered: 2, lost: 1 })
    expect(taken([1, 2])).toMatchObject({ delivered: 2, lost: 1 })
    expect(taken([])).toMatchObject({ delivered: 0, lost: 3 })
  })

  it('show a doubled one, at once and later', () => {
    expect(taken([1, 1, 2, 3])).toEqual({ delivered: 3, lost: 0, doubled: 1, reordered: 0 })
    expect(taken([1, 2, 3, 1])).toEqual({ delivered: 3, lost: 0, doubled: 1, reordered: 0 })
  })

  it('show a reordered one, which is neither lost nor doubled', () => {
    expect(taken([1, 3, 2])).toEqual({ delivered: 3, lost: 0, doubled: 0, reordered: 1 })
  })

  it('begin after what the client holds, and count that as doubled', () => {
    const resumed = new Deliveries(2)
    for (const number of [2, 3]) resumed.take(number)
    expect(resumed.verdict(3)).toEqual({ delivered: 1, lost: 0, doubled: 1, reordered: 0 })
  })

  it('of all clients are judged together', () => {
    const total = totalOf([taken([1, 2, 3]), taken([1, 3]), taken([1, 1, 3, 2])])
    expect(total).toEqual({ delivered: 8, lost: 1, doubled: 1, reordered: 1 })
    expect(problemsOf(total, 9, ['a', 'b', 'c'], texts('a', 'b', 'c'))).toEqual([
      '8 deliveries instead of 9',
      '1 lost',
      '1 came twice',
      '1 out of order',
    ])
  })

  it('are no problem where nothing is wrong', () => {
    expect(problemsOf(taken([1, 2, 3]), 3, ['a', 'b', 'c'], texts('c', 'a', 'b'))).toEqual([])
  })

  it('show a text that never came, one under two numbers, and one too many', () => {
    const fine = taken([1, 2, 3])
    expect(problemsOf(fine, 3, ['a', 'b', 'c'], texts('a', 'b', 'b'))).toEqual([
      '1 texts never came',
      '1 texts under two numbers',
    ])
    expect(problemsOf(fine, 3, ['a', 'b'], texts('a', 'b', 'c'))).toEqual(['3 messages instead of 2'])
  })

  function taken(numbers: readonly number[]) {
    const deliveries = new Deliveries(0)
    for (const number of numbers) deliveries.take(number)
    return deliveries.verdict(3)
  }

  function texts(...all: string[]): Map<number, string> {
    return new Map(all.map((text, place) => [place + 1, text]))
  }
})

describe('statistics', () => {
  it('take the middle, and say how far apart the rest was', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 })
    expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 })
    expect(() => spreadOf([])).toThrow('no values')
  })

  it('leave what they are given as it is', () => {
    const values = [3, 1, 2]
    percentile(values, 50)
    expect(values).toEqual([3, 1, 2])
  })

  it('find a percentile between two values', () => {
    const hundred = Array.from({ length: 101 }, (_, value) => value)
    expect(percentile(hundred, 99)).toBe(99)
    expect(percentile([1, 2], 75)).toBe(1.75)
  })

  it('compare round by round: a slow round slows both', () => {
    expect(ratioOf([20, 40, 10], [10, 20, 5])).toEqual({ median: 2, min: 2, max: 2 })
  })
})
