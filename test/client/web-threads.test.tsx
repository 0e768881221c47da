// @vitest-environment happy-dom
import { signal } from '@preact/signals'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Replies } from '../../src/protocol/index.ts'
import { conversations, inboxState, leaveOpen, open } from '../../web/state/conversations.ts'
import {
  clearDrafts,
  drafts,
  followDrafts,
  saveDraft,
  threadDraft,
  unsharedDraft,
  unsharedDrafts,
} from '../../web/state/drafts.ts'
import { isNewsOf } from '../../web/state/notice.ts'
import { isWatched } from '../../web/state/presence.ts'
import type { ComposerTask } from '../../web/ui/composer-task.ts'
import type { MessageContext } from '../../web/ui/message-menu.ts'
import { listOf, messageMenu } from '../../web/ui/open-message-menu.ts'
import { pressedOnRow } from '../../web/ui/row-keys.ts'
import { InThread, ThreadLink } from '../../web/ui/ThreadLink.tsx'
import { threadOf, threadPath } from '../../web/ui/thread-address.ts'
import { timelineItems } from '../../web/ui/timeline-items.ts'
import { TimelineView } from '../../web/ui/timeline-view.ts'
import {
  ada,
  button,
  directWith,
  fakeConversation,
  grace,
  inboxOf,
  message,
  only,
  stage,
} from './web-stage.tsx'

const NOON = new Date(2026, 10, 22, 12).getTime()
const replies: Replies = { count: 3, last: { seq: 9, authorId: grace.id, at: NOON }, rev: 3 }

describe('MA-5 a root', () => {
  test('MA-5 says how many replies there are, when the last one came, and whether I have seen it', async () => {
    const opened = vi.fn()
    let hasNew = true
    const { root, draw } = await stage(() => <ThreadLink replies={replies} hasNew={hasNew} onOpen={opened} />)
    expect(only(root, 'button').textContent).toBe('3 replies · 12:00 PMNew replies')
    hasNew = false
    draw()
    expect(only(root, 'button').textContent).toBe('3 replies · 12:00 PM')
    act(() => only<HTMLButtonElement>(root, 'button').click())
    expect(opened).toHaveBeenCalledOnce()
  })

  test('MA-5 a reply that stands in the conversation, too, leads to its thread', async () => {
    const opened = vi.fn()
    const { root } = await stage(() => <InThread onOpen={opened} />)
    act(() => button(root, 'Replied in a thread').click())
    expect(opened).toHaveBeenCalledOnce()
  })

  test('MA-5 in its thread it stands above the replies, which are no group of its own', () => {
    const messages = [message(1, grace.id, NOON, { replies }), message(2, grace.id, NOON, { thread: 1 })]
    const items = timelineItems({ messages, pending: [], meId: ada.id, dividerSeq: null, rootSeq: 1 })
    expect(items.map(({ kind }) => kind)).toEqual(['day', 'message', 'replies', 'message'])
    expect(items.at(-1)).toMatchObject({ isFirst: true })
    const empty = [message(1, grace.id, NOON)]
    const alone = timelineItems({ messages: empty, pending: [], meId: ada.id, dividerSeq: null, rootSeq: 1 })
    expect(alone.map(({ kind }) => kind)).toEqual(['day', 'message'])
  })
})

