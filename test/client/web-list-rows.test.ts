// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest'
import type { InboxRow } from '../../src/protocol/index.ts'
import { filtered, heldOrder, inOrder, titleCount } from '../../web/state/list-rows.ts'
import { titleOf } from '../../web/state/title.ts'
import { badgeOf } from '../../web/ui/badge.ts'
import { directWith, grace, groupCalled } from './web-stage.tsx'

const NOW = new Date(2026, 10, 22, 12).getTime()
const plain = { now: NOW, isMarked: false }

function row(id: string, updatedAt: number, more: Partial<InboxRow> = {}): InboxRow {
  return directWith(grace, { id, updatedAt, ...more })
}

const ids = (rows: readonly InboxRow[]) => rows.map(({ id }) => id).join('')

describe('CL-2 the order of the list', () => {
  test('CL-2 pinned ones come first, then the newest message, and equals stay where they are', () => {
    const rows = [row('b', 5), row('a', 5), row('c', 9), row('d', 1, { pinned: true })]
    expect(ids(inOrder(rows))).toBe('dcab')
    expect(ids(inOrder([...rows].reverse()))).toBe('dcab')
  })

  test('CL-2 neither a draft, nor a read, nor a mute moves a row', () => {
    const rows = [row('a', 9), row('b', 5)]
    const changed = [
      rows[0],
      row('b', 5, { unread: 7, mutedUntil: NOW, draft: { text: 'x', replyTo: null, editedAt: NOW } }),
    ].filter((each) => each !== undefined)
    expect(ids(inOrder(changed))).toBe(ids(inOrder(rows)))
  })

  test('CL-2 under a pressed pointer what is there stays, and what is new comes last', () => {
    const rows = [row('n', 99), row('b', 9), row('a', 5)]
    expect(ids(heldOrder(rows, ['a', 'x', 'b']))).toBe('abn')
  })
})

describe('CL-7 filters', () => {
  const rows = [
    row('a', 9, { unread: 2 }),
    row('b', 8),
    row('c', 7, { unread: 1, mentions: 1 }),
    row('d', 6, { hidden: true, unread: 3 }),
    row('e', 5),
  ]
  const isMarked = ({ id }: InboxRow) => id === 'e'

  test.each([
    ['all', null, 'abce'],
    ['unread', null, 'ace'],
    ['mentions', null, 'c'],
    ['unread', 'b', 'abce'],
    ['all', 'd', 'abcde'],
  ] as const)('CL-7 "%s" while %s is kept shows %s', (filter, keptId, shown) => {
    expect(ids(filtered(rows, filter, keptId, isMarked))).toBe(shown)
  })
})

describe('CL-5 badges', () => {
  test.each([
    [{ unread: 0 }, { count: null, mentions: null }],
    [{ unread: 1 }, { count: '1', mentions: null }],
    [{ unread: 99 }, { count: '99', mentions: null }],
    [{ unread: 100 }, { count: '99+', mentions: null }],
    [
      { unread: 3, mentions: 1 },
      { count: '3', mentions: '@1' },
    ],
    [
      { unread: 1, mentions: 1 },
      { count: null, mentions: '@1' },
    ],
    [
      { unread: -1, mentions: -2 },
      { count: null, mentions: null },
    ],
  ])('CL-5 %o shows %o', (more, badge) => {
    expect(badgeOf(row('a', 1, more), plain)).toMatchObject({ ...badge, isDot: false, isHollow: false })
  })

  test('CL-5 muted is hollow until the mute ends, and "nothing" is hollow for good', () => {
    const muted = row('a', 1, { unread: 2, mutedUntil: NOW + 1 })
    expect(badgeOf(muted, plain).isHollow).toBe(true)
    expect(badgeOf(muted, { ...plain, now: NOW + 1 }).isHollow).toBe(false)
    expect(badgeOf(row('a', 1, { level: 'none' }), plain).isHollow).toBe(true)
  })

  test('CL-5 marked as unread by hand is a dot without a number', () => {
    expect(badgeOf(row('a', 1, { unread: 4 }), { ...plain, isMarked: true })).toMatchObject({
      isDot: true,
      count: null,
      mentions: null,
    })
  })
})

describe('NO-1 the title', () => {
  test('NO-1 counts direct messages and mentions elsewhere, of what is not muted', () => {
    const rows = [
      row('a', 1, { unread: 2 }),
      groupCalled('Hike', { unread: 40, mentions: 1 }),
      row('b', 1, { unread: 5, mutedUntil: NOW + 1 }),
      row('c', 1, { unread: 5, mentions: 1, level: 'none' }),
      row('d', 1, { unread: 5, mentions: 1, level: 'mentions' }),
      row('e', 1, { unread: -3 }),
    ]
    expect(titleCount(rows, NOW)).toBe(4)
    expect(titleCount(rows, NOW + 1)).toBe(9)
  })

  test('NO-1 puts the number first and stops counting at 99', () => {
    expect(titleOf('Grace Hopper', 3)).toBe('(3) Grace Hopper – Edgewise')
    expect(titleOf(null, 100)).toBe('(99+) Edgewise')
    expect(titleOf(null, 0)).toBe('Edgewise')
  })
})
