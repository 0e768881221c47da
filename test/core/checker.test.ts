/** The checker of the fault tests: each way to be wrong has a name, and is found under it. */
import { describe, expect, it } from 'vitest'
import type { Message } from '../../src/protocol/index.ts'
import { check, type ViolationName } from '../support/faults/checker.ts'
import type { Invocation } from '../support/faults/history.ts'
import { type Draft, socketOf, soundHistory } from '../support/faults/sample.ts'
import { message } from '../support/messages.ts'
import { ada, alan, grace, uuid } from '../support/people.ts'

const REACTION: Invocation = {
  ...{ id: uuid(900), client: 'ada’s desk', by: ada.id, sentAt: 901, ackedSeqs: [] },
  asked: { kind: 'reaction.set', target: 7, emoji: '🎉', on: true },
  outcome: { is: 'unknown' },
}

/** One more event at the end of the log, told to nobody: a reaction of Ada's, as REACTION asks for it. */
function react(history: Draft): void {
  const seq = history.log.length + 1
  history.log.push({ seq, at: seq, by: ada.id, kind: 'reaction.set', target: 7, emoji: '🎉', on: true })
  for (const { messages } of [history.server, ...history.views]) {
    const at = messages.findIndex((each) => each.seq === 7)
    const changed = { ...message(7), reactions: [{ emoji: '🎉', userIds: [ada.id] }], changedSeq: seq }
    ;(messages as Message[])[at] = changed
  }
}

function invocationAt(history: Draft, seq: number): Invocation {
  const found = history.invocations[seq - 1]
  if (!found) throw new Error(`nothing at ${seq}`)
  return found
}

function eventsOf(history: Draft, socket: number) {
  const frame = history.sockets[socket]?.told[0]
  if (frame?.type !== 'events') throw new Error('no events')
  return frame
}

/** What Ada's desk holds, to be changed. */
function heldAll(history: Draft): Message[] {
  return (history.views[0]?.messages ?? []) as Message[]
}

/** A message of a view, to be changed. */
function heldIn(history: Draft, view: number, seq: number): Message {
  const found = history.views[view]?.messages.find((each) => each.seq === seq)
  if (!found) throw new Error(`${seq} is not held`)
  return found
}

describe('a sound history', () => {
  it('has no violations', () => {
    expect(check(soundHistory())).toEqual([])
  })

  it.each<[string, Invocation]>([
    ['nobody answered, and which is there', REACTION],
    ['the client took back too late', { ...REACTION, outcome: { is: 'withdrawn' } }],
    ['a call without a place has done', { ...REACTION, outcome: { is: 'done' } }],
  ])('may hold, once, what %s', (_, invocation) => {
    const history = soundHistory()
    react(history)
    history.invocations.push(invocation)
    expect(check(history)).toEqual([])
  })

  it.each<[string, Invocation]>([
    ['nobody answered', REACTION],
    ['was refused', { ...REACTION, outcome: { is: 'refused', code: 'conflict' } }],
    ['was taken back before it was sent', { ...REACTION, sentAt: null, outcome: { is: 'withdrawn' } }],
  ])('need not hold what %s', (_, invocation) => {
    const history = soundHistory()
    history.invocations.push(invocation)
    expect(check(history)).toEqual([])
  })

  it('G6 may tell a story of removals to who comes after it', () => {
    const history = soundHistory()
    history.sockets.push({ ...socketOf('alan’s phone', alan.id, history.log), head: 10 })
    expect(check(history)).toEqual([])
  })

  it('may have begun from a window', () => {
    const history = soundHistory()
    const { members } = history.server
    const window = { type: 'resync', reason: 'start', base: 10, hasOlder: true } as const
    const messages = structuredClone(history.server.messages.slice(-2))
    const run = { client: 'grace’s phone', userId: grace.id, after: null, head: 10 }
    history.sockets.push({ ...run, told: [{ ...window, messages, members: [...members] }] })
    expect(check(history)).toEqual([])
  })
})

