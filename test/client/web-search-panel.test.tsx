// @vitest-environment happy-dom

import { act } from 'preact/test-utils'
import { LocationProvider } from 'preact-iso'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ApiError } from '../../src/client/api.ts'
import type { HeldTimeline } from '../../src/client/kept-timeline.ts'
import type { SearchAnswer } from '../../src/protocol/index.ts'
import { announcement } from '../../web/state/announcer.ts'
import { inboxState } from '../../web/state/conversations.ts'
import { openPane } from '../../web/ui/open-pane.ts'
import { SearchPanel } from '../../web/ui/SearchPanel.tsx'
import { TimelineView } from '../../web/ui/timeline-view.ts'
import {
  ada,
  alan,
  button,
  directWith,
  fakeConversation,
  grace,
  groupCalled,
  inboxOf,
  message,
  only,
  stage,
} from './web-stage.tsx'

const search = vi.hoisted(() =>
  vi.fn<(id: string, q: string, before?: number, signal?: AbortSignal) => Promise<SearchAnswer>>(),
)
vi.mock('../../web/state/api.ts', () => ({ api: { search } }))
const heldTimelines = vi.hoisted(() => vi.fn<() => Promise<HeldTimeline[]>>())
vi.mock('../../web/state/client.ts', () => ({ client: { heldTimelines } }))

const ID = 'a'.repeat(64)
const TEA = { messages: [message(9, grace.id, 0, { text: 'tea?' }), message(4, ada.id, 0)], hasOlder: true }

beforeEach(() => {
  search.mockReset().mockResolvedValue(TEA)
  history.replaceState(null, '', `/c/${ID}?q=`)
  announcement.value = { text: '', isUrgent: false }
  heldTimelines.mockReset().mockResolvedValue([])
  inboxState.value = inboxOf(directWith(grace, { updatedAt: 2 }), groupCalled('Tea makers', { updatedAt: 1 }))
})
afterEach(() => {
  vi.useRealTimers()
})

async function panel(openId: string | null = ID) {
  const { conversation, state } = fakeConversation({ messages: [...TEA.messages].reverse() })
  const view = new TimelineView(conversation, ada.id, () => {})
  const jumpTo = vi.spyOn(view, 'jumpTo')
  openPane.value = openId === null ? null : { conversation, state, view }
  const { root, draw } = await stage(() => (
    <LocationProvider>
      <SearchPanel me={ada} openId={openId} isOverlay={false} />
    </LocationProvider>
  ))
  vi.useFakeTimers()
  const field = only<HTMLInputElement>(root, '[role="combobox"]')
  const type = (text: string) =>
    act(() => {
      field.value = text
      field.dispatchEvent(new Event('input', { bubbles: true }))
    })
  const press = (key: string) =>
    act(async () => {
      field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    })
  const wait = (ms: number) =>
    act(async () => {
      await vi.advanceTimersByTimeAsync(ms)
    })
  const options = () => [...root.querySelectorAll('[role="option"]')]
  return { root, draw, state, field, type, press, wait, options, jumpTo }
}

