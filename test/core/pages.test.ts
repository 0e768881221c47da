import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventsPage, messagesPage, type PagePosition } from '../../src/conversation/http.ts'
import { putMember } from '../../src/conversation/membership.ts'
import type { MessagesAnswer } from '../../src/protocol/index.ts'
import { Refusal } from '../../src/refusal.ts'
import { Bench } from '../support/conversation.ts'
import { ada, grace, user } from '../support/people.ts'

/** A conversation whose log is what the letters say: m a message, e another event. */
function logOf(letters: string): Bench {
  const bench = new Bench({ sends10s: 10_000, sends60s: 10_000 })
  let isAdmin = false
  for (const letter of letters) {
    if (letter === 'm') bench.send(ada)
    else {
      isAdmin = !isAdmin
      const turn = { store: bench.store, actor: bench.turn(ada).member, now: bench.now }
      putMember(turn, grace, isAdmin ? 'admin' : 'member')
    }
  }
  return bench
}

function seqsOf(letters: string): number[] {
  return [...letters].flatMap((letter, n) => (letter === 'm' ? [n + 1] : []))
}

function page(bench: Bench, position: PagePosition, limit: number): [number[], boolean, boolean] {
  const { messages, hasOlder, hasNewer }: MessagesAnswer = messagesPage(bench.store, position, limit)
  return [messages.map(({ seq }) => seq), hasOlder, hasNewer]
}

const logs = fc
  .array(fc.constantFrom('m', 'm', 'm', 'e'), { maxLength: 25 })
  .map((letters) => letters.join(''))
const limits = fc.integer({ min: 1, max: 10 })
const RUNS = { numRuns: 60, seed: 1 }

describe('pages of messages', () => {
  it('L2 G5 150 messages are exactly three pages of 50, and the third knows that it is the last', () => {
    const bench = logOf('m'.repeat(150))
    const first = messagesPage(bench.store, {}, 50)
    const second = messagesPage(bench.store, { before: first.messages[0]?.seq }, 50)
    const third = messagesPage(bench.store, { before: second.messages[0]?.seq }, 50)
    const pages = [first, second, third]
    expect(pages.map(({ messages }) => [messages[0]?.seq, messages.at(-1)?.seq, messages.length])).toEqual([
      [101, 150, 50],
      [51, 100, 50],
      [1, 50, 50],
    ])
    expect(pages.map(({ hasOlder }) => hasOlder)).toEqual([true, true, false])
    expect(pages.map(({ hasNewer }) => hasNewer)).toEqual([false, true, true])
  })

  it('L2 an empty conversation has one empty page, wherever it is asked', () => {
    const bench = logOf('')
    for (const position of [{}, { before: 1 }, { after: 0 }, { around: 1 }]) {
      expect(page(bench, position, 50)).toEqual([[], false, false])
    }
  })

  it('L2 a log of other events only has no messages', () => {
    expect(page(logOf('eee'), {}, 50)).toEqual([[], false, false])
  })

  it('L2 what lies between messages is no message, and hides none', () => {
    const bench = logOf('memmeem')
    expect(page(bench, {}, 2)).toEqual([[4, 7], true, false])
    expect(page(bench, { before: 4 }, 2)).toEqual([[1, 3], false, true])
    expect(page(bench, { after: 1 }, 2)).toEqual([[3, 4], true, true])
    expect(page(bench, { after: 4 }, 2)).toEqual([[7], true, false])
    expect(page(bench, { around: 4 }, 2)).toEqual([[3, 4], true, true])
  })

  it('L2 going back from the newest gives everything once, whatever the log and the limit', () => {
    fc.assert(
      fc.property(logs, limits, (letters, limit) => {
        const bench = logOf(letters)
        let all: number[] = []
        for (let before: number | undefined; ; ) {
          const [seqs, hasOlder, hasNewer] = page(bench, before === undefined ? {} : { before }, limit)
          expect(hasNewer).toBe(before !== undefined)
          all = [...seqs, ...all]
          if (!hasOlder) break
          expect(seqs).toHaveLength(limit)
          before = seqs[0]
        }
        expect(all).toEqual(seqsOf(letters))
      }),
      RUNS,
    )
  })

  it('L2 going on from the beginning gives everything once too', () => {
    fc.assert(
      fc.property(logs, limits, (letters, limit) => {
        const bench = logOf(letters)
        const all: number[] = []
        for (let after = 0; ; after = all.at(-1) ?? 0) {
          const [seqs, hasOlder, hasNewer] = page(bench, { after }, limit)
          expect(hasOlder).toBe(all.length > 0)
          all.push(...seqs)
          if (!hasNewer) break
        }
        expect(all).toEqual(seqsOf(letters))
      }),
      RUNS,
    )
  })

  it('L2 around a message holds it and its neighbours, and says what lies beyond', () => {
    fc.assert(
      fc.property(logs, limits, fc.nat(), (letters, limit, pick) => {
        const known = seqsOf(letters)
        fc.pre(known.length > 0)
        const around = known[pick % known.length] ?? 0
        const [seqs, hasOlder, hasNewer] = page(logOf(letters), { around }, limit)
        const at = known.indexOf(seqs[0] ?? 0)
        expect(seqs).toContain(around)
        expect(seqs.length).toBeLessThanOrEqual(limit)
        expect(seqs).toEqual(known.slice(at, at + seqs.length))
        expect([hasOlder, hasNewer]).toEqual([at > 0, at + seqs.length < known.length])
      }),
      RUNS,
    )
  })
})

describe('pages of the log', () => {
  it('L4 gives every event once, in order, of whatever kind', () => {
    fc.assert(
      fc.property(logs, limits, (letters, limit) => {
        const bench = logOf(letters)
        const kinds: string[] = []
        for (let after = 0; after < letters.length; ) {
          const answer = eventsPage(bench.store, after, limit)
          expect([answer.from, answer.head]).toEqual([after + 1, letters.length])
          expect(answer.events.map(({ seq }) => seq)).toEqual(answer.events.map((_, n) => answer.from + n))
          expect(answer.events.length).toBe(Math.min(limit, letters.length - after))
          kinds.push(...answer.events.map(({ kind }) => (kind === 'message.created' ? 'm' : 'e')))
          after = answer.to
        }
        expect(kinds.join('')).toBe(letters)
      }),
      RUNS,
    )
  })

  it('L4 at the head there is nothing yet; beyond it is another history', () => {
    const bench = logOf('mm')
    expect(eventsPage(bench.store, 2, 10)).toMatchObject({ from: 3, to: 2, head: 2, events: [] })
    expect(() => eventsPage(bench.store, 3, 10)).toThrow(Refusal)
    expect(() => eventsPage(bench.store, 3, 10)).toThrow(expect.objectContaining({ code: 'conflict' }))
  })

  it('L4 G5 is cut by size too, and goes on from there without a loss', () => {
    const bench = new Bench({ sends10s: 1_000, sends60s: 1_000 })
    for (let n = 0; n < 100; n += 1) bench.send(user(1), { text: '가'.repeat(4_000) })
    const seqs: number[] = []
    let calls = 0
    for (let after = 0; after < 100; calls += 1) {
      const answer = eventsPage(bench.store, after, 500)
      seqs.push(...answer.events.map(({ seq }) => seq))
      after = answer.to
    }
    expect(seqs).toEqual(Array.from({ length: 100 }, (_, n) => n + 1))
    expect(calls).toBeGreaterThan(1)
  })
})
