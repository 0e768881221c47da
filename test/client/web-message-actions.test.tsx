// @vitest-environment happy-dom
import { signal } from '@preact/signals'
import { act } from 'preact/test-utils'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { ApiError } from '../../src/client/api.ts'
import type { Pin } from '../../src/client/pins.ts'
import { type Message, PINS_MAX } from '../../src/protocol/index.ts'
import { api } from '../../web/state/api.ts'
import { inboxState } from '../../web/state/conversations.ts'
import { loadLanguage } from '../../web/state/i18n.ts'
import { setSaved } from '../../web/state/inbox.ts'
import { question } from '../../web/state/question.ts'
import { toasts } from '../../web/state/toasts.ts'
import type { ComposerTask } from '../../web/ui/composer-task.ts'
import { type MessageContext, messageActions } from '../../web/ui/message-menu.ts'
import { Quote } from '../../web/ui/Quote.tsx'
import { pressedOnRow } from '../../web/ui/row-keys.ts'
import { saveMessage } from '../../web/ui/save-message.ts'
import { TimelineView } from '../../web/ui/timeline-view.ts'
import { useRefusals } from '../../web/ui/use-refusals.ts'
import { ada, directWith, fakeConversation, grace, inboxOf, message, only, stage } from './web-stage.tsx'

vi.mock('../../web/state/inbox.ts', () => ({ setSaved: vi.fn() }))
vi.mock('../../web/state/api.ts', () => ({ api: { messages: vi.fn() } }))

const NOWHERE = { x: 0, y: 0, width: 0, height: 0 }
const MEMBERS = new Map([ada, grace].map((user) => [user.id, { user, role: 'member' as const }]))

beforeEach(() => {
  question.value = null
  toasts.value = []
})

describe('MA-2 what can be done with a message', () => {
  function actions(said: Message, more: Partial<MessageContext> = {}) {
    const { conversation } = fakeConversation()
    const task = signal<ComposerTask | null>(null)
    const view = new TimelineView(conversation, ada.id, () => {})
    const toThread = vi.fn()
    const context = {
      conversation,
      role: 'member' as const,
      row: directWith(grace),
      me: ada,
      view,
      task,
      toThread,
    }
    const items = messageActions(said, { ...context, ...more }, NOWHERE)
    const press = (label: string) => {
      for (const item of items) if (item.kind === 'action' && item.label === label) item.run()
    }
    return { labels: items.map(({ label }) => label), conversation, task, press, toThread }
  }

  beforeEach(() => loadLanguage())

  test('MA-2 one’s own can be changed and taken back, in this order', () => {
    expect(actions(message(1, ada.id, 0)).labels).toEqual([
      'Reply',
      'React',
      'Reply in thread',
      'Edit',
      'Copy text',
      'Copy link',
      'Pin',
      'Save',
      'Mark as unread from here',
      'Delete',
    ])
  })

  test('MA-2 another’s only by who looks after the conversation, who may not change its words', () => {
    expect(actions(message(1, grace.id, 0)).labels).not.toContain('Delete')
    const { labels } = actions(message(1, grace.id, 0), { role: 'admin' })
    expect(labels).toContain('Delete')
    expect(labels).not.toContain('Edit')
  })

  test('MA-2 nothing changes what is deleted, or a conversation that is archived', () => {
    const rest = ['Copy link', 'Mark as unread from here']
    expect(actions(message(1, ada.id, 0, { text: '', deletedAt: 1 })).labels).toEqual(rest)
    const archived = actions(message(1, ada.id, 0), { row: directWith(grace, { archivedAt: 1 }) })
    expect(archived.labels).toEqual(['Copy text', 'Copy link', 'Save', 'Mark as unread from here'])
  })

  test('MA-3 deleting asks first', async () => {
    const { conversation, press } = actions(message(7, ada.id, 0))
    press('Delete')
    expect(conversation.remove).not.toHaveBeenCalled()
    await question.value?.run()
    expect(conversation.remove.mock.calls).toEqual([[7]])
  })

  test('CO-11 replying is the composer’s business', () => {
    const said = message(7, grace.id, 0)
    const { task, press } = actions(said)
    press('Reply')
    expect(task.value).toEqual({ kind: 'reply', message: said })
  })
})

