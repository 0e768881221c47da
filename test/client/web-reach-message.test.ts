import { describe, expect, test, vi } from 'vitest'
import { reachMessage } from '../../web/ui/reach-message.ts'
import { fakeConversation, grace, message } from './web-stage.tsx'

/** A conversation in memory from `first` on, whose pages are ten messages. */
function conversationFrom(first: number) {
  const { conversation, state } = fakeConversation({
    messages: [message(first, grace.id, first)],
    hasOlder: first > 1,
  })
  conversation.loadOlder.mockImplementation(async () => {
    const [oldest] = state.value.messages
    const from = Math.max(1, (oldest?.seq ?? 1) - 10)
    const page = Array.from({ length: (oldest?.seq ?? 1) - from }, (_, n) => message(from + n, grace.id, n))
    const messages = [...page, ...state.value.messages]
    state.value = { ...state.value, messages, main: messages, hasOlder: from > 1 }
  })
  return { conversation, state }
}

describe('ML-12 the way to a message', () => {
  test('ML-12 what is in memory needs no page', async () => {
    const { conversation } = conversationFrom(100)
    expect(await reachMessage(conversation, 100, { pagesMax: 40 })).toBe('there')
    expect(conversation.loadOlder).not.toHaveBeenCalled()
  })

  test('ML-12 loads older pages until it is there, and says how many', async () => {
    const { conversation } = conversationFrom(100)
    const onPage = vi.fn()
    expect(await reachMessage(conversation, 75, { pagesMax: 40, onPage })).toBe('there')
    expect(onPage.mock.calls).toEqual([[1], [2], [3]])
  })

  test('ML-12 ends where history has no such message, and after so many pages', async () => {
    const { conversation } = conversationFrom(100)
    expect(await reachMessage(conversation, 101, { pagesMax: 40 })).toBe('gone')
    expect(await reachMessage(conversation, 1, { pagesMax: 3 })).toBe('too_far')
    expect(conversation.loadOlder).toHaveBeenCalledTimes(3)
  })

  test('ML-12 a page that fails ends it', async () => {
    const { conversation, state } = conversationFrom(100)
    conversation.loadOlder.mockImplementation(async () => {
      state.value = { ...state.value, older: 'failed' }
    })
    expect(await reachMessage(conversation, 1, { pagesMax: 40 })).toBe('failed')
  })

  test('ML-12 a page that the list asked for already is waited for, not counted away', async () => {
    const { conversation, state } = conversationFrom(100)
    state.value = { ...state.value, older: 'loading' }
    conversation.loadOlder.mockImplementation(async () => {})
    const reached = reachMessage(conversation, 95, { pagesMax: 1 })
    await Promise.resolve()
    const messages = [message(95, grace.id, 0), ...state.value.messages]
    state.value = { ...state.value, messages, main: messages, older: 'idle' }
    expect(await reached).toBe('there')
  })

  test('ML-12 can be cancelled', async () => {
    const { conversation } = conversationFrom(100)
    const controller = new AbortController()
    const { signal } = controller
    const onPage = () => controller.abort()
    expect(await reachMessage(conversation, 1, { pagesMax: 40, signal, onPage })).toBe('cancelled')
    expect(conversation.loadOlder).toHaveBeenCalledOnce()
  })
})
