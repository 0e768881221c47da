// @vitest-environment happy-dom
import { act } from 'preact/test-utils'
import { expect, test } from 'vitest'
import type { Member } from '../../src/protocol/index.ts'
import { Reactions } from '../../web/ui/Reactions.tsx'
import { hasReacted, reactorNames } from '../../web/ui/reactions.ts'
import { ada, button, fakeConversation, grace, stage } from './web-stage.tsx'

const MEMBERS = new Map<string, Member>([ada, grace].map((user) => [user.id, { user, role: 'member' }]))

async function chips() {
  const { conversation } = fakeConversation()
  const reactions = [
    { emoji: '👍', userIds: [ada.id, grace.id] },
    { emoji: '🎉', userIds: [grace.id] },
  ]
  const { root } = await stage(() => (
    <Reactions conversation={conversation} seq={7} reactions={reactions} members={MEMBERS} meId={ada.id} />
  ))
  return { root, conversation }
}

test('MA-4 a chip says who, oneself last, and whether it is one’s own', async () => {
  const { root } = await chips()
  expect(button(root, '👍 2, Grace Hopper and you').getAttribute('aria-pressed')).toBe('true')
  expect(button(root, '🎉 1, Grace Hopper').getAttribute('aria-pressed')).toBe('false')
})

test('MA-4 a press takes one’s own back, and joins another’s', async () => {
  const { root, conversation } = await chips()
  act(() => button(root, '👍 2, Grace Hopper and you').click())
  act(() => button(root, '🎉 1, Grace Hopper').click())
  expect(conversation.react.mock.calls).toEqual([
    [7, '👍', false],
    [7, '🎉', true],
  ])
})

test('MA-4 past eight names the rest is a number, and who has left has no name', async () => {
  await chips()
  const strangers = Array.from({ length: 10 }, (_, n) => `stranger-${n}`)
  const names = reactorNames([...strangers, ada.id], MEMBERS, ada.id)
  expect(names).toMatch(/^(Deleted user, ){8}2 more,? and you$/)
})

test('M16 whether one has reacted is asked per kind', () => {
  const reactions = [{ emoji: '👍', userIds: [grace.id] }]
  expect(hasReacted(reactions, '👍', grace.id)).toBe(true)
  expect(hasReacted(reactions, '👍', ada.id)).toBe(false)
  expect(hasReacted(reactions, '🎉', grace.id)).toBe(false)
})