describe('SE-3 the search panel', () => {
  test('SE-3 asks 300 ms after the last key, once, and puts the query into the address', async () => {
    const { type, wait, options, root } = await panel()
    type('te')
    await wait(200)
    type('tea')
    await wait(299)
    expect(search).not.toHaveBeenCalled()
    await wait(1)
    expect(search.mock.calls.map(([id, q, before]) => [id, q, before])).toEqual([[ID, 'tea', undefined]])
    expect(options()).toHaveLength(2)
    expect(only(root, 'mark').textContent).toBe('tea')
    expect(location.search).toBe('?q=tea')
  })

  test('SE-3 an answer that is no longer wanted is aborted and never shown', async () => {
    const { type, wait, options } = await panel()
    const late = Promise.withResolvers<SearchAnswer>()
    search.mockReturnValueOnce(late.promise)
    type('tea')
    await wait(300)
    search.mockResolvedValue({ messages: [], hasOlder: false })
    type('teapot')
    expect(search.mock.calls[0]?.[3]?.aborted).toBe(true)
    late.resolve(TEA)
    await wait(300)
    expect(options()).toHaveLength(0)
  })

  test('SE-3 a failure says so, and can be tried again', async () => {
    const { root, type, wait, options } = await panel()
    search.mockRejectedValueOnce(new ApiError('unavailable', 'not now'))
    type('tea')
    await wait(300)
    expect(only(root, '[role="alert"]').textContent).not.toBe('')
    act(() => button(root, 'Try again').click())
    await wait(300)
    expect(options()).toHaveLength(2)
  })

  test('SE-3 the arrows choose, Enter goes to the message, and the field keeps the focus', async () => {
    const { type, wait, press, options, jumpTo, field } = await panel()
    type('tea')
    await wait(300)
    await press('ArrowDown')
    await press('ArrowDown')
    expect(options().map((each) => each.getAttribute('aria-selected'))).toEqual(['false', 'true'])
    expect(field.getAttribute('aria-activedescendant')).toBe(options()[1]?.id)
    await press('Enter')
    expect(jumpTo.mock.calls).toEqual([[4]])
    expect(document.activeElement).toBe(field)
  })

  test('M21 Load more goes on behind the oldest hit', async () => {
    const { root, type, wait, options } = await panel()
    type('tea')
    await wait(300)
    search.mockResolvedValue({ messages: [message(2, ada.id, 0)], hasOlder: false })
    act(() => button(root, 'Load more').click())
    await wait(0)
    expect(search.mock.lastCall?.[2]).toBe(4)
    expect(options()).toHaveLength(3)
  })

  test('SE-3 the count is spoken 500 ms after it has settled', async () => {
    const { type, wait } = await panel()
    type('tea')
    await wait(300)
    await wait(499)
    expect(announcement.value.text).toBe('')
    await wait(1)
    expect(announcement.value.text).toBe('The newest 2 results')
  })

  test('SE-3 Esc clears, then closes', async () => {
    const { field, type, wait, press } = await panel()
    type('tea')
    await wait(300)
    await press('Escape')
    expect(field.value).toBe('')
    expect(location.search).not.toBe('')
    await press('Escape')
    expect(location.search).toBe('')
  })

  test('M21 what is deleted leaves the results', async () => {
    const { state, type, wait, options } = await panel()
    type('tea')
    await wait(300)
    const messages = state.value.messages.map((each) =>
      each.seq === 9 ? { ...each, text: '', deletedAt: 1 } : each,
    )
    act(() => {
      state.value = { ...state.value, messages }
    })
    expect(options()).toHaveLength(1)
  })
})