describe('T on a message', () => {
  const also = message(3, grace.id, NOON, { thread: 1, alsoToConversation: true })
  const gone = message(4, grace.id, NOON, { deletedAt: 5 })

  async function press(seq: number, init: KeyboardEventInit, toThread: MessageContext['toThread']) {
    const { conversation } = fakeConversation({ messages: [message(1, grace.id, NOON), also, gone] })
    const view = new TimelineView(conversation, ada.id, () => {})
    const task = signal<ComposerTask | null>(null)
    const who = { role: 'member' as const, row: directWith(grace), me: ada }
    const context = { conversation, ...who, view, task, toThread }
    const { root } = await stage(() => (
      <ol onKeyDown={(event) => pressedOnRow(event, context)}>
        <li data-seq={seq}>
          <article tabIndex={-1} />
        </li>
      </ol>
    ))
    const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, code: 'KeyT', ...init })
    only(root, 'article').dispatchEvent(event)
    return event.defaultPrevented
  }

  test('MA-2 opens its thread, or the one that it is in, on any layout and with no other key', async () => {
    const toThread = vi.fn()
    expect(await press(1, { key: 'ㅅ' }, toThread)).toBe(true)
    expect(await press(3, {}, toThread)).toBe(true)
    expect(await press(1, { ctrlKey: true }, toThread)).toBe(false)
    expect(await press(4, {}, toThread)).toBe(false)
    expect(await press(1, {}, null)).toBe(false)
    expect(toThread.mock.calls).toEqual([[1], [1]])
  })

  test('MA-1 a root that stands in two lists has its menu in the one that asked', () => {
    document.body.innerHTML = '<ol data-list="thread"><li></li></ol><ol data-list="main"><p></p></ol>'
    expect(listOf(only(document, 'li'))).toBe('thread')
    expect(listOf(only(document, 'p'))).toBe('main')
    expect(messageMenu.value).toBeNull()
  })
})

describe('a thread’s address', () => {
  test('adds to the path, and what is no seq is no thread', () => {
    expect(threadPath('/c/x/m/5', 3)).toBe('/c/x/m/5?thread=3')
    expect(threadPath('/c/x', 3, 7)).toBe('/c/x?thread=3&at=7')
    expect(threadOf({ thread: '3', at: '7' })).toEqual({ root: 3, at: 7 })
    expect(threadOf({ thread: '3' })).toEqual({ root: 3, at: null })
    for (const thread of ['', '0', '-1', '1.5', 'x']) expect(threadOf({ thread })).toBeNull()
  })
})

describe('CO-6 a thread’s draft', () => {
  let stop = () => {}
  beforeEach(() => {
    localStorage.clear()
    stop = followDrafts()
  })
  afterEach(() => {
    stop()
    clearDrafts()
  })

  test('CO-6 is kept beside the conversation’s, on this device, and gone when it is empty', () => {
    const id = 'a'.repeat(64)
    const key = threadDraft(id, 3)
    saveDraft(key, 'half a thought')
    expect([drafts.value.get(key), drafts.value.get(id)]).toEqual(['half a thought', undefined])
    expect([unsharedDraft(key), unsharedDrafts()]).toEqual([undefined, []])
    expect(JSON.stringify(localStorage)).toContain('half a thought')
    saveDraft(key, '')
    expect(JSON.stringify(localStorage)).not.toContain(key)
  })
})

describe('TH5 the list', () => {
  const lastMessage = { seq: 3, authorId: grace.id, preview: 'x', createdAt: NOON }
  const row = directWith(grace, {
    lastMessage,
    ...{ unread: 3, mentions: 1, inThreads: { unread: 1, mentions: 0 } },
  })
  const shown = () => conversations.value?.[0]

  afterEach(() => {
    open.value = null
    inboxState.value = null
    isWatched.value = false
  })

  test('TH5 keeps counting replies in threads of the conversation that is looked at, and after it was left', () => {
    inboxState.value = inboxOf(row)
    const messages = [1, 2, 3].map((seq) => message(seq, grace.id, seq))
    open.value = { id: row.id, state: fakeConversation({ messages, readSeq: 3 }).state.value }
    isWatched.value = true
    expect(shown()).toMatchObject({ unread: 1, mentions: 0 })
    leaveOpen(row.id)
    expect(shown()).toMatchObject({ unread: 1, mentions: 0 })
  })

  test('TH5 shows the last message of the conversation itself', () => {
    inboxState.value = inboxOf(row)
    const messages = [message(3, grace.id, 3), message(4, grace.id, 4, { thread: 3, text: 'aside' })]
    open.value = { id: row.id, state: fakeConversation({ messages }).state.value }
    expect(shown()?.lastMessage?.seq).toBe(3)
  })

  test('NO-3 a reply to me is news', () => {
    expect(isNewsOf({ row, before: { lastMessage, mentions: 0 }, meId: ada.id })).toBe(true)
    expect(isNewsOf({ row, before: row, meId: ada.id })).toBe(false)
  })
})
