/** Changes of messages on their way: what is shown meanwhile, and what of them is worth sending. */
import { describe, expect, it } from 'vitest'
import { applyChange, withPending } from '../../src/client/changes.ts'
import { Outbox, type PendingChange } from '../../src/client/outbox.ts'
import { type Doing, memoryStore, type StoredOperation } from '../../src/client/store.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { FakeUploads } from '../support/fake-uploads.ts'
import { message } from '../support/messages.ts'
import { ada, grace, uuid } from '../support/people.ts'

const HERE = 'f'.repeat(64)
let ids = 0

function doing(what: Doing): StoredOperation {
  ids += 1
  return { ...what, id: uuid(ids), userId: ada.id, conversationId: HERE, createdAt: ids }
}

/** An outbox that is loaded, and live where `isLive`; what it sends stands in `wire`. */
async function desk(isLive: boolean) {
  const wire: StoredOperation[] = []
  const refused: PendingChange[] = []
  const store = memoryStore()
  const clock = new FakeClock()
  const outbox = new Outbox({
    conversationId: HERE,
    userId: ada.id,
    store,
    uploads: new FakeUploads(clock, store).uploads,
    clock,
    transmit: (operation) => wire.push(operation) > 0,
    onRefused: (operation) => refused.push(operation),
    onUnanswered: () => {},
    onChange: () => {},
  })
  await outbox.load()
  if (isLive) outbox.resume()
  return { outbox, wire, refused, store }
}

describe('what waits', () => {
  it.each<[string, Doing[], string[]]>([
    [
      'a reaction put on and taken off again is nothing',
      [
        { type: 'react', target: 1, emoji: '👍', on: true },
        { type: 'react', target: 1, emoji: '👍', on: false },
      ],
      [],
    ],
    [
      'another emoji, or another message, is another reaction',
      [
        { type: 'react', target: 1, emoji: '👍', on: true },
        { type: 'react', target: 1, emoji: '🎉', on: true },
        { type: 'react', target: 2, emoji: '👍', on: false },
      ],
      ['react', 'react', 'react'],
    ],
    [
      'an edit gives way to the next',
      [
        { type: 'edit', target: 1, text: 'first' },
        { type: 'edit', target: 1, text: 'second' },
      ],
      ['edit second'],
    ],
    [
      'nothing needs changing in what is to be deleted',
      [
        { type: 'edit', target: 1, text: 'first' },
        { type: 'react', target: 1, emoji: '👍', on: true },
        { type: 'react', target: 2, emoji: '👍', on: true },
        { type: 'delete', target: 1 },
      ],
      ['react', 'delete'],
    ],
    [
      'a pin and its end are nothing; what was said stays in its place',
      [
        { type: 'pin', target: 1, on: true },
        { type: 'send', text: 'hello', replyTo: null },
        { type: 'pin', target: 1, on: false },
      ],
      ['send hello'],
    ],
  ])('%s', async (_, doings, expected) => {
    const { outbox, wire, store } = await desk(false)
    for (const each of doings) await outbox.add(doing(each))
    expect(await store.operations(ada.id)).toHaveLength(expected.length)
    outbox.resume()
    for (let seq = 1; wire.length > 0 && seq <= expected.length; seq += 1) {
      outbox.acked([{ id: wire.at(-1)?.id ?? '', seq }])
    }
    expect(wire.map((each) => ('text' in each ? `${each.type} ${each.text}` : each.type))).toEqual(expected)
  })

  it('what is under way is not taken back: the opposite follows it', async () => {
    const { outbox, wire } = await desk(true)
    await outbox.add(doing({ type: 'react', target: 1, emoji: '👍', on: true }))
    await outbox.add(doing({ type: 'react', target: 1, emoji: '👍', on: false }))
    outbox.acked([{ id: wire[0]?.id ?? '', seq: 5 }])
    expect(wire.map((each) => each.type === 'react' && each.on)).toEqual([true, false])
  })

  it('what may have arrived before the connection was lost is not taken back: the opposite follows it', async () => {
    const on = doing({ type: 'react', target: 1, emoji: '👍', on: true })
    const off = doing({ type: 'react', target: 1, emoji: '👍', on: false })
    const { outbox, wire, store } = await desk(true)
    await outbox.add(on)
    outbox.suspend()
    await outbox.add(off)
    expect((await store.operations(ada.id)).map(({ id }) => id)).toEqual([on.id, off.id])
    outbox.resume()
    outbox.acked([{ id: on.id, seq: 5 }])
    expect(wire).toEqual([on, on, off])
  })

  it('nor what an earlier life of the page may have sent', async () => {
    const on = doing({ type: 'react', target: 1, emoji: '👍', on: true })
    const off = doing({ type: 'react', target: 1, emoji: '👍', on: false })
    const { outbox, store } = await desk(false)
    await store.put(on)
    await outbox.load()
    await outbox.add(off)
    expect((await store.operations(ada.id)).map(({ id }) => id)).toEqual([on.id, off.id])
  })

  it('a change that is refused goes, with a word why; what was said next goes on', async () => {
    const { outbox, wire, refused, store } = await desk(true)
    await outbox.add(doing({ type: 'edit', target: 1, text: 'not mine' }))
    await outbox.add(doing({ type: 'send', text: 'hello', replyTo: null }))
    outbox.refused(wire[0]?.id ?? '', { code: 'forbidden', message: 'no' })
    expect(refused.map((each) => each.type)).toEqual(['edit'])
    expect(outbox.changes(0)).toEqual([])
    expect(wire.map((each) => each.type)).toEqual(['edit', 'send'])
    expect((await store.operations(ada.id)).map((each) => each.type)).toEqual(['send'])
  })

  it('stands until its own event has been applied, and no longer', async () => {
    const { outbox, wire } = await desk(true)
    await outbox.add(doing({ type: 'delete', target: 1 }))
    outbox.acked([{ id: wire[0]?.id ?? '', seq: 7 }])
    expect(outbox.changes(6)).toHaveLength(1)
    expect(outbox.changes(7)).toEqual([])
  })
})

