// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { InboxRow } from '../../src/protocol/index.ts'
import { inboxState } from '../../web/state/conversations.ts'
import {
  clearDrafts,
  drafts,
  followDrafts,
  laterDraft,
  mayReplace,
  saveDraft,
  unsharedDraft,
} from '../../web/state/drafts.ts'
import { directWith, grace, inboxOf } from './web-stage.tsx'

const NOW = new Date(2026, 10, 22, 12).getTime()
const ID = 'a'.repeat(64)
const mine = { text: 'mine', editedAt: 5, isShared: false }

function serverSays(draft: InboxRow['draft']): void {
  inboxState.value = inboxOf(directWith(grace, { draft }))
}

describe('CO-6 which edit of a draft stands', () => {
  test.each([
    ['nobody wrote anything', undefined, null, ''],
    ['only another device wrote', undefined, { text: 'theirs', editedAt: 4 }, 'theirs'],
    ['theirs is later', mine, { text: 'theirs', editedAt: 6 }, 'theirs'],
    ['mine is later', mine, { text: 'theirs', editedAt: 4 }, 'mine'],
    ['mine came back', mine, { text: 'mine', editedAt: 5 }, 'mine'],
    ['mine has not arrived yet', mine, null, 'mine'],
    ['mine arrived, and was sent or deleted elsewhere', { ...mine, isShared: true }, null, ''],
    ['mine was sent here, and theirs is older', { ...mine, text: '' }, { text: 'theirs', editedAt: 4 }, ''],
  ])('CO-6 %s', (_, local, theirs, text) => {
    expect(laterDraft(local, theirs)).toBe(text)
  })

  test.each([
    ['an empty field', { text: ' ', loaded: 'was', isComposing: false }, true],
    ['what was loaded and left alone', { text: 'was', loaded: 'was', isComposing: false }, true],
    ['what is being typed', { text: 'was and', loaded: 'was', isComposing: false }, false],
    ['a syllable under way', { text: '', loaded: '', isComposing: true }, false],
  ])('CO-6 a draft from elsewhere and %s: may replace is %o', (_, field, isAllowed) => {
    expect(mayReplace(field)).toBe(isAllowed)
  })
})

describe('CO-6 drafts over several devices', () => {
  let stop: () => void

  beforeEach(() => {
    vi.useFakeTimers({ now: NOW })
    localStorage.clear()
    serverSays(null)
    stop = followDrafts()
  })
  afterEach(() => {
    stop()
    clearDrafts()
    inboxState.value = null
    vi.useRealTimers()
  })

  test('CO-6 what is typed shows at once and survives a reload', () => {
    saveDraft(ID, 'half a thought')
    expect(drafts.value.get(ID)).toBe('half a thought')
    clearDrafts()
    stop()
    stop = followDrafts()
    expect(drafts.value.get(ID)).toBe('half a thought')
  })

  test('CO-6 an edit after one from a clock that is ahead is later all the same', () => {
    serverSays({ text: 'from the phone', replyTo: null, editedAt: NOW + 60_000 })
    saveDraft(ID, 'from the phone, and here')
    expect(unsharedDraft(ID)?.editedAt).toBe(NOW + 60_001)
    expect(drafts.value.get(ID)).toBe('from the phone, and here')
  })

  test('CO-6 sent on another device, it is gone here too', () => {
    saveDraft(ID, 'nearly done')
    serverSays({ text: 'nearly done', replyTo: null, editedAt: NOW })
    expect(unsharedDraft(ID)).toBeUndefined()
    serverSays(null)
    expect(drafts.value.has(ID)).toBe(false)
  })

  test('CO-6 sent here, an older draft that the server still has does not come back', () => {
    serverSays({ text: 'old', replyTo: null, editedAt: NOW - 5 })
    saveDraft(ID, '')
    expect(drafts.value.has(ID)).toBe(false)
    expect(unsharedDraft(ID)).toMatchObject({ text: '' })
  })
})
