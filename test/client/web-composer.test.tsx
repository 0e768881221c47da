// @vitest-environment happy-dom
import { act } from 'preact/test-utils'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { api } from '../../web/state/api.ts'
import { inboxState } from '../../web/state/conversations.ts'
import { clearDrafts, drafts, saveDraft } from '../../web/state/drafts.ts'
import { choose } from '../../web/state/preferences.ts'
import { question } from '../../web/state/question.ts'
import { intentOf } from '../../web/ui/composer-keys.ts'
import { stageComposer } from './web-composer-stage.tsx'
import { ada, button, directWith, grace, inboxOf, message, only } from './web-stage.tsx'

const ENTER = { key: 'Enter', code: 'Enter', keyCode: 13, bubbles: true, cancelable: true }

async function composer(initial?: Parameters<typeof stageComposer>[0]) {
  const { root, conversation, state, task, sent, field } = await stageComposer(initial)
  const type = (text: string) =>
    act(() => {
      field.value = text
      field.dispatchEvent(new Event('input', { bubbles: true }))
    })
  const press = (init: KeyboardEventInit & { keyCode?: number }) => {
    const event = new KeyboardEvent('keydown', init)
    Object.defineProperty(event, 'keyCode', { value: init.keyCode ?? 0 })
    act(() => void field.dispatchEvent(event))
    return event
  }
  return { root, conversation, state, task, sent, field, type, press }
}

vi.mock('../../web/state/api.ts', () => ({ api: { setDraft: vi.fn(async () => {}) } }))

beforeEach(() => {
  localStorage.clear()
  clearDrafts()
  inboxState.value = null
  choose({ sendWith: 'enter' })
})

describe('CO-1 what Enter does', () => {
  test('CO-1 Enter sends what stands in the field, trimmed, and empties it', async () => {
    const { conversation, sent, field, type, press } = await composer()
    type('  hello Grace \n')
    expect(press(ENTER).defaultPrevented).toBe(true)
    expect(conversation.send.mock.calls).toEqual([['hello Grace']])
    expect(sent).toHaveBeenCalledOnce()
    expect(field.value).toBe('')
  })

  test('CO-1 Shift+Enter is left to the browser: a new line', async () => {
    const { conversation, type, press } = await composer()
    type('one')
    expect(press({ ...ENTER, shiftKey: true }).defaultPrevented).toBe(false)
    expect(conversation.send).not.toHaveBeenCalled()
  })

  test('CO-1 whoever chose Ctrl+Enter gets new lines from Enter', async () => {
    choose({ sendWith: 'ctrl_enter' })
    const { conversation, type, press } = await composer()
    type('one')
    expect(press(ENTER).defaultPrevented).toBe(false)
    press({ ...ENTER, ctrlKey: true })
    expect(conversation.send).toHaveBeenCalledOnce()
  })

  test('CO-1 on a touch keyboard Enter is a new line', () => {
    const enter = {
      ...ENTER,
      isComposing: false,
      shiftKey: false,
      ctrlKey: false,
      metaKey: false,
      altKey: false,
    }
    expect(intentOf(enter, 'enter', true)).toBe('newline')
    expect(intentOf(enter, 'enter', false)).toBe('send')
  })

  test('CO-5 white space and invisible characters send nothing', async () => {
    const { conversation, root, type, press } = await composer()
    type(' \n\u200b ')
    press(ENTER)
    expect(conversation.send).not.toHaveBeenCalled()
    expect(button(root, 'Send').getAttribute('aria-disabled')).toBe('true')
  })
})

describe('CO-2 input methods', () => {
  test('CO-2 Enter while composing does nothing at all (Chromium: isComposing)', async () => {
    const { conversation, field, type, press } = await composer()
    type('안녕하세요')
    expect(press({ ...ENTER, isComposing: true, keyCode: 229 }).defaultPrevented).toBe(false)
    expect(conversation.send).not.toHaveBeenCalled()
    expect(field.value).toBe('안녕하세요')
  })

  test('CO-2 keyCode 229 alone is enough (Safari: the composition has ended by then)', async () => {
    const { conversation, type, press } = await composer()
    type('안녕하세요')
    press({ ...ENTER, isComposing: false, keyCode: 229 })
    expect(conversation.send).not.toHaveBeenCalled()
    press(ENTER)
    expect(conversation.send.mock.calls).toEqual([['안녕하세요']])
  })

  test('CO-3 Send in the middle of a syllable ends the composition first, and keeps the focus', async () => {
    const { root, conversation, field, type } = await composer()
    field.focus()
    type('안녕하세')
    field.dispatchEvent(new Event('compositionstart'))
    // What a browser does when the field is left: the syllable under way becomes text.
    field.addEventListener('blur', () => {
      field.value = '안녕하세요'
      field.dispatchEvent(new Event('compositionend'))
    })
    const send = button(root, 'Send')
    const down = new Event('pointerdown', { bubbles: true, cancelable: true })
    send.dispatchEvent(down)
    expect(down.defaultPrevented).toBe(true)
    act(() => send.click())
    expect(conversation.send.mock.calls).toEqual([['안녕하세요']])
    expect(document.activeElement).toBe(field)
  })
})

