import { beforeEach, describe, expect, it } from 'vitest'
import { Timeline } from '../../src/client/timeline.ts'
import { type Event, type ServerFrameOf, TIMELINE_MESSAGES_MAX } from '../../src/protocol/index.ts'
import { message } from '../support/messages.ts'
import { ada, alan, grace, uuid } from '../support/people.ts'

function created(seq: number): Event {
  return { seq, kind: 'message.created', at: seq, by: ada.id, message: message(seq) }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n)
}

function frameOf(...events: Event[]): ServerFrameOf<'events'> {
  return { type: 'events', from: events[0]?.seq ?? 0, to: events.at(-1)?.seq ?? 0, events }
}

function windowOf(from: number, base: number): ServerFrameOf<'resync'> {
  return {
    type: 'resync',
    reason: 'start',
    base,
    messages: range(from, base).map((seq) => message(seq)),
    members: [
      { user: ada, role: 'owner' },
      { user: grace, role: 'member' },
    ],
    hasOlder: from > 1,
  }
}

let timeline: Timeline
beforeEach(() => {
  timeline = new Timeline()
  timeline.reset(windowOf(8, 10), 'epoch-1')
})

const seqs = () => timeline.messages.map(({ seq }) => seq)

describe('timeline', () => {
  it('begins with a window', () => {
    expect(new Timeline().isLoaded).toBe(false)
    expect(timeline.isLoaded).toBe(true)
    expect([timeline.lastSeq, timeline.hasOlder, seqs()]).toEqual([10, true, [8, 9, 10]])
  })

  it('G4 applies what follows', () => {
    expect(timeline.apply(frameOf(created(11), created(12)))).toBe(true)
    expect([timeline.lastSeq, seqs()]).toEqual([12, [8, 9, 10, 11, 12]])
  })

  it('G4 applies nothing over a gap, and says so', () => {
    const { messages } = timeline
    expect(timeline.apply(frameOf(created(12), created(13)))).toBe(false)
    expect(timeline.lastSeq).toBe(10)
    expect(timeline.messages).toBe(messages)
  })

  it('R3 passes over what it holds, and takes what is new', () => {
    expect(timeline.apply(frameOf(created(9), created(10), created(11)))).toBe(true)
    expect(seqs()).toEqual([8, 9, 10, 11])
  })

  it('R3 an exact duplicate changes nothing, not even the array', () => {
    const frame = frameOf(created(11))
    timeline.apply(frame)
    const { messages, members } = timeline
    expect(timeline.apply(frame)).toBe(true)
    expect(timeline.apply(frameOf(created(3)))).toBe(true)
    expect(timeline.messages).toBe(messages)
    expect(timeline.members).toBe(members)
    expect(timeline.lastSeq).toBe(11)
  })

  it('F3 an event of a kind that it does not know still has its place', () => {
    timeline.apply(frameOf({ seq: 11, kind: 'message.pinned', at: 1, by: ada.id, target: 9, on: true }))
    expect(timeline.lastSeq).toBe(11)
    expect(timeline.apply(frameOf(created(12)))).toBe(true)
    expect(seqs()).toEqual([8, 9, 10, 12])
  })

  it('a window replaces everything, also where it goes back', () => {
    timeline.reset(windowOf(3, 4), 'epoch-2')
    expect([timeline.epoch, timeline.lastSeq, seqs()]).toEqual(['epoch-2', 4, [3, 4]])
    expect(timeline.apply(frameOf(created(5)))).toBe(true)
  })
})

describe('timeline: older pages', () => {
  function prepend(from: number, to: number, first = timeline.messages[0]): void {
    if (!first) throw new Error('nothing is held')
    timeline.prepend(
      { messages: range(from, to).map((seq) => message(seq)), hasOlder: from > 1, hasNewer: true },
      first,
    )
  }

  it('go before what is held, without doubles', () => {
    prepend(4, 7)
    prepend(1, 5)
    expect(seqs()).toEqual(range(1, 10))
    expect(timeline.hasOlder).toBe(false)
  })

  it('G4 a page is dropped where a window has replaced what it was to go before', () => {
    const [first] = timeline.messages
    timeline.reset(windowOf(900, 950), 'epoch-1')
    prepend(4, 7, first)
    expect(seqs()).toEqual(range(900, 950))
    expect(timeline.hasOlder).toBe(true)
  })

  it('G4 a page is dropped where what it was to go before was trimmed away meanwhile', () => {
    const [first] = timeline.messages
    timeline.apply(frameOf(...range(11, 10 + TIMELINE_MESSAGES_MAX).map(created)))
    prepend(4, 7, first)
    expect(timeline.messages[0]?.seq).toBe(11)
  })
})

describe('timeline: memory', () => {
  it(`G7 keeps the newest ${TIMELINE_MESSAGES_MAX}, and knows that there are older ones`, () => {
    timeline.reset(windowOf(1, 10), 'epoch-1')
    timeline.apply(frameOf(...range(11, TIMELINE_MESSAGES_MAX).map(created)))
    expect([timeline.messages.length, timeline.hasOlder]).toEqual([TIMELINE_MESSAGES_MAX, false])
    timeline.apply(frameOf(created(TIMELINE_MESSAGES_MAX + 1)))
    expect([timeline.messages.length, timeline.hasOlder]).toEqual([TIMELINE_MESSAGES_MAX, true])
    expect(timeline.messages[0]?.seq).toBe(2)
  })
})

describe('timeline: members', () => {
  const added: Event = { seq: 11, kind: 'member.added', at: 1, by: ada.id, user: alan, role: 'guest' }

  it('come, change and go, each time in a new map', () => {
    const before = timeline.members
    timeline.apply(frameOf(added))
    const come = timeline.members
    timeline.apply(
      frameOf({ seq: 12, kind: 'member.changed', at: 1, by: ada.id, userId: alan.id, role: 'admin' }),
    )
    const renamed = { ...alan, displayName: 'A. M. Turing' }
    timeline.apply(
      frameOf({
        seq: 13,
        kind: 'member.changed',
        at: 1,
        by: alan.id,
        userId: alan.id,
        role: 'admin',
        user: renamed,
      }),
    )
    const changed = timeline.members
    timeline.apply(
      frameOf({ seq: 14, kind: 'member.removed', at: 1, by: ada.id, userId: alan.id, reason: 'removed' }),
    )
    expect(before.has(alan.id)).toBe(false)
    expect(come.get(alan.id)).toEqual({ user: alan, role: 'guest' })
    expect(changed.get(alan.id)).toEqual({ user: renamed, role: 'admin' })
    expect([...timeline.members.keys()]).toEqual([ada.id, grace.id])
  })

  it('stay the same map while only messages come', () => {
    const before = timeline.members
    timeline.apply(frameOf(created(11)))
    expect(timeline.members).toBe(before)
  })

  it('a change of someone who is not known is passed over', () => {
    timeline.apply(
      frameOf({ seq: 11, kind: 'member.changed', at: 1, by: ada.id, userId: uuid(9), role: 'admin' }),
    )
    expect(timeline.members.has(uuid(9))).toBe(false)
  })
})
