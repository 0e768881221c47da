// @vitest-environment happy-dom
import { act } from 'preact/test-utils'
import { describe, expect, test } from 'vitest'
import { MessageRow, type MessageRowProps } from '../../web/ui/MessageRow.tsx'
import { ada, button, fakeConversation, grace, only, stage } from './web-stage.tsx'

const NOON = new Date(2026, 10, 22, 12).getTime()

async function row(more: Partial<MessageRowProps> = {}) {
  const { conversation } = fakeConversation()
  const base: MessageRowProps = {
    ...{
      conversation,
      id: 'x',
      seq: null,
      text: 'hello',
      at: NOON,
      isDeleted: false,
      isArchived: false,
      isPinned: false,
      isSaved: false,
      author: ada,
      isOwn: true,
      mentions: [],
      editedAt: null,
      reactions: [],
      replyTo: null,
      quoted: null,
      jump: async () => {},
      onReply: () => {},
      members: new Map(),
      meId: ada.id,
    },
    ...{ thread: null, replies: null, hasNewReplies: false, toThread: null },
    ...{ isNamed: false, isFirst: true, isLast: true, sendState: 'sending', errorCode: null },
    ...more,
  }
  let props = base
  const { root, draw } = await stage(() => <MessageRow key="x" {...props} />)
  const change = (next: Partial<MessageRowProps>) => {
    props = { ...props, ...next }
    draw()
  }
  return { root, conversation, change }
}

describe('SO-2 and SO-3 the way of a message', () => {
  test('SO-5 being sent and read keeps the element that shows it', async () => {
    const { root, change } = await row()
    const element = only(root, 'li')
    expect(root.textContent).toContain('Sending')
    change({ sendState: 'sent', seq: 7 })
    expect(only(root, 'li')).toBe(element)
    expect(element.getAttribute('data-seq')).toBe('7')
    expect(root.textContent).toContain('Sent')
    change({ sendState: 'read' })
    expect(root.textContent).toContain('Read')
  })

  test('SO-3 offline is no failure: it says that it will be sent, and offers nothing to mend', async () => {
    const { root } = await row({ sendState: 'queued' })
    expect(root.textContent).toContain('Will send when you’re back')
    expect(root.querySelector('button')).toBeNull()
  })

  test('SO-3 a refused message says why, and can be sent again or deleted', async () => {
    const { root, conversation } = await row({ sendState: 'failed', errorCode: 'archived' })
    expect(root.textContent).toContain('Not sent: the conversation is archived.')
    act(() => button(root, 'Retry').click())
    expect(conversation.retry.mock.calls).toEqual([['x']])
    act(() => button(root, 'Delete').click())
    expect(conversation.discard.mock.calls).toEqual([['x']])
  })
})

describe('3.3 whose message it is', () => {
  test('3.3 side and tint are said in words too', async () => {
    const { root } = await row()
    expect(only(root, 'article').getAttribute('aria-label')).toMatch(/^You, /)
  })

  test('3.3 a group shows name and face once for messages that stand together', async () => {
    const shown = await row({ author: grace, isOwn: false, isNamed: true, sendState: null })
    expect(shown.root.querySelector('[data-tint]')).not.toBeNull()
    const next = await row({ author: grace, isOwn: false, isNamed: true, sendState: null, isFirst: false })
    expect(next.root.querySelector('[data-tint]')).toBeNull()
  })

  test('M13 a deleted message keeps its place and says so', async () => {
    const { root } = await row({ isDeleted: true, text: '', seq: 7, sendState: 'sent' })
    expect(root.textContent).toContain('Message deleted')
  })

  test('MA-1 what is deleted, or in an archive, is not answered; the menu stays', async () => {
    const names = (root: HTMLElement) =>
      [...root.querySelectorAll('button')].map((each) => each.getAttribute('aria-label'))
    const shown = await row({ seq: 7, sendState: 'sent' })
    expect(names(shown.root)).toEqual(['React', 'Reply', 'Message actions'])
    shown.change({ isArchived: true })
    expect(names(shown.root)).toEqual(['Message actions'])
    shown.change({ isArchived: false, isDeleted: true, text: '' })
    expect(names(shown.root)).toEqual(['Message actions'])
  })

  test('MA-3 an edited message says so, with the exact time', async () => {
    const { root, change } = await row({ seq: 7, sendState: 'sent' })
    expect(root.textContent).not.toContain('edited')
    change({ editedAt: NOON })
    const mark = [...root.querySelectorAll('span[title]')].find((each) => each.textContent === 'edited')
    expect(mark?.getAttribute('title')).toContain('2026')
  })
})

describe('ML-11 a long message', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, n) => `line ${n}`).join('\n')

  test('20 lines are shown whole, and more start folded until they are asked for', async () => {
    const { root, change } = await row({ text: lines(20) })
    expect(root.querySelector('button')).toBeNull()
    change({ text: lines(21) })
    const more = button(root, 'Show more')
    expect(more.getAttribute('aria-expanded')).toBe('false')
    await act(() => more.click())
    expect(button(root, 'Show less').getAttribute('aria-expanded')).toBe('true')
  })

  test('one endless line counts as the lines that it takes', async () => {
    const { root } = await row({ text: 'word '.repeat(300) })
    expect(button(root, 'Show more')).toBeTruthy()
  })
})
