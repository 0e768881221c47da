// @vitest-environment happy-dom
/** A thread whose script cannot come (MA-5, MO-1). */
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { LocationProvider } from 'preact-iso'
import { afterEach, expect, test, vi } from 'vitest'
import { toasts } from '../../web/state/toasts.ts'
import { ThreadSplit } from '../../web/ui/ThreadSplit.tsx'
import { ada, directWith, fakeConversation, grace, only, settle, stage } from './web-stage.tsx'

const part = vi.hoisted(() => ({ hasNetwork: false }))
vi.mock('../../web/ui/ThreadPanel.tsx', () => ({
  get ThreadPanel() {
    if (!part.hasNetwork) throw new Error('offline')
    return () => <aside>thread</aside>
  },
}))

const place = () => location.pathname + location.search

afterEach(() => {
  const root = document.body.firstElementChild
  if (root) act(() => render(null, root))
  toasts.value = []
})

/** Below 1,200 px, at the address of a thread. */
async function split() {
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener() {}, removeEventListener() {} }))
  const { conversation, state } = fakeConversation()
  history.replaceState(null, '', '/c/x?thread=1')
  const { root } = await stage(() => (
    <LocationProvider>
      <ThreadSplit {...{ conversation, state, summary: directWith(grace), me: ada, jump: vi.fn() }}>
        <p>messages</p>
        <a href="/c/x">out</a>
        <a href="/c/x?thread=1">in</a>
      </ThreadSplit>
    </LocationProvider>
  ))
  const go = (where: string) =>
    act(() => [...root.querySelectorAll('a')].find((link) => link.textContent === where)?.click())
  return { root, go, isCovered: () => only(root, 'div:has(> p)').hasAttribute('inert') }
}

test('MA-5 who has left a thread before it could not come is not told so', async () => {
  const { go } = await split()
  go('out')
  await settle()
  expect([place(), toasts.value]).toEqual(['/c/x', []])
})

test('MO-1 a thread that cannot come closes and covers nothing, and can be asked for again', async () => {
  const { root, go, isCovered } = await split()
  expect(isCovered()).toBe(false)
  await settle()
  expect([place(), isCovered()]).toEqual(['/c/x', false])
  expect(toasts.value.map(({ text }) => text)).toEqual(['That could not be loaded. Try again.'])

  part.hasNetwork = true
  go('in')
  await settle()
  expect([only(root, 'aside').textContent, isCovered()]).toEqual(['thread', true])
})
