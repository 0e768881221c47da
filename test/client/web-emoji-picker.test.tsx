// @vitest-environment happy-dom
import english from 'emoji-picker-element-data/en/github/data.json'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { loadEmoji } from '../../web/state/emoji.ts'
import { recentEmoji, rememberEmoji } from '../../web/state/recent-emoji.ts'
import { clearStored, PRIVATE_PREFIX } from '../../web/state/storage.ts'
import { EmojiPicker } from '../../web/ui/EmojiPicker.tsx'
import { gridTarget } from '../../web/ui/emoji-grid.ts'
import { button, only, stage } from './web-stage.tsx'

const PLACE = { x: 10, y: 10, width: 36, height: 36 }

async function picker() {
  const picked = vi.fn()
  const closed = vi.fn()
  const { root } = await stage(() => <EmojiPicker place={PLACE} onPick={picked} onClose={closed} />)
  await act(() => loadEmoji())
  const dialog = only<HTMLElement>(root, '[role="dialog"]')
  const field = only<HTMLInputElement>(root, 'input')
  const cells = () => [...only(root, '[role="tabpanel"]').querySelectorAll('button')]
  const type = (text: string) =>
    act(() => {
      field.value = text
      field.dispatchEvent(new InputEvent('input', { bubbles: true }))
    })
  const press = (key: string, init: KeyboardEventInit & { keyCode?: number } = {}) => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init })
    Object.defineProperty(event, 'keyCode', { value: init.keyCode ?? 0 })
    act(() => void (document.activeElement ?? dialog).dispatchEvent(event))
    return event
  }
  return { root, dialog, field, cells, type, press, picked, closed }
}

beforeEach(() => {
  localStorage.clear()
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => new Response(JSON.stringify(english))),
  )
  HTMLElement.prototype.showPopover = vi.fn()
  HTMLElement.prototype.hidePopover = vi.fn()
})
afterEach(() => vi.unstubAllGlobals())

test('M17 the search has the focus; Enter picks what it finds first, and that is remembered', async () => {
  const { field, type, press, picked, closed, cells } = await picker()
  expect(document.activeElement).toBe(field)
  type('tada')
  expect(cells()[0]?.textContent).toBe('🎉')
  expect(press('Enter', { isComposing: true, keyCode: 229 }).defaultPrevented).toBe(false)
  expect(picked).not.toHaveBeenCalled()
  press('Enter')
  expect(picked.mock.calls).toEqual([['🎉']])
  expect(closed).toHaveBeenCalledBefore(picked)
  expect(recentEmoji()).toEqual(['🎉'])
})

test('M17 the arrows lead from the search through the grid and back; a letter searches', async () => {
  const { field, cells, press } = await picker()
  press('ArrowDown')
  expect(document.activeElement).toBe(cells()[0])
  press('ArrowRight')
  press('ArrowDown')
  expect(document.activeElement).toBe(cells()[9])
  expect(cells().filter((cell) => cell.tabIndex === 0)).toEqual([cells()[9]])
  press('ArrowUp')
  press('ArrowUp')
  expect(document.activeElement).toBe(field)
  press('ArrowDown')
  press('t')
  expect(document.activeElement).toBe(field)
})

test('M17 the keys of the grid', () => {
  expect(
    ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', 'Home', 'End', 'x'].map((key) =>
      gridTarget(key, 9, 20),
    ),
  ).toEqual([10, 8, 17, 1, 0, 19, null])
  expect(gridTarget('ArrowDown', 17, 20)).toBe(19)
  expect(gridTarget('ArrowUp', 3, 20)).toBe(-1)
})

test('M17 kinds are tabs; Esc empties the search and then closes, and nothing behind hears it', async () => {
  const { root, type, press, closed } = await picker()
  const behind = vi.fn()
  addEventListener('keydown', behind)
  expect(button(root, 'Smileys and feelings').getAttribute('aria-selected')).toBe('true')
  act(() => button(root, 'Flags').click())
  expect(only(root, '[role="tabpanel"]').getAttribute('aria-label')).toBe('Flags')
  expect(root.textContent).toContain('🏁')
  type('zzqx')
  expect(root.textContent).toContain('No emoji found for “zzqx”.')
  press('Escape')
  expect(closed).not.toHaveBeenCalled()
  press('Escape')
  expect(closed).toHaveBeenCalledOnce()
  expect(behind).not.toHaveBeenCalled()
  removeEventListener('keydown', behind)
})

test('M17 who has used some finds them first, newest in front, until they sign out', async () => {
  for (const text of ['👍', '🎉', '👍']) rememberEmoji(text)
  const { root, cells } = await picker()
  expect(button(root, 'Recently used').getAttribute('aria-selected')).toBe('true')
  expect(cells().map((cell) => cell.textContent)).toEqual(['👍', '🎉'])
  clearStored(PRIVATE_PREFIX)
  expect(recentEmoji()).toEqual([])
})
