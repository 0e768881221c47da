/** Edit, delete, react, pin: durable events with their own seq, done once, replayed to the same state. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Timeline } from '../../src/client/timeline.ts'
import { putMember } from '../../src/conversation/membership.ts'
import {
  type Event,
  type Message,
  PINS_MAX,
  REACTION_KINDS_MAX,
  type User,
} from '../../src/protocol/index.ts'
import { Refusal } from '../../src/refusal.ts'
import { ackOf, Bench } from '../support/conversation.ts'
import { ada, alan, grace } from '../support/people.ts'
import { codeOf } from '../support/refusals.ts'

function said(bench: Bench, who: User, text = 'hello'): number {
  return ackOf(bench.send(who, { text })).seq
}

function eventOf(effects: ReturnType<Bench['send']>): Event | undefined {
  return effects.find((effect) => effect.do === 'publish')?.event
}

/** A client that was there from the start, and one that comes now. */
function timelineOf(bench: Bench, after = 0): Timeline {
  const timeline = new Timeline()
  timeline.reset(
    { type: 'resync', reason: 'start', base: 0, messages: [], members: [], hasOlder: false },
    'e',
  )
  timeline.lastSeq = after
  for (const event of bench.store.eventsAfter(after)) {
    timeline.apply({ type: 'events', from: event.seq, to: event.seq, events: [event] })
  }
  return timeline
}

describe('edit', () => {
  it('changes the text, keeps its time, and is an event of its own', () => {
    const bench = new Bench()
    const target = said(bench, ada, 'helo')
    bench.now += 1_000
    const effects = bench.perform(ada, { type: 'edit', id: bench.id(), target, text: ' hello @grace ' })
    expect(ackOf(effects).seq).toBe(2)
    expect(eventOf(effects)).toMatchObject({
      kind: 'message.edited',
      target,
      text: 'hello @grace',
      editedAt: bench.now,
    })
    expect(bench.store.message(target)).toMatchObject({
      text: 'hello @grace',
      mentions: [grace.id],
      editedAt: bench.now,
    })
  })

  it('is its author’s alone, also against an owner', () => {
    const bench = new Bench()
    const target = said(bench, grace)
    expect(codeOf(() => bench.perform(ada, { type: 'edit', id: bench.id(), target, text: 'x' }))).toBe(
      'forbidden',
    )
    expect(bench.store.conversation().head).toBe(1)
  })

  it.each([
    ['nothing to see', { text: ' \u200b' }, 'invalid'],
    ['too much', { text: 'x'.repeat(4_001) }, 'invalid'],
    ['no such message', { target: 99 }, 'not_found'],
  ])('refuses %s', (_, wrong, code) => {
    const bench = new Bench()
    const target = said(bench, ada)
    expect(
      codeOf(() => bench.perform(ada, { type: 'edit', id: bench.id(), target, text: 'x', ...wrong })),
    ).toBe(code)
  })

  it('tells a late client what the message says now, and nobody what it said before', () => {
    const bench = new Bench()
    const target = said(bench, ada, 'the secret plan')
    bench.perform(ada, { type: 'edit', id: bench.id(), target, text: 'a first thought' })
    bench.perform(ada, { type: 'edit', id: bench.id(), target, text: 'a second thought' })
    const log = JSON.stringify([...bench.store.eventsAfter(0)])
    expect(log).not.toContain('secret')
    expect(log).not.toContain('first')
    bench.perform(ada, { type: 'delete', id: bench.id(), target })
    expect(JSON.stringify([...bench.store.eventsAfter(0)])).not.toContain('second')
    expect(JSON.stringify(bench.store.sql.all('SELECT * FROM messages'))).not.toContain('thought')
    expect(JSON.stringify(bench.store.sql.all('SELECT * FROM events'))).not.toContain('thought')
  })
})

