import { describe, expect, test } from 'vitest'
import { type NoticeClues, noticeFor } from '../../web/state/notice.ts'
import { ada, directWith, grace, groupCalled } from './web-stage.tsx'

const NOW = new Date(2026, 10, 22, 12).getTime()
const said = { seq: 5, authorId: grace.id, preview: 'hello', createdAt: NOW }
const news = { lastMessage: said, unread: 1 }

const usual: NoticeClues = {
  row: directWith(grace, news),
  before: { lastMessage: { ...said, seq: 4 }, mentions: 0 },
  meId: ada.id,
  now: NOW,
  status: 'online',
  isWatched: false,
  device: { notifies: true, sounds: true, isPermitted: true },
  soundedAt: 0,
}
const { device } = usual

describe('NO-3 what is worth a notification', () => {
  test('NO-3 news that nobody is looking at is shown and heard', () => {
    expect(noticeFor(usual)).toEqual({ isShown: true, isHeard: true })
    expect(noticeFor({ ...usual, before: undefined })).toEqual({ isShown: true, isHeard: true })
  })

  test.each<[string, Partial<NoticeClues>]>([
    ['a row without news', { before: { lastMessage: said, mentions: 0 } }],
    ['an own message', { row: directWith(grace, { ...news, lastMessage: { ...said, authorId: ada.id } }) }],
    ['what was read elsewhere meanwhile', { row: directWith(grace, { ...news, unread: 0 }) }],
    ['a conversation without a message', { row: directWith(grace, { unread: 0 }) }],
    ['a conversation that is on the screen', { isWatched: true }],
    ['a busy person', { status: 'busy' }],
    ['a muted conversation', { row: directWith(grace, { ...news, mutedUntil: NOW + 1, mentions: 1 }) }],
    ['the level "nothing"', { row: groupCalled('Hike', { ...news, mentions: 1, level: 'none' }) }],
    ['the level "mentions" without one', { row: groupCalled('Hike', { ...news, level: 'mentions' }) }],
    [
      'a mention that had been counted',
      {
        row: groupCalled('Hike', { ...news, mentions: 1, level: 'mentions' }),
        before: { lastMessage: { ...said, seq: 4 }, mentions: 1 },
      },
    ],
    ['a device that does not notify', { device: { ...device, notifies: false } }],
  ])('NO-3 not %s', (_, change) => {
    expect(noticeFor({ ...usual, ...change })).toEqual({ isShown: false, isHeard: false })
  })

  test('NO-3 the level "mentions" with a new one is', () => {
    const row = groupCalled('Hike', { ...news, mentions: 1, level: 'mentions' })
    expect(noticeFor({ ...usual, row })).toEqual({ isShown: true, isHeard: true })
  })

  test('NO-3 a mute that has ended is none', () => {
    expect(noticeFor({ ...usual, row: directWith(grace, { ...news, mutedUntil: NOW }) }).isShown).toBe(true)
  })

  test('NO-4 without permission there is only the sound, at most one in 3 s, and none where it is off', () => {
    expect(noticeFor({ ...usual, device: { ...device, isPermitted: false } })).toEqual({
      isShown: false,
      isHeard: true,
    })
    expect(noticeFor({ ...usual, soundedAt: NOW - 2_999 })).toEqual({ isShown: true, isHeard: false })
    expect(noticeFor({ ...usual, soundedAt: NOW - 3_000 }).isHeard).toBe(true)
    expect(noticeFor({ ...usual, device: { ...device, sounds: false } }).isHeard).toBe(false)
  })
})
