import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SendLog } from '../../src/conversation/rate.ts'
import { TokenBucket } from '../../src/token-bucket.ts'
import { ada, grace } from '../support/people.ts'

const SEED = { numRuns: 500, seed: 1 }

describe('token bucket', () => {
  it('F5 gives the burst at once, then its rate', () => {
    const bucket = new TokenBucket(20, 60)
    const now = 1_800_000_000_000
    expect(Array.from({ length: 60 }, () => bucket.take(now))).toEqual(Array(60).fill(0))
    expect(bucket.take(now)).toBe(50)
    expect(bucket.take(now + 50)).toBe(0)
    expect(bucket.take(now + 50)).toBe(50)
  })

  it('F5 a clock that is set back empties nothing', () => {
    const bucket = new TokenBucket(1, 2)
    bucket.take(10_000)
    expect(bucket.take(0)).toBe(0)
    expect(bucket.take(0)).toBe(1_000)
  })

  it('F5 is what counting by hand says, to the millisecond', () => {
    const rates = fc.constantFrom(1, 2, 4, 5, 8, 10, 20, 25)
    const steps = fc.array(fc.oneof(fc.constant(0), fc.nat(40), fc.nat(3_000)), { maxLength: 200 })
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 10 }), steps, (perSecond, burst, waits) => {
        const bucket = new TokenBucket(perSecond, burst)
        let now = 1_800_000_000_000
        // By hand, in whole thousandths of a token: nothing to round.
        let thousandths = burst * 1_000
        for (const wait of waits) {
          now += wait
          thousandths = Math.min(burst * 1_000, thousandths + wait * perSecond)
          const expected = thousandths >= 1_000 ? 0 : Math.ceil((1_000 - thousandths) / perSecond)
          const waitMs = bucket.take(now)
          // The bucket counts in fractions: where they do not come out even it asks for a millisecond more.
          expect(waitMs - expected).toBeOneOf([0, 1])
          if (waitMs === 0) thousandths -= 1_000
        }
      }),
      SEED,
    )
  })
})

/** Whether one more at `now` would make more than `limit` within any `windowMs` that ends there. */
function isOneTooMany(times: readonly number[], limit: number, windowMs: number, now: number): boolean {
  return times.filter((time) => time > now - windowMs).length >= limit
}

describe('send log', () => {
  const limits = { sends10s: 3, sends60s: 8 }
  const steps = fc.array(fc.oneof(fc.constant(0), fc.nat(500), fc.nat(20_000)), { maxLength: 120 })

  it('S4 takes exactly what fits into every window, and says exactly when the next one does', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (waits, evictAt) => {
        let log = new SendLog(limits)
        const sent: number[] = []
        let now = 1_800_000_000_000
        const recent = (since: number) => sent.filter((time) => time > since).reverse()
        const isFull = (at: number) =>
          isOneTooMany(sent, limits.sends10s, 10_000, at) || isOneTooMany(sent, limits.sends60s, 60_000, at)
        waits.forEach((wait, n) => {
          now += wait
          if (n === evictAt % waits.length) log = new SendLog(limits)
          const waitMs = log.check(ada.id, now, recent)
          expect(waitMs > 0).toBe(isFull(now))
          if (waitMs > 0) {
            expect([isFull(now + waitMs - 1), isFull(now + waitMs)]).toEqual([true, false])
            return
          }
          sent.push(now)
          log.count(ada.id, now)
        })
      }),
      SEED,
    )
  })

  it('S4 counts each person for themselves, and asks the disk once', () => {
    const log = new SendLog(limits)
    let asked = 0
    const recent = () => {
      asked += 1
      return []
    }
    for (let n = 0; n < 3; n += 1) {
      expect(log.check(ada.id, 1_000, recent)).toBe(0)
      log.count(ada.id, 1_000)
    }
    expect(log.check(ada.id, 1_000, recent)).toBe(10_000)
    expect(log.check(grace.id, 1_000, recent)).toBe(0)
    expect(asked).toBe(2)
  })

  it('S4 what was only checked does not count', () => {
    const log = new SendLog(limits)
    for (let n = 0; n < 20; n += 1) expect(log.check(ada.id, 1_000, () => [])).toBe(0)
  })
})