describe('CO-6 drafts', () => {
  test('CO-6 a draft is kept 300 ms after the last key, and is gone once it is sent', async () => {
    const { conversation, type, press } = await composer()
    vi.useFakeTimers()
    type('half a tho')
    vi.advanceTimersByTime(299)
    expect(drafts.value.get(conversation.id)).toBeUndefined()
    vi.advanceTimersByTime(1)
    expect(drafts.value.get(conversation.id)).toBe('half a tho')
    press(ENTER)
    expect(drafts.value.get(conversation.id)).toBeUndefined()
    vi.runAllTimers()
    expect(drafts.value.get(conversation.id)).toBeUndefined()
    vi.useRealTimers()
  })

  test('CO-6 what was kept stands in the field when the conversation opens', async () => {
    saveDraft('a'.repeat(64), 'where was I')
    const { field } = await composer()
    expect(field.value).toBe('where was I')
  })

  test('CO-6 the server is told once the keys have rested, and again when it is sent', async () => {
    const setDraft = vi.mocked(api.setDraft)
    setDraft.mockClear()
    const { conversation, type, press } = await composer()
    vi.useFakeTimers()
    type('half')
    vi.advanceTimersByTime(900)
    type('half a tho')
    await vi.advanceTimersByTimeAsync(1_299)
    expect(setDraft).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(setDraft.mock.calls).toEqual([
      [conversation.id, { text: 'half a tho', editedAt: expect.any(Number) }],
    ])
    press(ENTER)
    expect(setDraft).toHaveBeenLastCalledWith(conversation.id, { text: '', editedAt: expect.any(Number) })
    vi.useRealTimers()
  })

  test('CO-6 a later draft from another device comes into a field that was left alone', async () => {
    const { field } = await composer()
    act(() => elsewhere('from the phone'))
    expect(field.value).toBe('from the phone')
    act(() => elsewhere('from the phone, longer'))
    expect(field.value).toBe('from the phone, longer')
    act(() => elsewhere(null))
    expect(field.value).toBe('')
  })

  test('CO-6 it never comes into what is being typed, kept on disk or not', async () => {
    const { field, type } = await composer()
    vi.useFakeTimers()
    type('my own words')
    act(() => elsewhere('from the phone'))
    expect(field.value).toBe('my own words')
    vi.advanceTimersByTime(300)
    act(() => elsewhere('from the phone, longer', Date.now() + 60_000))
    expect(field.value).toBe('my own words')
    vi.useRealTimers()
  })
})

function elsewhere(text: string | null, editedAt = Date.now()): void {
  const draft = text === null ? null : { text, replyTo: null, editedAt }
  inboxState.value = inboxOf(directWith(grace, { draft }))
}

