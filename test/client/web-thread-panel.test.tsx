// @vitest-environment happy-dom
import { LocationProvider } from 'preact-iso'
import { expect, test, vi } from 'vitest'
import { ThreadPanel, type ThreadPanelProps } from '../../web/ui/ThreadPanel.tsx'
import { ada, directWith, fakeConversation, grace, only, stage } from './web-stage.tsx'

vi.mock('../../web/ui/Composer.tsx', () => ({ Composer: () => null }))
vi.mock('../../web/ui/MessageList.tsx', () => ({
  MessageList: () => (
    <>
      <article />
      <dialog />
    </>
  ),
}))

test('MA-5 Esc closes a thread, but not from a dialog that stands above it', async () => {
  const { conversation, state } = fakeConversation()
  const thread = {
    state: { ...state.value, root: null, follows: false, failure: null },
    subscribe: () => () => {},
    close: () => {},
  }
  conversation.thread.mockReturnValue(thread as unknown as ReturnType<typeof conversation.thread>)
  const onClose = vi.fn()
  const props: ThreadPanelProps = {
    ...{ conversation, state, onClose, summary: directWith(grace), me: ada, isOverlay: false },
    ...{ place: { root: 1, at: null }, jump: vi.fn() },
  }
  const { root } = await stage(() => (
    <LocationProvider>
      <ThreadPanel {...props} />
    </LocationProvider>
  ))
  const esc = (on: string) =>
    only(root, on).dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
  esc('dialog')
  expect(onClose).not.toHaveBeenCalled()
  esc('article')
  expect(onClose).toHaveBeenCalledOnce()
})
