/// <reference types="vite/client" />
/** What component tests share: people, a conversation that only remembers what it was told, and a stage. */
import { type Signal, signal } from '@preact/signals'
import { type ComponentChild, render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, vi } from 'vitest'
import type { OpenConversation } from '../../src/client/client.ts'
import type { ConversationState } from '../../src/client/conversation.ts'
import type { InboxState } from '../../src/client/inbox.ts'
import { memoryStore } from '../../src/client/store.ts'
import { type InboxRow, isInMain, type Message, type User } from '../../src/protocol/index.ts'
import { loadLanguage } from '../../web/state/i18n.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { FakeUploads } from '../support/fake-uploads.ts'
import { inboxRow } from '../support/inbox-rows.ts'

export const ada = person('01890000-0000-7000-8000-00000000000a', 'ada', 'Ada Lovelace')
export const grace = person('01890000-0000-7000-8000-00000000000b', 'grace', 'Grace Hopper')
export const alan = person('01890000-0000-7000-8000-00000000000c', 'alan', 'Alan Turing')

function person(id: string, username: string, displayName: string): User {
  return { id, username, displayName, avatarUrl: null }
}

export function message(
  seq: number,
  authorId: string,
  createdAt: number,
  more: Partial<Message> = {},
): Message {
  return {
    seq,
    id: `01890000-0000-7000-8000-${String(seq).padStart(12, '0')}`,
    authorId,
    kind: 'text',
    text: `message ${seq}`,
    mentions: [],
    replyTo: null,
    thread: null,
    attachments: [],
    reactions: [],
    createdAt,
    editedAt: null,
    deletedAt: null,
    ...more,
  }
}

/** ada's row for a conversation with someone. */
export function directWith(other: User, more: Partial<InboxRow> = {}): InboxRow {
  const members = [ada, other]
  return inboxRow(10, 1, { id: 'a'.repeat(64), members, updatedAt: 0, ...more })
}

/** ada's row for a group of three. */
export function groupCalled(name: string, more: Partial<InboxRow> = {}): InboxRow {
  const members = [ada, grace, alan]
  return directWith(grace, { id: 'b'.repeat(64), kind: 'private', name, members, memberCount: 3, ...more })
}

/** An inbox that is live and holds these rows. */
export function inboxOf(...rows: InboxRow[]): InboxState {
  return {
    connection: { phase: 'live' },
    downSince: null,
    isLoaded: true,
    rows: new Map(rows.map((row) => [row.id, row])),
    presence: new Map(),
    typing: new Map(),
    saved: new Map(),
  }
}

/** A conversation whose state a test sets, and whose calls it can look at. */
export function fakeConversation(initial: Partial<ConversationState> = {}) {
  const state: Signal<ConversationState> = signal({
    connection: { phase: 'live' },
    downSince: null,
    isLoaded: true,
    role: 'member',
    members: new Map([ada, grace].map((user) => [user.id, { user, role: 'member' }])),
    messages: [],
    pending: [],
    hasOlder: false,
    older: 'idle',
    pins: [],
    pinsLoading: 'idle',
    reads: new Map(),
    typing: [],
    present: new Set(),
    readSeq: 0,
    threads: new Map(),
    limits: { textMax: 4_000, attachmentBytesMax: 25 * 1_024 * 1_024 },
    refused: null,
    ...initial,
    main: initial.main ?? (initial.messages ?? []).filter(isInMain),
  })
  const files = new FakeUploads(new FakeClock(), memoryStore())
  const conversation = {
    id: 'a'.repeat(64),
    get state() {
      return state.value
    },
    subscribe: (listener: () => void) => state.subscribe(listener),
    uploads: files.uploads,
    send: vi.fn<OpenConversation['send']>(() => 'sent'),
    edit: vi.fn(),
    remove: vi.fn(),
    react: vi.fn(),
    pin: vi.fn(),
    retry: vi.fn<OpenConversation['retry']>(),
    discard: vi.fn<OpenConversation['discard']>(),
    loadOlder: vi.fn<OpenConversation['loadOlder']>(async () => {}),
    loadPins: vi.fn<OpenConversation['loadPins']>(async () => {}),
    markRead: vi.fn<OpenConversation['markRead']>(),
    thread: vi.fn<OpenConversation['thread']>(() => {
      throw new Error('no thread is set up')
    }),
    setTyping: vi.fn<OpenConversation['setTyping']>(),
    reconnectNow: vi.fn<OpenConversation['reconnectNow']>(),
    close: vi.fn<OpenConversation['close']>(),
  }
  return { conversation, state, files }
}

const staged = new Set<HTMLElement>()

// What is still drawn when the file ends is drawn again by whatever comes late, where there is no document any more.
afterEach(() => {
  for (const root of staged) act(() => render(null, root))
  staged.clear()
})

/** Draws in English into the document; drawing again updates what is there. */
export async function stage(node: () => ComponentChild): Promise<{ root: HTMLElement; draw: () => void }> {
  await loadLanguage()
  const root = document.createElement('div')
  document.body.replaceChildren(root)
  staged.add(root)
  const draw = () => {
    act(() => render(node(), root))
  }
  draw()
  return { root, draw }
}

/** The only element that fits, or a failure that says what was looked for. */
export function only<E extends Element>(root: ParentNode, selector: string): E {
  const found = root.querySelectorAll<E>(selector)
  const [first] = found
  if (first === undefined || found.length !== 1) throw new Error(`${found.length} elements fit ${selector}`)
  return first
}

export function button(root: ParentNode, name: string): HTMLButtonElement {
  const found = [...root.querySelectorAll('button')].find(
    (each) => each.textContent?.trim() === name || each.getAttribute('aria-label') === name,
  )
  if (!found) throw new Error(`no button is called ${name}`)
  return found
}

/** Parts that were asked for have come, and what they draw has had its effects. */
export function settle(): Promise<void> {
  return act(async () => {
    await vi.dynamicImportSettled()
    await new Promise((resolve) => setTimeout(resolve, 20))
  })
}