describe('delete', () => {
  it('erases what was said and leaves its place', () => {
    const bench = new Bench()
    const target = said(bench, ada, 'regret @grace')
    bench.perform(grace, { type: 'react', id: bench.id(), target, emoji: '👍', on: true })
    bench.perform(grace, { type: 'pin', id: bench.id(), target, on: true })
    bench.perform(ada, { type: 'delete', id: bench.id(), target })
    expect(bench.store.message(target)).toMatchObject({
      ...{ text: '', mentions: [], reactions: [], attachments: [], deletedAt: bench.now, authorId: ada.id },
    })
    expect(bench.store.pinned()).toEqual([])
    for (const type of ['delete', 'edit', 'react', 'pin'] as const) {
      const frame = { id: bench.id(), target, text: 'x', emoji: '👍', on: true }
      expect(codeOf(() => bench.perform(ada, { ...frame, type }))).toBe('conflict')
    }
  })

  it('is for the author, owners and admins', () => {
    const bench = new Bench()
    const remove = (who: User, target: number) =>
      bench.perform(who, { type: 'delete', id: bench.id(), target })
    const target = said(bench, grace)
    expect(codeOf(() => remove(alan, target))).toBe('forbidden')
    putMember({ store: bench.store, actor: bench.turn(ada).member, now: bench.now }, alan, 'admin')
    remove(alan, target)
    remove(ada, said(bench, grace))
    remove(grace, said(bench, grace))
    expect(bench.store.messagesAfter(0, 10).every((message) => message.deletedAt !== null)).toBe(true)
  })
})

describe('react', () => {
  it('is one per person and emoji: 50 toggles at once end where the last one says', () => {
    const bench = new Bench()
    const target = said(bench, ada)
    for (let n = 0; n < 50; n += 1) {
      for (const who of [ada, grace]) {
        bench.perform(who, { type: 'react', id: bench.id(), target, emoji: '🎉', on: n % 2 === 0 })
      }
    }
    expect(bench.store.message(target)?.reactions).toEqual([])
    for (const who of [grace, ada, grace]) {
      bench.perform(who, { type: 'react', id: bench.id(), target, emoji: '🎉', on: true })
    }
    expect(bench.store.message(target)?.reactions).toEqual([{ emoji: '🎉', userIds: [grace.id, ada.id] }])
  })

  it('C4 C8 people stand in the order in which they came, also for who is told all of it again', () => {
    const bench = new Bench()
    const target = said(bench, ada)
    const react = (who: User, on: boolean) =>
      bench.perform(who, { type: 'react', id: bench.id(), target, emoji: '👍', on })
    for (const on of [true, false, true]) react(ada, on)
    react(grace, true)
    const stored = bench.store.messagesAfter(0, 10)
    expect(stored[0]?.reactions).toEqual([{ emoji: '👍', userIds: [ada.id, grace.id] }])
    expect(timelineOf(bench).messages).toEqual(stored)
  })

  it('takes at most 20 kinds, and more people for those', () => {
    const bench = new Bench()
    const target = said(bench, ada)
    const emoji = Array.from({ length: REACTION_KINDS_MAX + 1 }, (_, n) => String.fromCodePoint(0x1f600 + n))
    const react = (who: User, which: string) =>
      bench.perform(who, { type: 'react', id: bench.id(), target, emoji: which, on: true })
    for (const each of emoji.slice(0, -1)) react(ada, each)
    expect(codeOf(() => react(ada, emoji.at(-1) ?? ''))).toBe('conflict')
    react(grace, emoji[0] ?? '')
    expect(bench.store.message(target)?.reactions).toHaveLength(REACTION_KINDS_MAX)
  })
})

