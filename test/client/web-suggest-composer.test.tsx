// @vitest-environment happy-dom
import english from 'emoji-picker-element-data/en/github/data.json'
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Member } from '../../src/protocol/index.ts'
import { announcement } from '../../web/state/announcer.ts'
import { clearDrafts } from '../../web/state/drafts.ts'
import { loadEmoji } from '../../web/state/emoji.ts'
import { recentEmoji } from '../../web/state/recent-emoji.ts'
import { user } from '../support/people.ts'
import { stageComposer } from './web-composer-stage.tsx'
import { ada, alan, grace, only } from './web-stage.tsx'

vi.mock('../../web/state/api.ts', () => ({ api: { setDraft: vi.fn(async () => {}) } }))

const minji = user(7, 'mj_kim', '김민지')
const PEOPLE = new Map<string, Member>(
  [ada, grace, alan, minji].map((each) => [each.id, { user: each, role: 'member' }]),
)

let unmount = () => {}

async function composer() {
  const { root, conversation, escaped, field } = await stageComposer({ members: PEOPLE })
  unmount = () => act(() => render(null, root))
  await vi.waitFor(() => expect(field.getAttribute('aria-autocomplete')).toBe('list'), { timeout: 10_000 })
  const type = (text: string, caret = text.length) =>
    act(() => {
      field.value = text
      field.setSelectionRange(caret, caret)
      field.dispatchEvent(new InputEvent('input', { bubbles: true }))
    })
  const press = (key: string, init: KeyboardEventInit & { keyCode?: number } = {}) => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init })
    Object.defineProperty(event, 'keyCode', { value: init.keyCode ?? 0 })
    act(() => void field.dispatchEvent(event))
    return event
  }
  const options = () => [...root.querySelectorAll('[role="option"]')]
  const chosen = () => only(root, '[role="option"][aria-selected="true"]').textContent
  return { root, conversation, escaped, field, type, press, options, chosen }
}

