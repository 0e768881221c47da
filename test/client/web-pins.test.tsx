// @vitest-environment happy-dom
import { act } from 'preact/test-utils'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { keptWords } from '../../web/state/kept-words.ts'
import { PinBar } from '../../web/ui/PinBar.tsx'
import { PinsDialog } from '../../web/ui/PinsDialog.tsx'
import { ada, button, directWith, fakeConversation, grace, message, only, stage } from './web-stage.tsx'

const long = message(3, grace.id, 0, { text: '**Where** is\nit?' })
const own = message(2, ada.id, 0, { text: 'Here' })

beforeAll(async () => {
  await keptWords.load()
  HTMLDialogElement.prototype.showModal ??= () => {}
})

async function pins(initial: Parameters<typeof fakeConversation>[0], isListed = false) {
  const { conversation, state } = fakeConversation(initial)
  const jump = vi.fn(async () => {})
  const closed = vi.fn()
  const shared = { conversation, state, summary: directWith(grace), me: ada, jump }
  const { root, draw } = await stage(() =>
    isListed ? <PinsDialog {...shared} onClose={closed} /> : <PinBar {...shared} />,
  )
  const change = (next: Partial<typeof state.value>) => {
    act(() => {
      state.value = { ...state.value, ...next }
    })
    draw()
  }
  return { root, conversation, jump, change, closed }
}

describe('MA-6 the bar under the header', () => {
  test('MA-6 is not there where nothing is pinned, and then there is nothing to ask for', async () => {
    const { root, conversation } = await pins({ pins: [] })
    expect(root.textContent).toBe('')
    expect(conversation.loadPins).not.toHaveBeenCalled()
  })

  test('MA-6 shows who said the latest and what, in one line, and leads there', async () => {
    const { root, jump, conversation } = await pins({
      pins: [
        { seq: 3, message: long },
        { seq: 2, message: own },
      ],
    })
    expect(only(root, 'section').getAttribute('aria-label')).toBe('Pinned messages')
    const latest = only<HTMLButtonElement>(root, 'section > button:first-child')
    expect(latest.textContent).toBe('Pinned · Grace HopperWhere is it?')
    act(() => latest.click())
    expect(jump.mock.calls).toEqual([[3]])
    expect(button(root, 'Show all 2 pinned messages')).toBeDefined()
    expect(conversation.loadPins).not.toHaveBeenCalled()
  })

  test('C7 asks for what lies further back, once it is live, and again with the next connection', async () => {
    const { root, conversation, change } = await pins({
      pins: [{ seq: 1, message: null }],
      connection: { phase: 'connecting' },
    })
    expect(conversation.loadPins).not.toHaveBeenCalled()
    change({ connection: { phase: 'live' } })
    expect(conversation.loadPins).toHaveBeenCalledTimes(1)
    change({ pinsLoading: 'failed', connection: { phase: 'connecting' } })
    expect(root.textContent).toContain('Go to the message to read it')
    change({ connection: { phase: 'live' } })
    expect(conversation.loadPins).toHaveBeenCalledTimes(2)
    change({ pins: [{ seq: 1, message: own }], pinsLoading: 'idle' })
    expect(root.textContent).toContain('You')
    expect(conversation.loadPins).toHaveBeenCalledTimes(2)
  })
})

describe('MA-6 the list of all pins', () => {
  const both = [
    { seq: 3, message: long },
    { seq: 2, message: own },
  ]

  test('MA-6 leads to each, and unpins', async () => {
    const { root, jump, conversation, closed } = await pins({ pins: both }, true)
    act(() => button(root, 'Unpin “Here”').click())
    expect(conversation.pin.mock.calls).toEqual([[2, false]])
    act(() => only<HTMLButtonElement>(root, 'li:first-child > [data-open]').click())
    expect(jump.mock.calls).toEqual([[3]])
    expect(closed).toHaveBeenCalledOnce()
  })

  test('MA-6 the focus stays in the list when a row goes, also when it was the last', async () => {
    const { root, change } = await pins({ pins: both }, true)
    const first = button(root, 'Unpin “Where is it?”')
    first.focus()
    act(() => first.click())
    change({ pins: both.slice(1) })
    expect(document.activeElement).toBe(only(root, '[data-open]'))
    act(() => button(root, 'Unpin “Here”').click())
    change({ pins: [] })
    expect(root.textContent).toContain('Nothing is pinned here.')
    expect(document.activeElement).toBe(button(root, 'Close'))
  })

  test('C5 a guest sees the list and unpins nothing', async () => {
    const { root } = await pins({ pins: both, role: 'guest' }, true)
    expect(root.querySelectorAll('li button')).toHaveLength(2)
  })

  test('C7 what could not be loaded is said, and tried again', async () => {
    const { root, conversation } = await pins(
      { pins: [{ seq: 1, message: null }], pinsLoading: 'failed' },
      true,
    )
    const before = conversation.loadPins.mock.calls.length
    act(() => button(root, 'Try again').click())
    expect(conversation.loadPins).toHaveBeenCalledTimes(before + 1)
  })
})
