// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  clearConversations,
  conversations,
  forgetReadHere,
  inboxState,
  isHeldUnread,
  leaveOpen,
  open,
} from '../../web/state/conversations.ts'
import { isMarkedByHand } from '../../web/state/marked-unread.ts'
import { isWatched } from '../../web/state/presence.ts'
import { directWith, fakeConversation, grace, inboxOf, message } from './web-stage.tsx'

const lastMessage = { seq: 3, authorId: grace.id, preview: 'message 3', createdAt: 3 }
const row = directWith(grace, { lastMessage, unread: 3, mentions: 1, updatedAt: 3 })
const messages = [1, 2, 3].map((seq) => message(seq, grace.id, seq))

const shown = () => conversations.value?.[0]

beforeEach(() => {
  vi.useFakeTimers()
  inboxState.value = inboxOf(row)
  isWatched.value = true
})
afterEach(() => {
  clearConversations()
  vi.useRealTimers()
})

function openIt(readSeq: number): void {
  open.value = { id: row.id, state: fakeConversation({ messages, readSeq }).state.value }
}

describe('CL-6 badges of the conversation that is open', () => {
  test('CL-6 opening it shows it as read at once, before anything was told', () => {
    openIt(0)
    expect(shown()).toMatchObject({ unread: 0, mentions: 0 })
  })

  test('CL-6 in a tab that nobody looks at it keeps its badge', () => {
    isWatched.value = false
    openIt(0)
    expect(shown()).toMatchObject({ unread: 3, mentions: 1 })
  })

  test('CL-6 after leaving, the badge does not flash back while the list catches up', () => {
    openIt(3)
    leaveOpen(row.id)
    expect(shown()?.unread).toBe(0)
    inboxState.value = inboxOf({ ...row, unread: 0, mentions: 0, readSeq: 3 })
    vi.advanceTimersByTime(10_000)
    expect(shown()?.unread).toBe(0)
  })

  test('CL-6 what comes after leaving counts, whatever was read before', () => {
    openIt(3)
    leaveOpen(row.id)
    inboxState.value = inboxOf({ ...row, unread: 1, readSeq: 3, lastMessage: { ...lastMessage, seq: 4 } })
    expect(shown()?.unread).toBe(1)
  })

  test('CL-6 a list that never hears of the reading is believed again', () => {
    openIt(3)
    leaveOpen(row.id)
    vi.advanceTimersByTime(10_000)
    expect(shown()?.unread).toBe(3)
  })

  test('CL-6 what was only partly read keeps its badge', () => {
    openIt(2)
    leaveOpen(row.id)
    expect(shown()?.unread).toBe(3)
  })

  test('CL-2 a newer message in it leads the list before its row comes', () => {
    const other = directWith(grace, { id: 'b'.repeat(64), updatedAt: 50 })
    inboxState.value = inboxOf(other, row)
    const newer = [...messages, message(4, grace.id, 60, { text: 'just now' })]
    open.value = { id: row.id, state: fakeConversation({ messages: newer }).state.value }
    expect(shown()).toMatchObject({ id: row.id, updatedAt: 60, lastMessage: { seq: 4, preview: 'just now' } })
  })
})

describe('MA-2 marked as unread', () => {
  test('MA-2 stays so while it is open, and is let go of when it is left', () => {
    openIt(3)
    isHeldUnread.value = true
    expect(shown()?.unread).toBe(3)
    leaveOpen(row.id)
    expect(isHeldUnread.value).toBe(false)
    expect(shown()?.unread).toBe(3)
  })

  test('MA-2 marking right after leaving is not hidden by what was read before', () => {
    openIt(3)
    leaveOpen(row.id)
    forgetReadHere(row.id)
    expect(shown()?.unread).toBe(3)
  })

  test('CL-5 by hand is a dot, for as long as the server says so', () => {
    expect(isMarkedByHand({ ...row, markedUnread: true })).toBe(true)
    expect(isMarkedByHand(row)).toBe(false)
  })
})