describe('pin', () => {
  it('keeps at most 50, the last pinned first, and guests do not pin', () => {
    const bench = new Bench({ sends10s: 100, sends60s: 100 })
    for (let n = 0; n <= PINS_MAX; n += 1) said(bench, ada, `${n}`)
    const pin = (who: User, target: number, on = true) => {
      bench.now += 1
      return bench.perform(who, { type: 'pin', id: bench.id(), target, on })
    }
    for (let target = 1; target <= PINS_MAX; target += 1) pin(grace, target)
    expect(codeOf(() => pin(ada, PINS_MAX + 1))).toBe('conflict')
    pin(ada, 1)
    pin(ada, 2, false)
    pin(ada, PINS_MAX + 1)
    expect(
      bench.store
        .pinned()
        .map(({ seq }) => seq)
        .slice(0, 3),
    ).toEqual([PINS_MAX + 1, 1, PINS_MAX])
    putMember({ store: bench.store, actor: bench.turn(ada).member, now: bench.now }, alan, 'guest')
    expect(codeOf(() => pin(alan, 3))).toBe('forbidden')
  })
})

describe('every change', () => {
  it('G2 is done once: a retry has the first seq, another payload is refused', () => {
    const bench = new Bench()
    const target = said(bench, ada)
    for (const frame of [
      { type: 'edit', text: 'once' },
      { type: 'react', emoji: '👍', on: true },
      { type: 'pin', on: true },
      { type: 'delete' },
    ] as const) {
      const whole = { target, id: bench.id(), text: 'once', emoji: '👍', on: true, ...frame }
      const first = ackOf(bench.perform(ada, whole))
      bench.evict()
      const again = bench.perform(ada, whole)
      expect(again).toEqual([{ do: 'ack', ack: { ...first, duplicate: true } }])
      expect(codeOf(() => bench.perform(ada, { ...whole, target: 99 }))).toBe('idempotency_mismatch')
      expect(codeOf(() => bench.send(ada, { id: whole.id, text: 'once' }))).toBe('idempotency_mismatch')
    }
    expect(bench.store.conversation().head).toBe(5)
  })

  it('refuses in an archived conversation', () => {
    const bench = new Bench()
    const target = said(bench, ada)
    bench.store.sql.run('UPDATE conversation SET archived_at = 1')
    expect(codeOf(() => bench.perform(ada, { type: 'delete', id: bench.id(), target }))).toBe('archived')
  })

  it('G5 whoever comes when, and resumes from wherever: the same messages as the server has', () => {
    const people = [ada, grace, alan]
    const step = fc.record({
      what: fc.constantFrom('send', 'send', 'edit', 'delete', 'react', 'react', 'react', 'pin'),
      who: fc.nat(2),
      target: fc.nat(12),
      emoji: fc.constantFrom('👍', '❤️', '🎉'),
      on: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), fc.nat(40), (steps, cut) => {
        const bench = new Bench({ sends10s: 100, sends60s: 100 })
        /** Was there all the time, and was told each event as it happened. */
        const live = timelineOf(bench)
        /** Was away in the middle, and resumes. */
        const resuming = timelineOf(bench)
        for (const { what, who, target, emoji, on } of steps) {
          const person = people[who] ?? ada
          const frame = { id: bench.id(), target: target + 1, text: `text ${bench.now}`, emoji, on }
          bench.now += 1
          let event: Event | undefined
          try {
            event = eventOf(
              what === 'send'
                ? bench.send(person, { text: frame.text })
                : bench.perform(person, { ...frame, type: what }),
            )
          } catch (error) {
            if (!(error instanceof Refusal)) throw error
          }
          if (!event) continue
          live.apply({ type: 'events', from: event.seq, to: event.seq, events: [event] })
          if (event.seq <= cut)
            resuming.apply({ type: 'events', from: event.seq, to: event.seq, events: [event] })
        }
        for (const event of bench.store.eventsAfter(resuming.lastSeq)) {
          resuming.apply({ type: 'events', from: event.seq, to: event.seq, events: [event] })
        }
        const stored: Message[] = bench.store.messagesAfter(0, 1_000)
        expect(live.messages).toEqual(stored)
        expect(resuming.messages).toEqual(stored)
        expect(timelineOf(bench).messages).toEqual(stored)
      }),
      { numRuns: 500 },
    )
  }, 60_000)
})
