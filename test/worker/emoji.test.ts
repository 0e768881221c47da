import english from 'emoji-picker-element-data/en/github/data.json'
import { expect, it } from 'vitest'
import { isEmoji } from '../../src/protocol/index.ts'
import { emojiFrom } from '../../web/state/emoji-table.ts'

it('M17 the server takes every emoji that the picker offers: this runtime knows them all', () => {
  const wanted = english.filter(({ group, version }) => group !== 2 && version <= 15.1)
  const offered = emojiFrom(english, null)
  // `emojiFrom` keeps what isEmoji says yes to, here in workerd.
  expect(offered).toHaveLength(wanted.length)
  expect(offered.every(({ text }) => isEmoji(text))).toBe(true)
})
