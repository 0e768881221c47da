// @vitest-environment happy-dom

import { act } from 'preact/test-utils'
import { LocationProvider } from 'preact-iso'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ApiError } from '../../src/client/api.ts'
import type { SearchAnswer } from '../../src/protocol/index.ts'
import { announcement } from '../../web/state/announcer.ts'
import { SearchPanel } from '../../web/ui/SearchPanel.tsx'
import { TimelineView } from '../../web/ui/timeline-view.ts'
import { ada, button, fakeConversation, grace, message, only, stage } from './web-stage.tsx'

const search = vi.hoisted(() =>
  vi.fn<(id: string, q: string, before?: number, signal?: AbortSignal) => Promise<SearchAnswer>>(),
)
vi.mock('../../web/state/api.ts', () => ({ api: { search } }))

const ID = 'a'.repeat(64)
const TEA = { messages: [message(9, grace.id, 0, { text: 'tea?' }), message(4, ada.id, 0)], hasOlder: true }

beforeEach(() => {
  search.mockReset().mockResolvedValue(TEA)
  history.replaceState(null, '', `/c/${ID}?q=`)
  announcement.value = { text: '', isUrgent: false }
})
afterEach(() => {
  vi.useRealTimers()
})

async function panel() {
  const { conversation, state } = fakeConversation({ messages: [...TEA.messages].reverse() })
  const view = new TimelineView(conversation, ada.id, () => {})
  const jumpTo = vi.spyOn(view, 'jumpTo')
  const { root, draw } = await stage(() => (
    <LocationProvider>
      <SearchPanel conversation={conversation} state={state} me={ada} view={view} isOverlay={false} />
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
    search.mockRejectedValueOnce(new ApiError('offline', 'no way'))
    type('tea')
    await wait(300)
    expect(only(root, '[role="alert"]').textContent).toContain('cannot be reached')
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