describe('CO-10 editing', () => {
  const UP = { key: 'ArrowUp', bubbles: true, cancelable: true }
  const ESC = { key: 'Escape', bubbles: true, cancelable: true }
  const said = [
    message(1, ada.id, 0, { text: 'teh first' }),
    message(2, ada.id, 0, { text: '', deletedAt: 1 }),
    message(3, grace.id, 0),
  ]

  test('CO-10 ArrowUp in an empty field takes the last own message that is there; Enter saves it', async () => {
    const { root, conversation, field, type, press } = await composer({ messages: said })
    expect(press(UP).defaultPrevented).toBe(true)
    expect(field.value).toBe('teh first')
    expect(root.textContent).toContain('Editing')
    type(' the first ')
    expect(conversation.setTyping).not.toHaveBeenCalledWith(true)
    press(ENTER)
    expect(conversation.edit.mock.calls).toEqual([[1, 'the first']])
    expect(conversation.send).not.toHaveBeenCalled()
    expect(field.value).toBe('')
    expect(root.textContent).not.toContain('Editing')
  })

  test('CO-10 while something newer is on its way nothing older is taken for it', async () => {
    const waiting = { id: 'x', text: 'newer', replyTo: null, createdAt: 1, state: 'sending' as const }
    const { root, field, press } = await composer({ messages: said, pending: [waiting] })
    press(UP)
    expect(field.value).toBe('')
    expect(root.textContent).not.toContain('Editing')
  })

  test('CO-10 with something in the field ArrowUp is the browser’s', async () => {
    const { field, type, press } = await composer({ messages: said })
    type('half')
    expect(press(UP).defaultPrevented).toBe(false)
    expect(field.value).toBe('half')
  })

  test('CO-10 Esc brings the draft back that had to make room, and it was never shared as one', async () => {
    const { conversation, task, field, type, press } = await composer({ messages: said })
    type('my draft')
    const [first = message(1, ada.id, 0)] = said
    act(() => {
      task.value = { kind: 'edit', message: first }
    })
    type('teh first, changed')
    press(ESC)
    expect(field.value).toBe('my draft')
    expect(drafts.value.get(conversation.id)).toBe('my draft')
    expect(conversation.edit).not.toHaveBeenCalled()
  })

  test('CO-10 an unchanged text asks nothing of the server', async () => {
    const { conversation, field, press } = await composer({ messages: said })
    press(UP)
    press(ENTER)
    expect(conversation.edit).not.toHaveBeenCalled()
    expect(field.value).toBe('')
  })

  test('MA-3 an emptied one asks whether it is to be deleted, and ends when it is', async () => {
    const { root, conversation, state, type, press } = await composer({ messages: said })
    press(UP)
    type('')
    press(ENTER)
    expect(question.value?.isDanger).toBe(true)
    expect(conversation.remove).not.toHaveBeenCalled()
    await question.value?.run()
    expect(conversation.remove.mock.calls).toEqual([[1]])
    act(() => {
      state.value = { ...state.value, messages: [message(1, ada.id, 0, { text: '', deletedAt: 5 })] }
    })
    expect(root.textContent).not.toContain('Editing')
  })
})

describe('CO-11 answering', () => {
  test('CO-11 what is answered stands above the field, and goes with the next message only', async () => {
    const { root, conversation, task, type, press } = await composer()
    type('I say')
    act(() => {
      task.value = { kind: 'reply', message: message(3, grace.id, 0, { text: '**Who** says?' }) }
    })
    expect(root.textContent).toContain('Reply to Grace Hopper')
    expect(root.textContent).toContain('Who says?')
    press(ENTER)
    type('and again')
    press(ENTER)
    expect(conversation.send.mock.calls).toEqual([['I say', { replyTo: 3 }], ['and again']])
  })

  test('CO-11 the cross removes it and leaves the words', async () => {
    const { root, conversation, task, field, type, press } = await composer()
    type('I say')
    act(() => {
      task.value = { kind: 'reply', message: message(3, grace.id, 0) }
    })
    act(() => button(root, 'Remove the reply').click())
    expect(field.value).toBe('I say')
    press(ENTER)
    expect(conversation.send.mock.calls).toEqual([['I say']])
  })
})

describe('CO-12 the limit', () => {
  test('CO-12 the counter appears with 200 characters left and counts code points', async () => {
    const { root, type } = await composer({ limits: { textMax: 300 } })
    type('🙂'.repeat(99))
    expect(root.textContent).not.toContain('left')
    type('🙂'.repeat(100))
    expect(root.textContent).toContain('200 characters left')
  })

  test('CO-12 over the limit nothing is cut or sent, and Send says why', async () => {
    const { root, conversation, field, type, press } = await composer({ limits: { textMax: 10 } })
    type('twelve chars')
    press(ENTER)
    expect(conversation.send).not.toHaveBeenCalled()
    expect(field.value).toBe('twelve chars')
    const send = button(root, 'Send')
    expect(send.getAttribute('aria-disabled')).toBe('true')
    expect(only(root, `[id="${send.getAttribute('aria-describedby')}"]`).textContent).toContain(
      '2 characters too many',
    )
  })
})

test('TY-1 typing is told while there is text, and ends when the field is cleared', async () => {
  const { conversation, type } = await composer()
  type('h')
  expect(conversation.setTyping).toHaveBeenLastCalledWith(true)
  type('')
  expect(conversation.setTyping).toHaveBeenLastCalledWith(false)
})
