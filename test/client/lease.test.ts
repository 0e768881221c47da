import { beforeEach, describe, expect, it } from 'vitest'
import { LeaseKeeper } from '../../src/client/lease.ts'
import { LEASE_MS, LEASE_RENEW_AT, type LeaseAnswer } from '../../src/protocol/index.ts'
import { FakeClock, settle } from '../support/fake-clock.ts'

const RENEW_MS = LEASE_MS * LEASE_RENEW_AT

let clock: FakeClock
let asked: number
let spread: string[]
let answer: () => Promise<LeaseAnswer>
let keeper: LeaseKeeper

beforeEach(() => {
  clock = new FakeClock()
  asked = 0
  spread = []
  answer = async () => ({ lease: `lease ${asked}`, expiresAt: clock.now() + LEASE_MS })
  keeper = new LeaseKeeper({
    clock,
    fetchLease: () => {
      asked += 1
      return answer()
    },
    spread: (lease) => spread.push(lease),
  })
})

describe('lease', () => {
  it('R6 is renewed when 70 % has passed, and again, and again', async () => {
    keeper.watch(clock.now() + LEASE_MS)
    await clock.advance(RENEW_MS - 1)
    expect(asked).toBe(0)
    await clock.advance(1)
    expect(spread).toEqual(['lease 1'])
    await clock.advance(RENEW_MS)
    expect(spread).toEqual(['lease 1', 'lease 2'])
  })

  it('one request serves all sockets, in time for the first', async () => {
    keeper.watch(clock.now() + LEASE_MS)
    keeper.watch(clock.now() + LEASE_MS / 2)
    keeper.watch(clock.now() + LEASE_MS)
    expect(clock.waiting).toBe(1)
    await clock.advance(RENEW_MS / 2)
    expect(asked).toBe(1)
    await clock.advance(RENEW_MS - 1)
    expect(asked).toBe(1)
  })

  it('a lease that has run out is renewed at once', async () => {
    keeper.watch(clock.now() - 1)
    await clock.advance(0)
    expect(asked).toBe(1)
  })

  it.each([
    ['ahead', LEASE_MS],
    ['behind', -24 * LEASE_MS],
  ])('R6 a clock that is %s asks no more often than the lease needs, and no less', async (_, offset) => {
    const told = () => clock.now() - offset + LEASE_MS
    answer = async () => ({ lease: `lease ${asked}`, expiresAt: told() })
    keeper.watch(told())
    await clock.advance(0)
    // What a greeting says may really have run out: that is one question.
    const first = offset > 0 ? 1 : 0
    expect(asked).toBe(first)
    await clock.advance(RENEW_MS - 1)
    expect(asked).toBe(first)
    await clock.advance(1)
    expect(asked).toBe(first + 1)
  })

  it('fails in silence: the sockets come back and bring a new one', async () => {
    answer = () => Promise.reject(new Error('offline'))
    keeper.watch(clock.now() + LEASE_MS)
    await clock.advance(LEASE_MS)
    expect([spread, clock.waiting]).toEqual([[], 0])
    keeper.watch(clock.now() + LEASE_MS)
    expect(clock.waiting).toBe(1)
  })

  it('stopped while it asks, it does not go on for nobody', async () => {
    let give = (_: LeaseAnswer) => {}
    answer = () =>
      new Promise((resolve) => {
        give = resolve
      })
    keeper.watch(clock.now() + LEASE_MS)
    await clock.advance(RENEW_MS)
    keeper.stop()
    give({ lease: 'late', expiresAt: clock.now() + LEASE_MS })
    await settle()
    expect([spread, clock.waiting]).toEqual([[], 0])
  })

  it('a socket that opens while it asks does not keep the others from their lease', async () => {
    let give = (_: LeaseAnswer) => {}
    answer = () =>
      new Promise((resolve) => {
        give = resolve
      })
    keeper.watch(clock.now() + LEASE_MS)
    await clock.advance(RENEW_MS)
    keeper.watch(clock.now() + LEASE_MS)
    give({ lease: 'for all', expiresAt: clock.now() + LEASE_MS })
    await settle()
    expect(spread).toEqual(['for all'])
    expect(clock.waiting).toBe(1)
  })
})
