import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { ConversationId, Position, Seq, Uuid, uuidv7 } from '../../src/protocol/index.ts'

const times = fc.nat({ max: 2 ** 48 - 1 })

function timeIn(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
}

describe('ids', () => {
  it('ID1 makes UUIDs of version 7 that tell their time and that the schema takes', () => {
    fc.assert(
      fc.property(times, (now) => {
        const id = uuidv7(now)
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
        expect(timeIn(id)).toBe(now)
        expect(v.is(Uuid, id)).toBe(true)
      }),
    )
  })

  it('ID1 sorts by time', () => {
    fc.assert(
      fc.property(times, times, (a, b) => {
        fc.pre(a !== b)
        expect(uuidv7(a) < uuidv7(b)).toBe(a < b)
      }),
    )
  })

  it('ID1 does not repeat itself within a millisecond', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => uuidv7(1))).size).toBe(10_000)
  })

  it('ID1 keeps version and variant whatever the dice say', () => {
    const full = uuidv7(0, (bytes) => bytes.fill(255))
    expect(full).toBe('00000000-0000-7fff-bfff-ffffffffffff')
    expect(uuidv7(0, (bytes) => bytes.fill(0))).toBe('00000000-0000-7000-8000-000000000000')
  })

  it.each(['', 'me', uuidv7().toUpperCase(), `${uuidv7()}0`, uuidv7().replaceAll('-', ''), `${uuidv7()}\n`])(
    'ID1 %j is no id',
    (id) => {
      expect(v.is(Uuid, id)).toBe(false)
    },
  )

  it.each(['', 'a'.repeat(63), 'a'.repeat(65), 'A'.repeat(64), 'g'.repeat(64), `${'a'.repeat(64)}\n`])(
    'ID2 %j is no conversation id',
    (id) => {
      expect(v.is(ConversationId, id)).toBe(false)
      expect(v.is(ConversationId, 'a'.repeat(64))).toBe(true)
    },
  )

  it.each([
    [0, false, true],
    [1, true, true],
    [2 ** 53 - 1, true, true],
    [2 ** 53, false, false],
    [-1, false, false],
    [1.5, false, false],
    [Number.NaN, false, false],
    ['1', false, false],
  ])('%s is a seq: %s, a position: %s', (value, isSeq, isPosition) => {
    expect([v.is(Seq, value), v.is(Position, value)]).toEqual([isSeq, isPosition])
  })
})
