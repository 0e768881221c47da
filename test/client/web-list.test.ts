import { describe, expect, test } from 'vitest'
import { en } from '../../web/locales/en.ts'
import { ko } from '../../web/locales/ko.ts'
import { listPreview } from '../../web/ui/list-preview.ts'
import { routeOf, safeNext } from '../../web/ui/route.ts'
import { dividerAfter, dividerAfterArrival } from '../../web/ui/unread-divider.ts'
import { ada, alan, directWith, grace, message } from './web-stage.tsx'

describe('CL-4 what the second line of a row says', () => {
  const lastMessage = { seq: 4, authorId: grace.id, preview: 'see you', createdAt: 1 }
  const all = {
    row: directWith(grace, { lastMessage }),
    meId: ada.id,
    unsent: 2,
    typing: ['Grace Hopper'],
    draft: 'I was about to',
    isOpen: false,
  }

  test('CL-4 not sent comes before typing, typing before a draft, a draft before the last message', () => {
    expect(listPreview(all)).toEqual({ kind: 'unsent', count: 2 })
    expect(listPreview({ ...all, unsent: 0 }).kind).toBe('typing')
    expect(listPreview({ ...all, unsent: 0, typing: [] })).toEqual({ kind: 'draft', text: 'I was about to' })
    expect(listPreview({ ...all, unsent: 0, typing: [], draft: undefined }).kind).toBe('message')
  })

  test('CL-4 the draft of the open conversation stands in its composer already', () => {
    expect(listPreview({ ...all, unsent: 0, typing: [], isOpen: true }).kind).toBe('message')
  })

  test('CL-3 my own message says so; in a group the author has a name', () => {
    const plain = { ...all, unsent: 0, typing: [], draft: undefined }
    const mine = directWith(grace, { lastMessage: { ...lastMessage, authorId: ada.id } })
    expect(listPreview({ ...plain, row: mine })).toEqual({ kind: 'message', from: 'me', text: 'see you' })
    const group = directWith(grace, {
      kind: 'private',
      name: 'Hike',
      members: [ada, grace, alan],
      lastMessage,
    })
    expect(listPreview({ ...plain, row: group })).toMatchObject({ from: 'Grace Hopper' })
    expect(listPreview(plain)).toMatchObject({ from: null })
  })

  test('CL-3 files without words are named by what they are; words are said as they are', () => {
    const attachment = { kind: 'file', name: 'x.pdf', count: 1 } as const
    const plain = { ...all, unsent: 0, typing: [], draft: undefined }
    const silent = directWith(grace, { lastMessage: { ...lastMessage, preview: '', attachment } })
    expect(listPreview({ ...plain, row: silent })).toEqual({ kind: 'attachment', from: null, attachment })
    const said = directWith(grace, { lastMessage: { ...lastMessage, attachment } })
    expect(listPreview({ ...plain, row: said })).toEqual({ kind: 'message', from: null, text: 'see you' })
    expect(en.attached(attachment)).toBe('File: x.pdf')
    expect(en.attached({ ...attachment, count: 3 })).toBe('3 files')
    expect(en.attached({ ...attachment, kind: 'image' })).toBe('Photo')
    expect(ko.attached({ ...attachment, kind: 'image', count: 2 })).toBe('사진 2장')
  })
})

describe('ML-8 the unread divider', () => {
  const messages = [
    message(3, grace.id, 0),
    message(5, ada.id, 0),
    message(6, grace.id, 0),
    message(9, grace.id, 0),
  ]

  test('ML-8 stands before the first message of others after the read marker, with their count', () => {
    expect(dividerAfter(messages, 3, ada.id)).toEqual({ seq: 6, count: 2 })
    expect(dividerAfter(messages, 9, ada.id)).toBeNull()
  })

  test('ML-8 what comes while nobody looks joins one that was not passed, and replaces one that was', () => {
    const news = { messages, newestBefore: 6, readSeq: 5, meId: ada.id }
    expect(dividerAfterArrival({ seq: 6, count: 1 }, news)).toEqual({ seq: 6, count: 2 })
    expect(dividerAfterArrival({ seq: 3, count: 1 }, news)).toEqual({ seq: 9, count: 1 })
    expect(dividerAfterArrival(null, news)).toEqual({ seq: 9, count: 1 })
  })
})

describe('AU-4 addresses', () => {
  test('AU-4 each page has one', () => {
    expect(routeOf('/')).toEqual({ page: 'home' })
    expect(routeOf('/c/abc')).toEqual({ page: 'conversation', id: 'abc', seq: null })
    expect(routeOf('/c/abc/m/7')).toEqual({ page: 'conversation', id: 'abc', seq: 7 })
    expect(routeOf('/u/ada')).toEqual({ page: 'person', username: 'ada' })
    expect(routeOf('/settings')).toEqual({ page: 'settings' })
    for (const path of ['/c/abc/def', '/c/abc/m', '/c/abc/m/0', '/c/abc/m/x', '/c/abc/m/7/8']) {
      expect(routeOf(path), path).toEqual({ page: 'unknown' })
    }
  })

  test.each([
    ['/c/abc?x=1', '/c/abc?x=1'],
    ['https://evil.example/c/abc', '/'],
    ['//evil.example/c/abc', '/'],
    ['/.//evil.example/c/abc', '/'],
    ['/x/..//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/sign-in?next=//evil.example', '/'],
    ['/sign-up', '/'],
    ['javascript:alert(1)', '/'],
    [undefined, '/'],
  ])('AU-4 after sign-in %s leads to %s', (next, path) => {
    expect(safeNext(next, 'https://chat.example.org')).toBe(path)
  })
})