describe('MA-6 pinning', () => {
  beforeEach(() => loadLanguage())
  const said = message(7, grace.id, 0)

  function pinItem(more: Partial<MessageContext>, pins: Pin[] = []) {
    const { conversation } = fakeConversation({ pins, messages: [said] })
    const task = signal<ComposerTask | null>(null)
    const view = new TimelineView(conversation, ada.id, () => {})
    const who = { role: 'member' as const, row: directWith(grace), me: ada }
    const context = { conversation, ...who, view, task, toThread: vi.fn() }
    const items = messageActions(said, { ...context, ...more }, NOWHERE)
    const found = items.find(({ label }) => label === 'Pin' || label === 'Unpin')
    return { item: found, conversation, context: { ...context, ...more } }
  }

  test('MA-6 pins what is not pinned, and unpins what is', () => {
    for (const [pins, label, on] of [
      [[], 'Pin', true],
      [[{ seq: 7, message: null }], 'Unpin', false],
    ] as const) {
      const { item, conversation } = pinItem({}, [...pins])
      expect(item?.label).toBe(label)
      if (item?.kind === 'action') item.run()
      expect(conversation.pin.mock.calls).toEqual([[7, on]])
    }
  })

  test('C5 is not offered to guests, nor where the conversation is archived', () => {
    expect(pinItem({ role: 'guest' }).item).toBeUndefined()
    expect(pinItem({ role: null, row: directWith(grace, { role: 'guest' }) }).item).toBeUndefined()
    expect(pinItem({ row: directWith(grace, { archivedAt: 1 }) }).item).toBeUndefined()
  })

  test.each([
    ['P on the row', { code: 'KeyP', key: 'p' }, 1],
    ['P on a Korean layout', { code: 'KeyP', key: 'ㅔ' }, 1],
    ['Ctrl+P, which prints', { code: 'KeyP', key: 'p', ctrlKey: true }, 0],
    ['another key', { code: 'KeyO', key: 'o' }, 0],
  ])('MA-6 %s', async (_, init, times) => {
    const { conversation, context } = pinItem({})
    const { root } = await stage(() => (
      <ol onKeyDown={(event) => pressedOnRow(event, context)}>
        <li data-seq="7">
          <article tabIndex={-1}>
            <button type="button">inside</button>
          </article>
        </li>
      </ol>
    ))
    const press = (target: Element) => {
      const event = new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true })
      target.dispatchEvent(event)
      return event.defaultPrevented
    }
    expect(press(only(root, 'article'))).toBe(times === 1)
    expect(conversation.pin).toHaveBeenCalledTimes(times)
    press(only(root, 'button'))
    expect(conversation.pin).toHaveBeenCalledTimes(times)
  })
})

describe('K1 saving', () => {
  beforeEach(() => loadLanguage())
  const said = message(7, grace.id, 0)
  const row = directWith(grace)

  function saveItem() {
    const { conversation } = fakeConversation()
    const task = signal<ComposerTask | null>(null)
    const view = new TimelineView(conversation, ada.id, () => {})
    const items = messageActions(
      said,
      { conversation, role: 'guest', row, me: ada, view, task, toThread: null },
      NOWHERE,
    )
    return items.find(({ label }) => label === 'Save' || label === 'Remove from saved')
  }

  test('K1 is offered to guests too, and lets go of what is saved', async () => {
    inboxState.value = inboxOf(row)
    const save = saveItem()
    expect(save?.label).toBe('Save')
    vi.mocked(setSaved).mockResolvedValue()
    if (save?.kind === 'action') save.run()
    inboxState.value = { ...inboxOf(row), saved: new Map([[row.id, new Set([7])]]) }
    const unsave = saveItem()
    expect(unsave?.label).toBe('Remove from saved')
    if (unsave?.kind === 'action') unsave.run()
    expect(vi.mocked(setSaved).mock.calls).toEqual([
      [row.id, 7, true],
      [row.id, 7, false],
    ])
    expect(toasts.value).toEqual([])
  })

  test('K1 what is refused is said, with the number that there may be', async () => {
    inboxState.value = inboxOf(row)
    vi.mocked(setSaved).mockRejectedValueOnce(new ApiError('conflict', '', 409))
    expect(await saveMessage(row.id, 7, true)).toBe(false)
    vi.mocked(setSaved).mockRejectedValueOnce(new ApiError('offline', ''))
    await saveMessage(row.id, 7, true)
    expect(toasts.value.map(({ text }) => text)).toEqual([
      'What you save could not be changed. You have saved 1000 messages already: remove one first.',
      'What you save could not be changed. The server cannot be reached. Check your connection.',
    ])
  })
})