beforeEach(() => {
  localStorage.clear()
  clearDrafts()
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => new Response(JSON.stringify(english))),
  )
})
afterEach(() => {
  // A draft that is kept a moment later would be drawn when there is no document any more.
  unmount()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('CO-9 the list', () => {
  test('CO-9 the field says what it controls and which one is chosen, and stays a text box', async () => {
    const { root, field, type, press } = await composer()
    expect(field.getAttribute('aria-autocomplete')).toBe('list')
    expect(field.hasAttribute('aria-controls')).toBe(false)
    type('hi @')
    const list = only(root, '[role="listbox"]')
    expect(field.getAttribute('aria-controls')).toBe(list.id)
    expect(field.hasAttribute('role')).toBe(false)
    for (const at of [0, 1]) {
      const active = root.querySelector(`[id="${field.getAttribute('aria-activedescendant')}"]`)
      expect(active).toBe(list.children[at])
      expect(active?.getAttribute('aria-selected')).toBe('true')
      press('ArrowDown')
    }
  })

  test('CO-9 the arrows go round, Enter accepts and sends nothing', async () => {
    const { conversation, field, type, press, options, chosen } = await composer()
    type('hi @')
    expect(options()).toHaveLength(3)
    press('ArrowUp')
    const last = chosen()
    press('ArrowDown')
    press('ArrowUp')
    expect(chosen()).toBe(last)
    type('hi @gra')
    expect(press('Enter').defaultPrevented).toBe(true)
    expect(field.value).toBe('hi @grace ')
    expect(options()).toHaveLength(0)
    expect(conversation.send).not.toHaveBeenCalled()
    press('Enter')
    expect(conversation.send.mock.calls).toEqual([['hi @grace']])
  })

  test('CO-9 Tab accepts in the middle of a text, and makes no second space', async () => {
    const { field, type, press } = await composer()
    type('hi @ㅁㅈ how are you', 6)
    expect(press('Tab').defaultPrevented).toBe(true)
    expect(field.value).toBe('hi @mj_kim how are you')
    expect(field.selectionStart).toBe('hi @mj_kim '.length)
  })

  test('CO-9 a press on one accepts it, and the field keeps the focus', async () => {
    const { field, type, options } = await composer()
    field.focus()
    type('@gra')
    const [option] = options()
    const down = new Event('pointerdown', { bubbles: true, cancelable: true })
    option?.dispatchEvent(down)
    expect(down.defaultPrevented).toBe(true)
    act(() => (option as HTMLElement).click())
    expect(field.value).toBe('@grace ')
    expect(document.activeElement).toBe(field)
  })

  test('CO-9 Esc closes it and nothing else; the same name does not open it again, the next does', async () => {
    const { escaped, type, press, options } = await composer()
    type('@g')
    press('Escape')
    expect(options()).toHaveLength(0)
    expect(escaped).not.toHaveBeenCalled()
    type('@gr')
    expect(options()).toHaveLength(0)
    type('@gr @')
    expect(options()).toHaveLength(3)
  })

  test('CO-9 no match closes it: Enter sends, and ArrowUp is the browser’s', async () => {
    const { conversation, type, press, options } = await composer()
    type('@grz')
    expect(options()).toHaveLength(0)
    expect(press('ArrowUp').defaultPrevented).toBe(false)
    press('Enter')
    expect(conversation.send.mock.calls).toEqual([['@grz']])
  })

  test('CO-9 a chord is never the list’s, and leaving the field closes it', async () => {
    const { conversation, field, type, press, options } = await composer()
    type('@gr')
    expect(press('Enter', { shiftKey: true }).defaultPrevented).toBe(false)
    expect(options()).toHaveLength(1)
    act(() => void field.dispatchEvent(new Event('blur')))
    expect(options()).toHaveLength(0)
    type('@gr')
    press('Enter', { ctrlKey: true })
    expect(conversation.send).toHaveBeenCalledOnce()
    expect(options()).toHaveLength(0)
  })

  test('CO-9 the count is announced', async () => {
    const { type } = await composer()
    vi.useFakeTimers()
    type('@')
    act(() => void vi.advanceTimersByTime(1_000))
    expect(announcement.value.text).toContain('3 suggestions')
  })
})

describe('CO-2 input methods', () => {
  test.each([
    ['Chromium', { isComposing: true, keyCode: 229 }],
    ['Safari', { isComposing: false, keyCode: 229 }],
  ])('CO-2 while composing no key is the list’s (%s)', async (_, init) => {
    const { conversation, field, type, press, options, chosen } = await composer()
    type('@')
    const before = chosen()
    for (const key of ['Enter', 'Tab', 'ArrowDown', 'ArrowUp', 'Escape']) {
      expect(press(key, init).defaultPrevented).toBe(false)
    }
    expect(options()).toHaveLength(3)
    expect(chosen()).toBe(before)
    expect(field.value).toBe('@')
    expect(conversation.send).not.toHaveBeenCalled()
  })

  test('CO-2 the list follows a composition; a press ends it first, and the syllable is not typed twice', async () => {
    const { field, type, options } = await composer()
    field.focus()
    act(() => void field.dispatchEvent(new Event('compositionstart')))
    type('@민ㅈ')
    expect(options().map((each) => each.textContent)).toEqual(['김김민지@mj_kim'])
    let isEnded = false
    field.addEventListener('blur', () => {
      isEnded = true
      field.dispatchEvent(new Event('compositionend'))
    })
    act(() => (options()[0] as HTMLElement).click())
    expect(isEnded).toBe(true)
    expect(field.value).toBe('@mj_kim ')
  })
})

describe('CO-9 emoji', () => {
  test('CO-9 two letters behind a colon offer emoji; the one that is taken is remembered', async () => {
    const { field, type, press, options } = await composer()
    type('done :t')
    expect(options()).toHaveLength(0)
    type('done :ta')
    await act(() => loadEmoji())
    expect(options()).toHaveLength(8)
    type('done :tada')
    press('Enter')
    expect(field.value).toBe('done 🎉')
    expect(recentEmoji()).toEqual(['🎉'])
  })
})

describe('1.11 marks', () => {
  test.each([
    ['b', 'KeyB', false, '**'],
    ['ㅑ', 'KeyI', false, '_'],
    ['X', 'KeyX', true, '~~'],
  ])(
    '1.11 Ctrl+%s (%s) marks the selection, and takes the mark off again',
    async (key, code, shiftKey, mark) => {
      const { field, type, press } = await composer()
      type('so very true')
      // With the space that a double click takes: a mark next to one is none.
      field.setSelectionRange(3, 8)
      expect(press(key, { code, shiftKey, ctrlKey: true }).defaultPrevented).toBe(true)
      expect(field.value).toBe(`so ${mark}very${mark} true`)
      expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe('very')
      press(key, { code, shiftKey, metaKey: true })
      expect(field.value).toBe('so very true')
    },
  )

  test('1.11 with nothing selected one writes on between the marks', async () => {
    const { field, press } = await composer()
    press('b', { code: 'KeyB', ctrlKey: true })
    expect([field.value, field.selectionStart]).toEqual(['****', 2])
  })

  test('CO-2 while composing it is the input method’s', async () => {
    const { field, press } = await composer()
    press('b', { code: 'KeyB', ctrlKey: true, isComposing: true, keyCode: 229 })
    expect(field.value).toBe('')
  })
})
