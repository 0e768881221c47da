import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  follow,
  growNewer,
  growOlder,
  hasNewerRows,
  hasOlderRows,
  isWithin,
  messagesIn,
  newestWindow,
  WINDOW_ROWS,
  WINDOW_ROWS_MAX,
  WINDOW_STEP,
  windowAround,
} from '../../web/ui/message-window.ts'

/** Messages with gaps between their seqs: other events take numbers too. */
const log = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => ({ seq: from + index * 2 }))
const ends = (rows: readonly { seq: number }[]) => [rows[0]?.seq, rows.at(-1)?.seq, rows.length]

describe('ML-1 opening', () => {
  test('ML-1 without unread messages: the 50 newest', () => {
    const messages = log(300)
    expect(ends(messagesIn(newestWindow(messages), messages))).toEqual([501, 599, WINDOW_STEP])
  })

  test('ML-1 with unread messages: 25 before the first of them, 25 from it on', () => {
    const messages = log(300)
    const rows = messagesIn(windowAround(messages, 301), messages)
    expect(ends(rows)).toEqual([251, 349, WINDOW_STEP])
    expect(rows[25]?.seq).toBe(301)
  })

  test('ML-1 an unread message near the end: the window follows the newest', () => {
    const messages = log(30)
    expect(windowAround(messages, 51).last).toBeNull()
  })
})

describe('ML-2 bounds', () => {
  test('ML-2 growing up past 200 rows lets rows go at the bottom, and the other way round', () => {
    const messages = log(1_000)
    let window = newestWindow(messages)
    for (let step = 0; step < 6; step += 1) window = growOlder(window, messages)
    expect(messagesIn(window, messages)).toHaveLength(WINDOW_ROWS)
    expect(hasNewerRows(window, messages)).toBe(true)
    for (let step = 0; step < 10; step += 1) window = growNewer(window, messages)
    expect(window.last).toBeNull()
    expect(ends(messagesIn(window, messages))).toEqual([1601, 1999, WINDOW_ROWS])
  })

  test('ML-3 older messages that arrive above move no row', () => {
    const messages = log(100, 1_001)
    const window = newestWindow(messages, 100)
    const rows = messagesIn(window, messages)
    const longer = [...log(50, 901), ...messages]
    expect(messagesIn(window, longer)).toEqual(rows)
    expect(hasOlderRows(window, longer)).toBe(true)
  })

  test('ML-4 a reader at the bottom stays with the newest; one in history keeps what is on screen', () => {
    const messages = log(WINDOW_ROWS)
    const window = newestWindow(messages, WINDOW_ROWS)
    const longer = log(WINDOW_ROWS_MAX + 1)
    expect(ends(messagesIn(follow(window, longer, true), longer))).toEqual([43, 441, WINDOW_ROWS])
    const held = follow(window, longer, false)
    expect(ends(messagesIn(held, longer))).toEqual([1, 399, WINDOW_ROWS])
    expect(hasNewerRows(held, longer)).toBe(true)
  })

  test('ML-2 whatever happens, at most 220 rows, in order and without a gap', () => {
    const step = fc.constantFrom('older', 'newer', 'arrive', 'page', 'jump')
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, isAtBottom) => {
        let messages = log(120, 100_001)
        let window = newestWindow(messages)
        for (const what of steps) {
          const [first, last] = [messages[0]?.seq ?? 0, messages.at(-1)?.seq ?? 0]
          if (what === 'arrive') messages = [...messages, ...log(30, last + 2)]
          if (what === 'page') messages = [...log(50, first - 100), ...messages]
          if (what === 'older') window = growOlder(window, messages)
          if (what === 'newer') window = growNewer(window, messages)
          if (what === 'jump') window = newestWindow(messages)
          window = follow(window, messages, isAtBottom)
          const rows = messagesIn(window, messages)
          expect(rows.length).toBeGreaterThan(0)
          expect(rows.length).toBeLessThanOrEqual(WINDOW_ROWS_MAX)
          const at = messages.findIndex(({ seq }) => seq === rows[0]?.seq)
          expect(rows).toEqual(messages.slice(at, at + rows.length))
        }
      }),
    )
  })
})

test('CX-3 after a resync a window of what is gone is noticed', () => {
  const window = windowAround(log(300), 301)
  expect(isWithin(window, log(300))).toBe(true)
  expect(isWithin(window, log(50, 5_001))).toBe(false)
})