describe('M14 the quote above an answer', () => {
  async function quote(known: Message | null) {
    const opened = vi.fn()
    const { root } = await stage(() => (
      <Quote conversationId="c" seq={3} message={known} members={MEMBERS} meId={ada.id} onOpen={opened} />
    ))
    await act(async () => {})
    return { root, opened }
  }

  test('M14 says who and what, without marks, and opens it', async () => {
    const { root, opened } = await quote(message(3, grace.id, 0, { text: '**Where** is\nit?' }))
    const button = only<HTMLButtonElement>(root, 'button')
    expect(button.textContent).toBe('Replying to: Grace HopperWhere is it?')
    act(() => button.click())
    expect(opened).toHaveBeenCalledOnce()
    expect(api.messages).not.toHaveBeenCalled()
  })

  test('M14 what is not in memory is asked for', async () => {
    const messages = [message(2, ada.id, 0), message(3, ada.id, 0, { text: 'long ago' })]
    vi.mocked(api.messages).mockResolvedValueOnce({ messages, hasOlder: false, hasNewer: true })
    const { root } = await quote(null)
    expect(root.textContent).toBe('Replying to: Youlong ago')
  })

  test('M14 what was deleted, and what cannot be had, is said to be so', async () => {
    const gone = await quote(message(3, grace.id, 0, { text: '', deletedAt: 1 }))
    expect(gone.root.textContent).toContain('Message deleted')
    vi.mocked(api.messages).mockRejectedValueOnce(new Error('offline'))
    const missing = await quote(null)
    expect(missing.root.textContent).toBe('Message not available')
    expect(missing.root.querySelector('button')).toBeNull()
  })
})

test('SO-6 a change that the server refuses is said once, with its reason', async () => {
  const { state } = fakeConversation()
  const Listener = () => {
    useRefusals(state)
    return null
  }
  const { draw } = await stage(() => <Listener />)
  const operation = {
    ...{ type: 'edit' as const, target: 1, text: 'x', id: 'x', userId: ada.id },
    ...{ conversationId: 'c', createdAt: 0 },
  }
  act(() => {
    state.value = { ...state.value, refused: { operation, error: { code: 'forbidden', message: '' } } }
  })
  draw()
  expect(toasts.value.map(({ text, isError }) => [text, isError])).toEqual([
    ['The message could not be changed. You are not allowed to do this.', true],
  ])
})

test('C5 a pin too many says how many there may be', async () => {
  const pins = Array.from({ length: PINS_MAX }, (_, n) => ({ seq: n + 1, message: null }))
  const { state } = fakeConversation({ pins })
  const Listener = () => {
    useRefusals(state)
    return null
  }
  const { draw } = await stage(() => <Listener />)
  const operation = {
    ...{ type: 'pin' as const, target: 99, on: true, id: 'x', userId: ada.id },
    ...{ conversationId: 'c', createdAt: 0 },
  }
  act(() => {
    state.value = { ...state.value, refused: { operation, error: { code: 'conflict', message: '' } } }
  })
  draw()
  expect(toasts.value.map(({ text }) => text)).toEqual([
    'The pin could not be saved. There are 50 pins already: unpin one first.',
  ])
})
