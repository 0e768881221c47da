import { describe, expect, test } from 'vitest'
import { BOTTOM_ENTER_PX, BOTTOM_LEAVE_PX, isAtBottomAfter } from '../../web/ui/scroll-keeper.ts'

describe('ML-4 at the bottom', () => {
  const at = (isAtBottom: boolean, top: number) => ({ isAtBottom, top })

  test('ML-4 is entered within 100 px', () => {
    expect(isAtBottomAfter(at(false, 0), { top: 900, distance: BOTTOM_ENTER_PX })).toBe(true)
    expect(isAtBottomAfter(at(false, 0), { top: 899, distance: BOTTOM_ENTER_PX + 1 })).toBe(false)
  })

  test('ML-4 is left only by scrolling up more than 160 px', () => {
    expect(isAtBottomAfter(at(true, 1_000), { top: 840, distance: BOTTOM_LEAVE_PX })).toBe(true)
    expect(isAtBottomAfter(at(true, 1_000), { top: 839, distance: BOTTOM_LEAVE_PX + 1 })).toBe(false)
  })

  test('ML-4 is not left by growth, which makes the distance larger without anyone scrolling up', () => {
    expect(isAtBottomAfter(at(true, 1_000), { top: 1_000, distance: 5_000 })).toBe(true)
  })
})
