import { describe, expect, test } from 'vitest'
import type { PendingMessage } from '../../src/client/outbox.ts'
import { GROUP_WITHIN_MS, timelineItems } from '../../web/ui/timeline-items.ts'
import { ada, grace, message } from './web-stage.tsx'

const NOON = new Date(2026, 10, 22, 12).getTime()
const shape = (input: Partial<Parameters<typeof timelineItems>[0]>) =>
  timelineItems({ messages: [], pending: [], meId: ada.id, dividerSeq: null, ...input })
/** Each item in a word; for messages, which ends of its group it is. */
const words = (input: Partial<Parameters<typeof timelineItems>[0]>) =>
  shape(input).map((item) => {
    if (item.kind !== 'message' && item.kind !== 'pending') return item.kind
    return `${item.isFirst ? '[' : ''}${item.kind}${item.isLast ? ']' : ''}`
  })

describe('ML-10 groups', () => {
  test('ML-10 one sender within five minutes stands together, a second more does not', () => {
    const at = [NOON, NOON + GROUP_WITHIN_MS, NOON + 2 * GROUP_WITHIN_MS + 1]
    const messages = at.map((time, index) => message(index + 1, grace.id, time))
    expect(words({ messages })).toEqual(['day', '[message', 'message]', '[message]'])
  })

  test('ML-10 another sender, a system message and the divider each end a group', () => {
    const by = (seq: number, authorId: string) => message(seq, authorId, NOON + seq)
    const messages = [
      by(1, grace.id),
      by(2, ada.id),
      by(3, grace.id),
      message(4, grace.id, NOON + 4, { kind: 'system' }),
      by(5, grace.id),
      by(6, grace.id),
    ]
    expect(words({ messages, dividerSeq: 6 })).toEqual([
      ...['day', '[message]', '[message]', '[message]', 'system', '[message]', 'divider', '[message]'],
    ])
  })

  test('ML-10 edits and deletions change nothing about grouping', () => {
    const messages = [message(1, grace.id, NOON), message(2, grace.id, NOON + 1)]
    const changed = [
      message(1, grace.id, NOON, { editedAt: NOON + 9e9 }),
      message(2, grace.id, NOON + 1, { deletedAt: 1 }),
    ]
    expect(words({ messages: changed })).toEqual(words({ messages }))
  })
})

describe('ML-9 days', () => {
  test('ML-9 a new local day gets a rule, and ends the group', () => {
    const lateNight = new Date(2026, 10, 22, 23, 59).getTime()
    const messages = [message(1, grace.id, lateNight), message(2, grace.id, lateNight + 2 * 60_000)]
    expect(words({ messages })).toEqual(['day', '[message]', 'day', '[message]'])
  })

  test('ML-9 order is by seq, whatever the clocks say', () => {
    const messages = [message(1, grace.id, NOON + 5_000), message(2, ada.id, NOON)]
    expect(shape({ messages }).flatMap((item) => (item.kind === 'message' ? item.message.seq : []))).toEqual([
      1, 2,
    ])
  })
})

describe('SO-5 pending messages', () => {
  const pending = (id: string, createdAt: number): PendingMessage => {
    return { id, text: 'on its way', replyTo: null, createdAt, state: 'sending' }
  }

  test('SO-5 stand below what was received, in the group of my last message', () => {
    const messages = [message(1, ada.id, NOON)]
    expect(words({ messages, pending: [pending('x', NOON + 1)] })).toEqual(['day', '[message', 'pending]'])
  })

  test('SO-5 keep their key when they are sent, so that the row is not made anew', () => {
    const sent = message(1, ada.id, NOON)
    const before = shape({ pending: [pending(sent.id, NOON)] }).at(-1)
    const after = shape({ messages: [sent] }).at(-1)
    expect(before?.key).toBe(after?.key)
  })

  test('SO-5 are not shown twice when the log has them before the answer does', () => {
    const sent = message(1, ada.id, NOON)
    expect(words({ messages: [sent], pending: [pending(sent.id, NOON)] })).toEqual(['day', '[message]'])
  })

  test('ML-9 nobody can take the key of another one’s row by reusing a client id', () => {
    const mine = message(1, ada.id, NOON)
    const theirs = { ...message(2, grace.id, NOON), id: mine.id }
    const keys = shape({ messages: [mine, theirs] }).map((item) => item.key)
    expect(new Set(keys).size).toBe(keys.length)
  })
})