describe('SE-3 the scope', () => {
  const GROUP = 'b'.repeat(64)
  const answers: Record<string, SearchAnswer> = {
    [ID]: { messages: [message(9, grace.id, 90, { text: 'tea?' })], hasOlder: false },
    [GROUP]: {
      messages: [message(5, alan.id, 95, { text: 'green tea' }), message(4, ada.id, 10, { text: 'tea' })],
      hasOlder: false,
    },
  }
  const places = (options: Element[]) => options.map((each) => each.querySelector('bdi')?.textContent)

  beforeEach(() => {
    search.mockReset().mockImplementation(async (id) => answers[id] ?? { messages: [], hasOlder: false })
  })

  test('SE-3 all conversations are asked, and their hits stand together, newest first, with their names', async () => {
    const { root, type, wait, options } = await panel()
    act(() => button(root, 'All conversations').click())
    expect(new URLSearchParams(location.search).get('in')).toBe('all')
    type('tea')
    await wait(300)
    expect(search.mock.calls.map(([id, q]) => [id, q])).toEqual([
      [ID, 'tea'],
      [GROUP, 'tea'],
    ])
    expect(places(options())).toEqual(['Tea makers', 'Grace Hopper', 'Tea makers'])
    expect(options().map((each) => each.textContent?.includes('You'))).toEqual([false, false, true])
  })

  test('SE-3 where nothing is open there is no choice, and all are searched', async () => {
    history.replaceState(null, '', '/?q=')
    const { root, type, wait, options } = await panel(null)
    expect(root.textContent).not.toContain('This conversation')
    type('tea')
    await wait(300)
    expect(options()).toHaveLength(3)
  })

  test('SE-3 opened by its address it waits for the list, and then asks', async () => {
    history.replaceState(null, '', '/?q=tea')
    const list = inboxState.value
    inboxState.value = null
    const { wait, options } = await panel(null)
    await wait(1_000)
    expect(search).not.toHaveBeenCalled()
    act(() => {
      inboxState.value = list
    })
    await wait(300)
    expect(options()).toHaveLength(3)
  })

  test('SE-3 in: narrows it down, and means more than what is open', async () => {
    const { type, wait, options } = await panel()
    type('tea in:"tea mak')
    await wait(300)
    expect(search.mock.calls.map(([id, q]) => [id, q])).toEqual([[GROUP, 'tea']])
    expect(places(options())).toEqual(['Tea makers', 'Tea makers'])
    expect(new URLSearchParams(location.search).get('in')).toBe('all')
  })

  test('SE-3 a hit elsewhere opens at its message, and the search stays', async () => {
    const { root, type, wait, press, jumpTo } = await panel()
    act(() => button(root, 'All conversations').click())
    type('tea')
    await wait(300)
    await press('Enter')
    expect(location.pathname).toBe(`/c/${GROUP}/m/5`)
    expect(Object.fromEntries(new URLSearchParams(location.search))).toEqual({ q: 'tea', in: 'all' })
    await press('ArrowDown')
    await press('Enter')
    expect(jumpTo.mock.calls).toEqual([[9]])
  })

  test('SE-3 the row that somebody is on stays theirs while newer hits come in above', async () => {
    const late = Promise.withResolvers<SearchAnswer>()
    search.mockImplementation((id) => (id === GROUP ? late.promise : Promise.resolve(answers[id] ?? TEA)))
    const { root, type, wait, press, options } = await panel()
    act(() => button(root, 'All conversations').click())
    type('tea')
    await wait(300)
    expect(root.textContent).not.toContain('result')
    await wait(300)
    expect(root.textContent).toContain('1 of 2 conversations')
    await press('ArrowDown')
    late.resolve(answers[GROUP] ?? TEA)
    await wait(0)
    expect(options().map((each) => each.getAttribute('aria-selected'))).toEqual(['false', 'true', 'false'])
    expect(places(options())[1]).toBe('Grace Hopper')
    expect(root.textContent).toContain('3 results')
  })

  test('SE-3 says which could not be searched, and asks them again', async () => {
    search.mockImplementation(async (id) => {
      if (id === GROUP) throw new ApiError('unavailable', 'not now')
      return answers[id] ?? TEA
    })
    const { root, type, wait, options } = await panel()
    act(() => button(root, 'All conversations').click())
    type('tea')
    await wait(300)
    expect(only(root, '[role="alert"]').textContent).toContain('1 conversation could not be searched')
    search.mockImplementation(async (id) => answers[id] ?? TEA)
    act(() => button(root, 'Try again').click())
    await wait(0)
    expect(root.querySelector('[role="alert"]')).toBeNull()
    expect(options()).toHaveLength(3)
  })

  test('SE-3 offline it searches this device, says so, and the server again once there is one', async () => {
    search.mockRejectedValue(new ApiError('offline', 'no way'))
    const members = [ada, grace].map((user) => ({ user, role: 'member' as const }))
    const korean = [message(3, grace.id, 30, { text: '내일 점심회의' }), message(2, ada.id, 20)]
    const other = {
      conversationId: GROUP,
      members,
      messages: [message(1, ada.id, 99, { text: '점심회의록' })],
    }
    heldTimelines.mockResolvedValue([{ conversationId: ID, members, messages: korean }, other])
    const { root, type, wait, options } = await panel()
    // What is drawn after one answer asks for the next.
    const settle = async () => {
      for (let n = 0; n < 4; n += 1) await wait(300)
    }
    type('회의')
    await settle()
    expect(root.textContent).toContain('the messages on this device')
    expect(options().map((each) => each.querySelector('mark')?.textContent)).toEqual(['회의'])
    act(() => button(root, 'All conversations').click())
    await settle()
    expect(places(options())).toEqual(['Tea makers', 'Grace Hopper'])
    search.mockImplementation(async (id) => answers[id] ?? TEA)
    type('tea')
    await settle()
    expect(root.textContent).not.toContain('on this device')
    expect(options()).toHaveLength(3)
  })
})