describe('what is shown meanwhile', () => {
  it('is the log with one’s own changes on top, and the same objects where there are none', () => {
    const messages = [
      message(1),
      message(2),
      message(3, { reactions: [{ emoji: '👍', userIds: [grace.id] }] }),
    ]
    const pending = [
      doing({ type: 'edit', target: 1, text: 'better' }),
      doing({ type: 'react', target: 3, emoji: '👍', on: true }),
    ] as PendingChange[]
    const shown = withPending(messages, pending)
    expect(shown[0]).toMatchObject({ text: 'better', editedAt: expect.any(Number) })
    expect(shown[1]).toBe(messages[1])
    expect(shown[2]?.reactions).toEqual([{ emoji: '👍', userIds: [grace.id, ada.id] }])
    expect(withPending(messages, [])).toBe(messages)
    expect(messages[0]?.text).toBe('text 1')
  })

  it('what was deleted stays deleted, whatever is told again of its earlier life', () => {
    const gone = message(1, { text: '', deletedAt: 9 })
    const told = { seq: 5, at: 5, by: ada.id, target: 1 }
    expect(applyChange(gone, { ...told, kind: 'message.edited', text: 'back', editedAt: 5 })).toBe(gone)
    expect(applyChange(gone, { ...told, kind: 'reaction.set', emoji: '👍', on: true })).toBe(gone)
  })

  it('C2 an edit whose text is gone already shows no empty bubble, and its time stays with the message', () => {
    const told = { seq: 5, at: 5, by: ada.id, target: 1 }
    const edited = applyChange(message(1), { ...told, kind: 'message.edited', text: '', editedAt: 5 })
    expect(edited).toMatchObject({ text: 'text 1', editedAt: 5 })
    const gone = applyChange(edited, { ...told, seq: 6, kind: 'message.deleted', at: 6 })
    expect(gone).toMatchObject({ text: '', editedAt: 5, deletedAt: 6 })
  })

  it('C8 a page that knows more than what has been applied is not changed back by what it knows', () => {
    const react = (seq: number, by: string, on: boolean) =>
      ({ seq, at: seq, by, target: 1, kind: 'reaction.set', emoji: '👍', on }) as const
    const reactions = [{ emoji: '👍', userIds: [ada.id, grace.id] }]
    const page = message(1, { reactions, changedSeq: 5 })
    const told = [
      react(2, ada.id, true),
      react(3, ada.id, false),
      react(4, ada.id, true),
      react(5, grace.id, true),
    ]
    expect(told.reduce(applyChange, page)).toBe(page)
    expect(applyChange(page, react(6, ada.id, false))).toMatchObject({ changedSeq: 6 })
  })
})
