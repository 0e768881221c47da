// @vitest-environment happy-dom
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ApiError } from '../../src/client/api.ts'
import type { SavedMessage } from '../../src/protocol/index.ts'
import { api } from '../../web/state/api.ts'
import { inboxState } from '../../web/state/conversations.ts'
import { loadLanguage } from '../../web/state/i18n.ts'
import { setSaved } from '../../web/state/inbox.ts'
import { keptWords } from '../../web/state/kept-words.ts'
import { toasts } from '../../web/state/toasts.ts'
import { messageLine } from '../../web/ui/message-line.ts'
import { SavedPage } from '../../web/ui/SavedPage.tsx'
import { ada, button, grace, groupCalled, inboxOf, message, stage } from './web-stage.tsx'

vi.mock('../../web/state/api.ts', () => ({ api: { saved: vi.fn() } }))
vi.mock('../../web/state/inbox.ts', () => ({ setSaved: vi.fn() }))

const launch = groupCalled('Launch week')

function kept(seq: number, more: Partial<SavedMessage> = {}): SavedMessage {
  return {
    conversationId: launch.id,
    seq,
    savedAt: seq,
    message: message(seq, grace.id, 0, { text: `**text** ${seq}` }),
    author: grace,
    ...more,
  }
}

function mark(...seqs: number[]): void {
  inboxState.value = { ...inboxOf(launch), saved: new Map([[launch.id, new Set(seqs)]]) }
}

async function page() {
  // What an earlier test left standing would follow the marks of this one.
  for (const old of document.body.children) render(null, old)
  const { root, draw } = await stage(() => <SavedPage me={ada} />)
  await doing(() => {})
  const rows = () => [...root.querySelectorAll('li')].map((row) => row.textContent)
  return { root, draw, rows }
}

/** Does it, and lets every answer arrive. */
function doing(work: () => void): Promise<void> {
  return act(async () => {
    work()
    await new Promise((resolve) => setTimeout(resolve))
  })
}

beforeAll(() => keptWords.load())
beforeEach(() => {
  toasts.value = []
  vi.mocked(api.saved).mockReset()
  vi.mocked(setSaved).mockReset().mockResolvedValue()
  inboxState.value = inboxOf(launch)
})

describe('K2 the saved page', () => {
  beforeAll(() => loadLanguage())

  test('CL-3 a message that is only files says what they are', () => {
    const file = (name: string) => ({ id: name, name, mediaType: 'image/png', size: 1 })
    const files = { attachments: [file('plan.png'), file('map.png')] }
    expect(messageLine(message(1, ada.id, 0, { text: '', ...files }))).toBe('2 photos')
    expect(messageLine(message(1, ada.id, 0, { text: '*See*', ...files }))).toBe('See')
    expect(messageLine(message(1, ada.id, 0, { text: '', deletedAt: 1, ...files }))).toBe('Message deleted')
  })

  test('K2 says where, who and what, and leads to the message', async () => {
    vi.mocked(api.saved).mockResolvedValueOnce({ saved: [kept(7), kept(3, { author: ada })], next: null })
    const { root, rows } = await page()
    expect(rows()).toEqual([
      expect.stringMatching(/^Grace HopperLaunch week.*text 7$/),
      expect.stringMatching(/^YouLaunch week.*text 3$/),
    ])
    expect(root.querySelector('a[data-open]')?.getAttribute('href')).toBe(`/c/${launch.id}/m/7`)
    expect(root.querySelector('h1')?.textContent).toBe('Saved messages')
  })

  test('K2 what is not there any more is said, leads nowhere, and can be let go', async () => {
    const elsewhere = kept(2, { conversationId: 'c'.repeat(64), message: null, author: null })
    vi.mocked(api.saved).mockResolvedValueOnce({
      saved: [elsewhere, kept(1, { message: null, author: null, unanswered: true })],
      next: null,
    })
    const { root, rows } = await page()
    expect(rows()).toEqual([
      'A conversation that you are not inThis message is not available any more.',
      'Launch weekThis message cannot be shown right now.',
    ])
    expect(root.querySelectorAll('li a')).toHaveLength(0)
    await doing(() => button(root, 'Remove this message').click())
    expect(setSaved).toHaveBeenCalledWith('c'.repeat(64), 2, false)
    expect(rows()).toHaveLength(1)
  })

  test('K2 nothing saved, and a failure that can be tried again', async () => {
    vi.mocked(api.saved).mockRejectedValueOnce(new ApiError('offline', ''))
    const { root } = await page()
    expect(root.textContent).toContain('Your saved messages could not be loaded.')
    vi.mocked(api.saved).mockResolvedValueOnce({ saved: [], next: null })
    await doing(() => button(root, 'Try again').click())
    expect(root.textContent).toContain('Save a message from its menu, and find it here.')
  })

  test('K2 goes on from where a page ended, and says when that fails', async () => {
    vi.mocked(api.saved).mockResolvedValueOnce({ saved: [kept(9)], next: 9 })
    const { root, rows } = await page()
    vi.mocked(api.saved).mockRejectedValueOnce(new ApiError('timeout', ''))
    await doing(() => button(root, 'Load more').click())
    expect(root.querySelector('[role=alert]')?.textContent).toContain('did not answer in time')
    vi.mocked(api.saved).mockResolvedValueOnce({ saved: [kept(4)], next: null })
    await doing(() => button(root, 'Try again').click())
    expect(vi.mocked(api.saved).mock.calls).toEqual([[], [9], [9]])
    expect(rows()).toHaveLength(2)
    expect([...root.querySelectorAll('button')].map((each) => each.textContent)).not.toContain('Load more')
  })

  test('K3 follows what another tab saves and lets go of', async () => {
    mark(9, 4)
    vi.mocked(api.saved).mockResolvedValueOnce({ saved: [kept(9), kept(4)], next: null })
    const { rows } = await page()
    await doing(() => mark(4))
    expect(rows()).toEqual([expect.stringContaining('text 4')])
    vi.mocked(api.saved).mockResolvedValueOnce({ saved: [kept(11), kept(4)], next: null })
    await doing(() => mark(4, 11))
    await doing(() => {})
    expect(rows()).toEqual([expect.stringContaining('text 11'), expect.stringContaining('text 4')])
    expect(api.saved).toHaveBeenCalledTimes(2)
  })

  test('K1 what the server does not let go of comes back', async () => {
    mark(9)
    vi.mocked(api.saved).mockResolvedValue({ saved: [kept(9)], next: null })
    const { root, rows } = await page()
    vi.mocked(setSaved).mockRejectedValueOnce(new ApiError('offline', ''))
    await doing(() => button(root, 'Remove “text 9”').click())
    await doing(() => {})
    expect(rows()).toHaveLength(1)
    expect(toasts.value).toHaveLength(1)
  })
})