describe.each<[ViolationName, [string, (history: Draft) => void][]]>([
  [
    'lost write',
    [
      ['an ack for what is not in the log', (history) => history.invocations.push(acked(11))],
      ['an ack for another’s place', (history) => history.invocations.push(acked(10))],
      [
        'one place for two',
        (history) => history.invocations.push({ ...invocationAt(history, 3), id: uuid(901) }),
      ],
      [
        'a done call that did nothing',
        (history) => history.invocations.push({ ...REACTION, outcome: { is: 'done' } }),
      ],
      [
        'other words than were said',
        (history) => Object.assign(invocationAt(history, 10).asked, { text: 'else' }),
      ],
      [
        'an edit that came to nothing',
        (history) => Object.assign(invocationAt(history, 4).asked, { text: 'else' }),
      ],
    ],
  ],
  [
    'duplicate',
    [
      ['two answers for one operation', (history) => invocationAt(history, 3).ackedSeqs.push(8)],
      [
        'an effect that happened again',
        (history) => {
          react(history)
          history.invocations.push(acked(11))
          history.log.push({ ...history.log[10], seq: 12 } as (typeof history.log)[number])
        },
      ],
    ],
  ],
  ['phantom', [['what nobody asked for', react]]],
  [
    'aborted read',
    [
      [
        'what was refused, in the log',
        (history) => {
          react(history)
          history.invocations.push({ ...REACTION, outcome: { is: 'refused', code: 'forbidden' } })
        },
      ],
      ['an event that a crash took back', (history) => history.log.pop()],
      ['a message on a screen that is nowhere', (history) => history.shown.push({ client: 'x', seqs: [3] })],
    ],
  ],
  [
    'half undone',
    [
      [
        'on, taken back with its off, and there all the same',
        (history) => {
          react(history)
          const off = { ...REACTION, id: uuid(902), sentAt: null, undoes: REACTION.id } as const
          history.invocations.push({ ...REACTION, outcome: { is: 'withdrawn' } })
          history.invocations.push({ ...off, outcome: { is: 'withdrawn' } })
        },
      ],
    ],
  ],
  [
    'real-time order',
    [
      [
        'sent after a later one was acked',
        (history) => Object.assign(invocationAt(history, 3), { sentAt: 80 }),
      ],
    ],
  ],
  [
    'skip',
    [
      ['a hole in the log', (history) => history.log.splice(4, 1)],
      ['an event that was not told', (history) => eventsOf(history, 0).events.splice(4, 1)],
      ['the end of a frame that is missing', (history) => eventsOf(history, 0).events.pop()],
      ['a message that was not shown', (history) => history.shown[0]?.seqs.splice(1, 1)],
    ],
  ],
  [
    'reorder',
    [
      [
        'an event told twice',
        (history) => eventsOf(history, 0).events.splice(3, 0, ...history.log.slice(2, 3)),
      ],
      ['two that changed places', (history) => eventsOf(history, 0).events.splice(2, 2, ...swapped(history))],
      ['a screen that went back', (history) => history.shown[0]?.seqs.push(7)],
    ],
  ],
  [
    'read after removal',
    [['one event more on a removed member’s socket', (history) => tellAlanMore(history)]],
  ],
  [
    'divergence',
    [
      ['another text', (history) => Object.assign(heldIn(history, 0, 7), { text: 'something else' })],
      ['a lost edit', (history) => Object.assign(heldIn(history, 0, 1), { text: 'text 1', editedAt: null })],
      ['a lost reaction', (history) => Object.assign(heldIn(history, 1, 1), { reactions: [] })],
      ['what should be erased', (history) => Object.assign(heldIn(history, 1, 2), { text: 'text 2' })],
      ['a message that is missing', (history) => heldAll(history).pop()],
      ['a message too many', (history) => heldAll(history).push(message(11))],
      ['a message twice', (history) => heldAll(history).push(heldIn(history, 0, 10))],
      [
        'another role',
        (history) => Object.assign(history.server, { members: history.beginning.slice(0, 2) }),
      ],
      ['a pin that is gone', (history) => history.pins.push({ who: 'grace’s desk', seqs: [] })],
      [
        'an event that others were told differently',
        (history) => eventsOf(history, 1).events.splice(2, 1, toldElse(history)),
      ],
    ],
  ],
  [
    'snapshot law',
    [
      [
        'a window that is older than it says',
        (history) => {
          const window = { type: 'resync', reason: 'start', base: 10, hasOlder: true } as const
          const messages = [structuredClone(message(7)), structuredClone(message(10, { authorId: ada.id }))]
          const run = { client: 'grace’s phone', userId: grace.id, after: null, head: 10 }
          const members = [...history.server.members]
          history.sockets.push({ ...run, told: [{ ...window, messages, members }] })
        },
      ],
    ],
  ],
])('%s', (name, ways) => {
  it.each(ways)('is found: %s', (_, spoil) => {
    const history = soundHistory()
    spoil(history)
    expect(check(history).map((violation) => violation.name)).toContain(name)
  })
})

/** Ada's reaction, with an answer that names this place. */
function acked(seq: number): Invocation {
  return { ...REACTION, ackedSeqs: [seq], outcome: { is: 'acked', seq, at: 910 } }
}

function swapped({ log }: Draft) {
  return [...log.slice(3, 4), ...log.slice(2, 3)]
}

function toldElse({ log }: Draft) {
  return { ...log[2], emoji: '🎉' } as (typeof log)[number]
}

function tellAlanMore(history: Draft): void {
  const frame = eventsOf(history, 2)
  frame.events.push(...history.log.slice(6, 7))
  frame.to = 7
}
