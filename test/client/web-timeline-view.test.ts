// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { ConversationState } from '../../src/client/conversation.ts'
import { isWatched } from '../../web/state/presence.ts'
import { TimelineView } from '../../web/ui/timeline-view.ts'
import { createLayout, ROW_PX, VIEWPORT_PX } from './web-layout.ts'
import { ada, fakeConversation, grace, message } from './web-stage.tsx'

const from = (first: number, count: number, authorId = grace.id) =>
  Array.from({ length: count }, (_, index) => message(first + index, authorId, 0))

/** A view on a conversation, drawn as the list draws it: capture, rows, restore, commit. */
function open(initial: Partial<ConversationState>) {
  const { conversation, state } = fakeConversation(initial)
  const layout = createLayout()
  const redraw = vi.fn()
  const view = new TimelineView(conversation, ada.id, redraw)
  view.attach(layout.scroller, layout.content, layout.list)
  const draw = (change: Partial<ConversationState> = {}) => {
    const next = { ...state.value, ...change }
    state.value = { ...next, main: next.messages }
    // Drawing may find that more is wanted; the component is then drawn again.
    for (let times = 0; times < 20; times += 1) {
      redraw.mockClear()
      const rows = view.rows(state.value)
      view.keeper?.capture()
      layout.setRows(
        rows.map(({ seq }) => seq),
        view.divider?.seq,
      )
      view.keeper?.restore()
      view.committed(state.value)
      if (redraw.mock.calls.length === 0) return
    }
    throw new Error('it never came to rest')
  }
  draw()
  const distance = () => view.keeper?.distance() ?? Number.NaN
  return { view, layout, conversation, state, draw, distance }
}

beforeEach(() => {
  isWatched.value = true
})

describe('ML-1 opening', () => {
  test('ML-1 all read: at the bottom, no divider', () => {
    const { view, distance } = open({ messages: from(1, 100), readSeq: 100 })
    expect(distance()).toBe(0)
    expect(view.divider).toBeNull()
  })

  test('ML-1 unread: the divider stands at a fifth of the viewport', () => {
    const { view, layout } = open({ messages: from(1, 200), readSeq: 150 })
    expect(view.divider).toEqual({ seq: 151, count: 50 })
    expect(layout.topOf(151)).toBe(VIEWPORT_PX * 0.2 + ROW_PX)
  })

  test('ML-8 the divider waits until what came meanwhile is known', () => {
    const { view, draw } = open({ messages: from(1, 60), readSeq: 60, connection: { phase: 'connecting' } })
    draw({ messages: from(1, 70), connection: { phase: 'live' } })
    expect(view.divider).toEqual({ seq: 61, count: 10 })
  })
})

describe('ML-3 older messages', () => {
  test('ML-3 a page that arrives above leaves the row that is looked at where it is, also at the very top', () => {
    const { layout, draw } = open({ messages: from(1_000, 60), readSeq: 1_059, hasOlder: true })
    for (const top of [0, 7]) {
      layout.scrollTo(top)
      const [first] = layout.list.children
      const seq = Number((first as HTMLElement).dataset.seq)
      const before = layout.topOf(seq)
      draw({ messages: [...from(seq - 50, 50), ...from(seq, 1_060 - seq)] })
      expect(layout.topOf(seq)).toBe(before)
      expect(layout.list.children.length).toBeGreaterThan(60)
    }
  })

  test('ML-2 near the top it asks for a page, and at most 220 rows stand in the document', () => {
    const { layout, conversation, draw } = open({ messages: from(1_000, 60), readSeq: 1_059, hasOlder: true })
    for (let first = 1_000; first > 100; first -= 50) {
      layout.scrollTo(0)
      draw({ messages: from(first - 50, 1_060 - first + 50) })
      expect(layout.list.children.length).toBeLessThanOrEqual(220)
    }
    expect(conversation.loadOlder).toHaveBeenCalled()
  })
})

describe('ML-4 the bottom', () => {
  test('ML-4 new messages keep a reader at the bottom there', () => {
    const { draw, distance } = open({ messages: from(1, 100), readSeq: 100 })
    draw({ messages: from(1, 103) })
    expect(distance()).toBe(0)
  })

  test('ML-4 and never move one who is up in history; the pill counts what came', () => {
    const { view, layout, draw } = open({ messages: from(1, 100), readSeq: 100 })
    layout.scrollTo(600)
    draw()
    const { scrollTop } = layout.scroller
    draw({ messages: [...from(1, 102), message(103, ada.id, 0)] })
    expect(layout.scroller.scrollTop).toBe(scrollTop)
    expect(view.pill.value).toEqual({ isShown: true, count: 2 })
  })

  test('ML-4 own send goes to the newest message and takes the divider away', () => {
    const { view, draw, distance } = open({ messages: from(1, 200), readSeq: 100 })
    expect(distance()).toBeGreaterThan(VIEWPORT_PX)
    view.sent()
    draw()
    expect(distance()).toBe(0)
    expect(view.divider).toBeNull()
    expect(view.isAtNewest()).toBe(true)
  })

  test('ML-6 the pill leads to the newest message from a window that does not hold it', () => {
    const { view, draw, distance } = open({ messages: from(1, 1_000), readSeq: 100 })
    expect(view.isAtNewest()).toBe(false)
    view.jumpToNewest()
    draw()
    expect(distance()).toBe(0)
    expect(view.pill.value.isShown).toBe(false)
  })
})

describe('ML-6 after a quote', () => {
  test('ML-6 the pill leads back to the answer first, and then to the newest message', () => {
    const { view, layout, draw, distance } = open({ messages: from(1, 1_000), readSeq: 1_000 })
    view.jumpTo(20, 700)
    draw()
    expect(layout.topOf(20)).not.toBeNull()
    expect(view.hasOrigin.value).toBe(true)
    view.jumpToNewest()
    draw()
    expect(layout.topOf(700)).not.toBeNull()
    expect(view.hasOrigin.value).toBe(false)
    view.jumpToNewest()
    draw()
    expect(distance()).toBe(0)
  })

  test('ML-6 whoever sends something does not want to go back', () => {
    const { view, draw } = open({ messages: from(1, 1_000), readSeq: 1_000 })
    view.jumpTo(20, 700)
    draw()
    view.sent()
    draw()
    expect(view.hasOrigin.value).toBe(false)
  })
})

describe('ML-7 the read pointer', () => {
  test('ML-7 is the newest message that is at least half visible', () => {
    const { layout, conversation } = open({ messages: from(1, 100), readSeq: 50 })
    conversation.markRead.mockClear()
    layout.scrollTo(layout.scroller.scrollTop + ROW_PX / 2 - 1)
    const marked = conversation.markRead.mock.lastCall?.[0] ?? 0
    expect(layout.topOf(marked)).toBeLessThanOrEqual(VIEWPORT_PX - ROW_PX / 2)
    expect(layout.topOf(marked + 1)).toBeGreaterThan(VIEWPORT_PX - ROW_PX / 2)
  })

  test('ML-7 stands still while nobody looks, and goes on when someone does', () => {
    isWatched.value = false
    const { view, conversation, draw } = open({ messages: from(1, 10), readSeq: 10 })
    draw({ messages: from(1, 12) })
    expect(conversation.markRead).not.toHaveBeenCalled()
    expect(view.divider).toEqual({ seq: 11, count: 2 })
    isWatched.value = true
    expect(conversation.markRead).toHaveBeenLastCalledWith(12)
  })
})
