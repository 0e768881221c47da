/** What is saved, as one device knows it: at once here, soon everywhere, and never asked for by who saves nothing. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { Saved } from '../../src/client/saved.ts'
import type { InboxSavedFrame } from '../../src/protocol/index.ts'
import { settle } from '../support/fake-clock.ts'
import { FakeSaved } from '../support/saved-calls.ts'

const HERE = 'a'.repeat(64)
const THERE = 'b'.repeat(64)

let server: FakeSaved
let saved: Saved

function places({ marks }: Saved): string[] {
  return [...marks].flatMap(([id, seqs]) => [...seqs].map((seq) => `${id} ${seq}`)).sort()
}

beforeEach(() => {
  server = new FakeSaved()
  saved = new Saved({ api: server, onChange: () => {} })
  server.follow((frame) => saved.hear(frame))
})

describe('K3 marks', () => {
  it('K3 are not asked for where nothing was ever saved', async () => {
    await settle()
    expect(places(saved)).toEqual([])
    expect(server.calls).toEqual([])
  })

  it('K3 are asked for once on connecting, and then follow each change', async () => {
    server.set(HERE, 1, true)
    server.follow((frame) => saved.hear(frame))
    saved = new Saved({ api: server, onChange: () => {} })
    saved.hear(server.standing)
    await settle()
    server.set(THERE, 2, true)
    server.set(HERE, 1, false)
    expect(places(saved)).toEqual([`${THERE} 2`])
    expect(server.calls.slice(-1)).toEqual(['marks'])
    expect(server.calls.filter((call) => call === 'marks')).toHaveLength(1)
    saved.hear(server.standing)
    await settle()
    expect(server.calls.filter((call) => call === 'marks')).toHaveLength(1)
  })

  it('K3 what was missed is noticed, and all are asked for anew', async () => {
    server.set(HERE, 1, true)
    server.follow(() => {})
    server.set(HERE, 2, true)
    server.set(HERE, 1, false)
    server.follow((frame) => saved.hear(frame))
    server.set(HERE, 3, true)
    await settle()
    expect(places(saved)).toEqual([`${HERE} 2`, `${HERE} 3`])
  })

  it('K3 a change that overtakes the answer is not lost', async () => {
    server.set(HERE, 1, true)
    saved = new Saved({ api: server, onChange: () => {} })
    let open = () => {}
    server.gate = new Promise((resolve) => (open = resolve))
    saved.hear(server.standing)
    await settle()
    server.set(HERE, 2, true)
    open()
    await settle()
    expect(places(saved)).toEqual([`${HERE} 1`, `${HERE} 2`])
  })

  it('K3 a call that fails is made again with the next connection', async () => {
    server.set(HERE, 1, true)
    saved = new Saved({ api: server, onChange: () => {} })
    server.failures.push(new Error('offline'))
    saved.hear(server.standing)
    await settle()
    expect(places(saved)).toEqual([])
    saved.hear(server.standing)
    await settle()
    expect(places(saved)).toEqual([`${HERE} 1`])
  })
})

describe('K1 one’s own changes', () => {
  it('K1 show at once, and stay', async () => {
    const saving = saved.change({ conversationId: HERE, seq: 1, on: true })
    expect(places(saved)).toEqual([`${HERE} 1`])
    await saving
    expect(places(saved)).toEqual([`${HERE} 1`])
    expect(server.rev).toBe(1)
  })

  it('K1 stay without a socket, until one says where it stands', async () => {
    server.follow(() => {})
    await saved.change({ conversationId: HERE, seq: 1, on: true })
    expect(places(saved)).toEqual([`${HERE} 1`])
    saved.hear(server.standing)
    await settle()
    expect(places(saved)).toEqual([`${HERE} 1`])
  })

  it('K1 are taken back where the server does not take them', async () => {
    server.failures.push(new Error('no'))
    const saving = saved.change({ conversationId: HERE, seq: 1, on: true })
    expect(places(saved)).toEqual([`${HERE} 1`])
    await expect(saving).rejects.toThrow('no')
    expect(places(saved)).toEqual([])
  })

  it('K1 do not overtake each other, also after one that failed', async () => {
    server.failures.push(new Error('no'))
    const changes = [true, false, true, false].map((on) =>
      saved.change({ conversationId: HERE, seq: 1, on }).catch(() => {}),
    )
    await Promise.all(changes)
    expect(server.calls).toEqual(['on', 'off', 'on', 'off'])
    expect([places(saved), server.places.size]).toEqual([[], 0])
  })

  it('K3 what another device did since wins over an answer that comes late', async () => {
    let open = () => {}
    server.gate = new Promise((resolve) => (open = resolve))
    const saving = saved.change({ conversationId: HERE, seq: 1, on: true })
    await settle()
    server.set(HERE, 1, false)
    open()
    await saving
    expect(places(saved)).toEqual([])
  })
})

it('K3 whatever is missed, two devices end with what the server has', async () => {
  const step = fc.record({
    device: fc.constantFrom(0, 1),
    act: fc.constantFrom('set', 'set', 'set', 'leave', 'come'),
    seq: fc.integer({ min: 1, max: 3 }),
    on: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const here = new FakeSaved()
      const devices = [0, 1].map(() => ({
        saved: new Saved({ api: here, onChange: () => {} }),
        isOpen: true,
      }))
      const tellAll = (frame: InboxSavedFrame) => {
        for (const { saved, isOpen } of devices) if (isOpen) saved.hear(frame)
      }
      here.follow(tellAll)
      for (const { device, act, seq, on } of steps) {
        const one = devices[device]
        if (!one) continue
        if (act === 'set') void one.saved.change({ conversationId: HERE, seq, on })
        else one.isOpen = act === 'come'
        if (act === 'come') one.saved.hear(here.standing)
        if (seq === 1) await settle()
      }
      await settle()
      for (const one of devices) {
        one.isOpen = true
        one.saved.hear(here.standing)
      }
      await settle()
      for (const { saved } of devices) expect(places(saved)).toEqual([...here.places].sort())
    }),
    { numRuns: 100 },
  )
})
