/** I3: what is unread, counted exactly, however far behind a marker lies and whatever was counted before. */
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { UnreadCounts } from '../../src/conversation/unread.ts'
import { COUNT_MAX, COUNTED_MAX, type User } from '../../src/protocol/index.ts'
import { ackOf, Bench } from '../support/conversation.ts'
import { ada, alan, grace } from '../support/people.ts'

const PEOPLE = [ada, grace, alan]
const NO_LIMITS = { sends10s: 1_000_000, sends60s: 1_000_000 }

/** Counted by hand: what each message is to this person. */
function fresh(bench: Bench, who: User): { unread: number; mentions: number } {
  const { member } = bench.turn(who)
  const marker = Math.min(member.read_seq, (member.unread_from ?? Number.POSITIVE_INFINITY) - 1)
  const others = bench.store
    .messagesAfter(marker, 10_000)
    .filter((message) => message.authorId !== who.id && message.deletedAt === null)
  const calls = (mention: string) => mention === who.id || mention === 'all' || mention === 'here'
  const called = others.filter((message) => message.mentions.some(calls))
  return { unread: Math.min(others.length, COUNT_MAX), mentions: Math.min(called.length, COUNT_MAX) }
}

function counted(bench: Bench, who: User, counts = bench.store.unread) {
  return counts.of(bench.turn(who).member, bench.store.conversation().head)
}

function keptRows(bench: Bench): number {
  return bench.store.sql.all('SELECT * FROM unread_counts').length
}

const who = fc.nat(PEOPLE.length - 1)
const place = fc.nat(40)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send'), who, place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete'), who, place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit'), who, place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('read'), who, place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unread'), who, place }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('count'), who, place }) },
)

/** @returns the first count that differs from the one by hand */
function play(steps: readonly { do: string; who: number; place: number }[]): string | undefined {
  const bench = new Bench(NO_LIMITS)
  const counts = new UnreadCounts(bench.store.sql, 3)
  // The object has one; here it is the one that keeps early.
  Object.defineProperty(bench.store, 'unread', { value: counts })
  const own = new Map<number, User>()
  for (const [n, { do: what, who, place }] of steps.entries()) {
    const person = PEOPLE[who] ?? ada
    const target = [...own.keys()][place % Math.max(own.size, 1)]
    if (what === 'send') {
      own.set(ackOf(bench.send(person, { text: place % 3 === 0 ? 'hey @grace' : 'hello' })).seq, person)
    } else if (what === 'read') bench.store.setRead(person.id, place)
    else if (what === 'unread') bench.store.setUnreadFrom(person.id, place + 1)
    else if (what === 'count') {
      const [is, should] = [counted(bench, person, counts), fresh(bench, person)]
      if (JSON.stringify(is) !== JSON.stringify(should)) {
        return `step ${n}: ${JSON.stringify(is)} for ${JSON.stringify(should)}`
      }
    } else if (target !== undefined && bench.store.message(target)?.deletedAt === null) {
      const author = own.get(target) ?? ada
      const frame = { id: bench.id(), target }
      if (what === 'delete') bench.perform(author, { type: 'delete', ...frame })
      else bench.perform(author, { type: 'edit', text: `edited ${n} ${n % 2 ? '@grace' : ''}`, ...frame })
    }
  }
  return undefined
}

afterEach(() => void vi.restoreAllMocks())

describe('I3 unread', () => {
  it('is what a count by hand says, after any history', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        expect(play(steps)).toBeUndefined()
      }),
      { numRuns: 400 },
    )
  })

  it('the property notices a count that outlives a deletion', () => {
    vi.spyOn(UnreadCounts.prototype, 'changed').mockImplementation(() => {})
    const result = fc.check(
      fc.property(fc.array(step, { minLength: 30, maxLength: 60 }), (steps) => play(steps) === undefined),
      { numRuns: 1_000, seed: 1 },
    )
    expect(result.failed).toBe(true)
  })

  it('finds what lies under thousands of own messages, and reads them once', () => {
    const bench = new Bench(NO_LIMITS)
    bench.send(grace, { text: 'are you there, @ada?' })
    for (let n = 0; n < COUNTED_MAX * 3; n += 1) bench.send(ada)
    expect(counted(bench, ada)).toEqual({ unread: 1, mentions: 1 })
    expect(keptRows(bench)).toBe(1)
    const first = vi.spyOn(bench.store.sql, 'first')
    bench.send(alan)
    expect(counted(bench, ada)).toEqual({ unread: 2, mentions: 1 })
    const from = first.mock.calls.filter(([query]) => query.includes('FROM messages')).at(-1)?.[1]
    expect(from).toBe(COUNTED_MAX * 3 + 1)
  })

  it('keeps nothing for who is not far behind', () => {
    const bench = new Bench(NO_LIMITS)
    for (let n = 0; n < COUNTED_MAX; n += 1) bench.send(ada)
    expect(counted(bench, grace)).toEqual({ unread: COUNT_MAX, mentions: 0 })
    expect(keptRows(bench)).toBe(0)
  })
})
