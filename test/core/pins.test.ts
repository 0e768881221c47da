/** What is pinned: the object's word and every client's are the same list, in the same order. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Pins } from '../../src/client/pins.ts'
import { Refusal } from '../../src/refusal.ts'
import { Bench } from '../support/conversation.ts'
import { ada, grace } from '../support/people.ts'

/** A client that holds no messages: only which are pinned counts. */
function pinsOf(bench: Bench, seqs: readonly number[] = [], after = 0) {
  const pins = new Pins({ fetch: async () => [], onChange: () => {} })
  pins.reset(seqs)
  pins.apply([...bench.store.eventsAfter(after)])
  return pins.shown([], []).map(({ seq }) => seq)
}

describe('C7 pins', () => {
  it('C7 pinned again is pinned last, also where the clock stands still or goes back', () => {
    const bench = new Bench()
    for (let n = 0; n < 3; n += 1) bench.send(ada)
    const pin = (target: number) => bench.perform(ada, { type: 'pin', id: bench.id(), target, on: true })
    for (const target of [2, 1, 3]) pin(target)
    bench.now -= 60_000
    pin(2)
    expect(bench.store.pinnedSeqs()).toEqual([2, 3, 1])
    expect(bench.store.pinned().map(({ seq }) => seq)).toEqual([2, 3, 1])
    expect(pinsOf(bench)).toEqual([2, 3, 1])
  })

  it('C7 whoever was there, came back, or came with a window has the same pins', () => {
    const step = fc.record({
      what: fc.constantFrom('send', 'pin', 'pin', 'pin', 'delete', 'edit'),
      who: fc.constantFrom(ada, grace),
      target: fc.integer({ min: 1, max: 8 }),
      on: fc.boolean(),
      ms: fc.constantFrom(-5, 0, 0, 1),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 50 }), fc.nat(50), (steps, cut) => {
        const bench = new Bench({ sends10s: 1_000, sends60s: 1_000 })
        for (let n = 0; n < 4; n += 1) bench.send(ada)
        let window: { base: number; seqs: number[] } | undefined
        for (const [n, { what, who, target, on, ms }] of steps.entries()) {
          bench.now += ms
          if (n === cut) window = { base: bench.store.conversation().head, seqs: bench.store.pinnedSeqs() }
          try {
            if (what === 'send') bench.send(who)
            else bench.perform(who, { type: what, id: bench.id(), target, on, text: `text ${n}` })
          } catch (error) {
            if (!(error instanceof Refusal)) throw error
          }
        }
        const stored = bench.store.pinnedSeqs()
        expect(pinsOf(bench)).toEqual(stored)
        if (window) expect(pinsOf(bench, window.seqs, window.base)).toEqual(stored)
      }),
      { numRuns: 100 },
    )
  })
})
