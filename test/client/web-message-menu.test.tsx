// @vitest-environment happy-dom
import { signal } from '@preact/signals'
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Message } from '../../src/protocol/index.ts'
import type { ComposerTask } from '../../web/ui/composer-task.ts'
import { MessageMenu } from '../../web/ui/LazyMessageMenu.tsx'
import { heldByTouch, messageMenu } from '../../web/ui/open-message-menu.ts'
import { type ListName, reactionPicker } from '../../web/ui/reactions.ts'
import { TimelineView } from '../../web/ui/timeline-view.ts'
import { ada, directWith, fakeConversation, grace, message, only, settle, stage } from './web-stage.tsx'

vi.mock('../../web/ui/MessageMenu.tsx', () => ({ MessageMenu: () => <p>menu</p> }))

const PLACE = { x: 0, y: 0, width: 0, height: 0 }
const MESSAGES = [message(1, grace.id, 0), message(2, grace.id, 0)]

afterEach(() => {
  // What an earlier test has drawn would close what a later one opens.
  const root = document.body.firstElementChild
  if (root) act(() => render(null, root))
  messageMenu.value = null
  reactionPicker.value = null
})

describe('MA-1 the menu of a message', () => {
  async function menu(list: ListName = 'main') {
    const { conversation } = fakeConversation()
    const view = new TimelineView(conversation, ada.id, () => {})
    const context = {
      ...{ conversation, view, role: 'member' as const, row: directWith(grace), me: ada, toThread: null },
      task: signal<ComposerTask | null>(null),
    }
    let messages: Message[] | null = [...MESSAGES]
    const { root, draw } = await stage(
      () => messages && <MessageMenu messages={messages} list={list} context={context} />,
    )
    messageMenu.value = { seq: 2, list: 'main', place: PLACE }
    reactionPicker.value = { seq: 2, list: 'main', place: PLACE }
    await settle()
    const change = async (next: Message[] | null) => {
      messages = next
      draw()
      await settle()
    }
    return { root, change }
  }
  const opened = () => [messageMenu.value, reactionPicker.value].filter((each) => each !== null).length

  test('MA-1 and the emoji go with their list', async () => {
    const { root, change } = await menu()
    expect(root.textContent).toBe('menu')
    await change(null)
    expect(opened()).toBe(0)
  })

  test('MA-1 and the emoji go with their message', async () => {
    const { change } = await menu()
    await change(MESSAGES.slice(0, 1))
    expect(opened()).toBe(0)
  })

  test('MA-1 stay where it is another list that goes', async () => {
    const { root, change } = await menu('thread')
    expect(root.textContent).toBe('')
    await change([])
    await change(null)
    expect(opened()).toBe(2)
  })

  test('MA-1 does not open at a message that has gone under the finger', () => {
    vi.useFakeTimers()
    document.body.innerHTML = '<ol><li data-seq="2"><article></article></li></ol>'
    const row = only(document, 'article')
    row.addEventListener('pointerdown', (event) => heldByTouch(event as PointerEvent))
    row.dispatchEvent(new PointerEvent('pointerdown', { pointerType: 'touch' }))
    document.body.replaceChildren()
    vi.advanceTimersByTime(1_000)
    vi.useRealTimers()
    expect(messageMenu.value).toBeNull()
  })
})
