/** D1's row of a conversation, as it went: each way to be wrong is found under its name. */
import { expect, it } from 'vitest'
import { checkIndex, type IndexRow } from '../support/faults/check-index.ts'

const row = (rev: number, more: Partial<IndexRow> = {}): IndexRow => ({
  ...{ rev, lastSeq: rev - 1, memberCount: 3 },
  ...more,
})
const END = row(9)

it('nothing is wrong with an index that passes over some, and gets to the end', () => {
  expect(checkIndex({ seen: [row(1), row(4), END], end: END })).toEqual([])
})

it.each<[string, IndexRow[], string[]]>([
  ['is never told of the end', [row(1), row(4)], ['lost index write']],
  ['has never heard of the conversation', [], ['lost index write']],
  ['goes back, and stays there', [row(1), END, row(4)], ['stale index', 'lost index write']],
  ['goes back, and is told again', [row(1), row(6), row(4), END], ['stale index']],
  [
    'changes what it holds, and says that nothing has changed',
    [row(9, { memberCount: 2 }), END],
    ['stale index'],
  ],
  ['ends with other members than the conversation', [row(9, { memberCount: 2 })], ['stale index']],
  ['is ahead of the conversation', [END, row(10)], ['stale index']],
])('one that %s is found', (_, seen, names) => {
  expect(checkIndex({ seen, end: END }).map(({ name }) => name)).toEqual(names)
})
