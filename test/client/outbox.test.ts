import { beforeEach, describe, expect, it } from 'vitest'
import { Outbox } from '../../src/client/outbox.ts'
import { memoryStore, type Store, type StoredOperation } from '../../src/client/store.ts'
import { ANSWER_WITHIN_MS, SEND_RETRY_MS, SEND_TRIES } from '../../src/protocol/index.ts'
import { FakeClock, settle } from '../support/fake-clock.ts'
import { never } from '../support/fake-http.ts'
import { FakeUploads } from '../support/fake-uploads.ts'
import { ada, grace, uuid } from '../support/people.ts'

const HERE = 'a'.repeat(64)

function operation(n: number, conversationId = HERE): StoredOperation {
  return {
    ...{ id: uuid(n), userId: ada.id, conversationId, createdAt: n },
    ...{ type: 'send', text: `text ${n}`, replyTo: null },
  }
}

/** A store that writes down what is asked of it, and fails or hangs where it is told to. */
function watched(inner: Store, happened: string[]): Store & { fails: boolean; hangs: boolean } {
  const note = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    if (store.hangs) return never()
    if (store.fails) throw new Error('no disk')
    await settle()
    happened.push(what)
    return work()
  }
  const store = {
    ...inner,
    fails: false,
    hangs: false,
    operations: (userId: string) => note('read', () => inner.operations(userId)),
    put: (each: StoredOperation) =>
      note(`disk ${'text' in each ? each.text : each.type}`, () => inner.put(each)),
    remove: (id: string) => note(`gone ${Number(id.slice(-12))}`, () => inner.remove(id)),
  }
  return store
}

class Desk {
  readonly clock = new FakeClock()
  /** What happened, in order: on disk, on the wire, off the disk. */
  readonly happened: string[] = []
  readonly disk: Store
  readonly store: ReturnType<typeof watched>
  readonly outbox: Outbox
  /** Client ids on the wire, in order. */
  readonly wire: string[] = []
  canTransmit = true
  changes = 0
  onChange: () => void = () => {}
  unanswered = 0

  constructor(disk: Store = memoryStore()) {
    this.disk = disk
    this.store = watched(disk, this.happened)
    this.outbox = new Outbox({
      conversationId: HERE,
      userId: ada.id,
      store: this.store,
      uploads: new FakeUploads(this.clock, disk).uploads,
      clock: this.clock,
      transmit: (operation) => {
        if (!this.canTransmit) return false
        this.happened.push(`wire ${'text' in operation ? operation.text : operation.type}`)
        this.wire.push(operation.id)
        return true
      },
      onRefused: () => {},
      onUnanswered: () => {
        this.unanswered += 1
      },
      onChange: () => {
        this.changes += 1
        this.onChange()
      },
    })
  }

  /** Loaded and live, with these in it. */
  static async with(...numbers: number[]): Promise<Desk> {
    const desk = new Desk()
    await desk.outbox.load()
    desk.outbox.resume()
    for (const n of numbers) await desk.outbox.add(operation(n))
    desk.happened.length = 0
    return desk
  }

  states(lastSeq = 0): string[] {
    return this.outbox.pending(lastSeq).map(({ text, state }) => `${text} ${state}`)
  }

  refuse(n: number, code: string, retryAfterMs?: number): boolean {
    return this.outbox.refused(uuid(n), { code, message: code }, retryAfterMs)
  }
}

let desk: Desk
beforeEach(async () => {
  desk = await Desk.with()
})

describe('outbox: order', () => {
  it('puts an operation on disk before it puts it on the wire, and takes it off after the ack', async () => {
    await desk.outbox.add(operation(1))
    desk.outbox.acked([{ id: uuid(1), seq: 1 }])
    await settle()
    await settle()
    expect(desk.happened).toEqual(['disk text 1', 'wire text 1', 'gone 1'])
  })

  it('does not let a new connection, or the ack before it, overtake the disk', async () => {
    await desk.outbox.add(operation(1))
    desk.outbox.suspend()
    const added = desk.outbox.add(operation(2))
    desk.outbox.resume()
    desk.outbox.acked([{ id: uuid(1), seq: 1 }])
    expect(desk.wire).toEqual([uuid(1), uuid(1)])
    await added
    expect(desk.wire.at(-1)).toBe(uuid(2))
  })

  it('sends in order, one at a time', async () => {
    await Promise.all([1, 2, 3].map((n) => desk.outbox.add(operation(n))))
    expect(desk.wire).toEqual([uuid(1)])
    desk.outbox.acked([{ id: uuid(1), seq: 1 }])
    expect(desk.wire).toEqual([uuid(1), uuid(2)])
    desk.outbox.acked([{ id: uuid(2), seq: 2 }])
    desk.outbox.acked([{ id: uuid(3), seq: 3 }])
    expect(desk.wire).toEqual([uuid(1), uuid(2), uuid(3)])
    await settle()
    await settle()
    expect(await desk.disk.operations(ada.id)).toEqual([])
  })

  it('one whose disk is slow holds back those after it', async () => {
    desk.store.hangs = true
    void desk.outbox.add(operation(1))
    desk.store.hangs = false
    await desk.outbox.add(operation(2))
    expect(desk.wire).toEqual([])
  })

  it('G2 sends again under the same id what was under way when the connection was lost', async () => {
    await desk.outbox.add(operation(1))
    await desk.outbox.add(operation(2))
    desk.outbox.suspend()
    desk.outbox.resume()
    expect(desk.wire).toEqual([uuid(1), uuid(1)])
    desk.outbox.acked([{ id: uuid(1), seq: 1 }])
    expect(desk.wire.at(-1)).toBe(uuid(2))
  })

  it('keeps what the socket did not take', async () => {
    desk.canTransmit = false
    await desk.outbox.add(operation(1))
    expect(desk.wire).toEqual([])
    desk.canTransmit = true
    desk.outbox.resume()
    expect(desk.wire).toEqual([uuid(1)])
  })

  it('an ack that comes twice, or for nobody, changes nothing', async () => {
    await desk.outbox.add(operation(1))
    await desk.outbox.add(operation(2))
    desk.outbox.acked([{ id: uuid(1), seq: 1 }])
    desk.outbox.acked([{ id: uuid(1), seq: 1 }])
    desk.outbox.acked([{ id: uuid(9), seq: 2 }])
    expect(desk.wire).toEqual([uuid(1), uuid(2)])
    expect(desk.refuse(9, 'invalid')).toBe(false)
  })
})

describe('outbox: refusals', () => {
  beforeEach(async () => {
    desk = await Desk.with(1, 2)
  })

  it('S4 waits as long as it is told, however often, and keeps the order', async () => {
    for (let n = 1; n <= 5; n += 1) {
      desk.refuse(1, 'rate_limited', 9_000)
      await desk.clock.advance(8_999)
      expect(desk.wire).toHaveLength(n)
      await desk.clock.advance(1)
      expect(desk.wire).toEqual(Array(n + 1).fill(uuid(1)))
    }
    expect(desk.states()).toEqual(['text 1 sending', 'text 2 sending'])
  })

  it.each(['overloaded', 'unavailable', 'internal'])('tries %s three times, then shows it', async (code) => {
    for (let n = 1; n < SEND_TRIES; n += 1) {
      desk.refuse(1, code)
      expect(desk.states()[0]).toBe('text 1 sending')
      await desk.clock.advance(SEND_RETRY_MS)
    }
    expect(desk.wire).toEqual(Array(SEND_TRIES).fill(uuid(1)))
    desk.refuse(1, code)
    expect(desk.states()).toEqual(['text 1 failed', 'text 2 sending'])
    expect(desk.wire.at(-1)).toBe(uuid(2))
  })

  it('being told to wait is not a failed try', async () => {
    for (let n = 0; n < SEND_TRIES; n += 1) {
      desk.refuse(1, 'rate_limited', 100)
      await desk.clock.advance(100)
    }
    desk.refuse(1, 'overloaded')
    expect(desk.states()[0]).toBe('text 1 sending')
  })

  it.each(['invalid', 'idempotency_mismatch', 'archived', 'forbidden', 'read_only', 'not_member'])(
    '%s is final: it waits for its author, and the next one goes on',
    async (code) => {
      desk.refuse(1, code)
      expect(desk.wire).toEqual([uuid(1), uuid(2)])
      expect(desk.outbox.pending(0)[0]).toMatchObject({ state: 'failed', error: { code, message: code } })
      await settle()
      await settle()
      const [stored] = await desk.disk.operations(ada.id)
      expect(stored?.error).toEqual({ code, message: code })
    },
  )

  it('keeps of a refusal what it means, not the frame that it came in', async () => {
    const frame = { type: 'error', id: uuid(1), code: 'invalid', message: 'no' }
    desk.outbox.refused(uuid(1), frame)
    expect(desk.outbox.pending(0)[0]?.error).toEqual({ code: 'invalid', message: 'no' })
  })

  it('retry sends it again, ahead of what was said after it', async () => {
    desk.refuse(1, 'invalid')
    desk.outbox.retry(uuid(1))
    await desk.outbox.add(operation(3))
    expect(desk.states()).toEqual(['text 1 sending', 'text 2 sending', 'text 3 sending'])
    desk.outbox.acked([{ id: uuid(2), seq: 1 }])
    expect(desk.wire).toEqual([uuid(1), uuid(2), uuid(1)])
    await settle()
    expect((await desk.disk.operations(ada.id)).find(({ id }) => id === uuid(1))).toEqual(operation(1))
  })

  it('retry gives it all its tries back, and means nothing for one that did not fail', async () => {
    for (let n = 0; n < SEND_TRIES; n += 1) {
      desk.refuse(1, 'internal')
      await desk.clock.advance(SEND_RETRY_MS)
    }
    expect(desk.states()).toEqual(['text 1 failed', 'text 2 sending'])
    desk.outbox.retry(uuid(2))
    expect(desk.wire.filter((id) => id === uuid(2))).toHaveLength(1)
    desk.outbox.retry(uuid(1))
    desk.refuse(1, 'internal')
    expect(desk.states()[0]).toBe('text 1 sending')
  })

  it('discard forgets it, on disk too, and the next one goes out', async () => {
    desk.outbox.discard(uuid(1))
    expect(desk.wire).toEqual([uuid(1), uuid(2)])
    expect(desk.states()).toEqual(['text 2 sending'])
    await settle()
    expect((await desk.disk.operations(ada.id)).map(({ id }) => id)).toEqual([uuid(2)])
  })

  it('leaves no timer behind when the connection is lost while it waits', async () => {
    desk.refuse(1, 'rate_limited', 60_000)
    desk.outbox.suspend()
    expect(desk.clock.waiting).toBe(0)
    desk.outbox.resume()
    expect(desk.wire).toEqual([uuid(1), uuid(1)])
  })
})

describe('outbox: through a reload', () => {
  it('sends what an earlier life left, in order, and only what is its own', async () => {
    const disk = memoryStore()
    const left = [
      operation(2),
      operation(1),
      operation(3, 'b'.repeat(64)),
      { ...operation(4), userId: grace.id },
    ]
    for (const each of left) await disk.put(each)
    desk = new Desk(disk)
    desk.outbox.resume()
    await desk.outbox.load()
    expect(desk.states()).toEqual(['text 2 sending', 'text 1 sending'])
    desk.outbox.acked([{ id: uuid(2), seq: 1 }])
    expect(desk.wire).toEqual([uuid(2), uuid(1)])
  })

  it('a failed one is still failed, and still has its place', async () => {
    const disk = memoryStore()
    const first = await Desk.with(1, 2)
    first.refuse(1, 'invalid')
    await settle()
    for (const each of await first.disk.operations(ada.id)) await disk.put(each)
    desk = new Desk(disk)
    await desk.outbox.load()
    expect(desk.states()).toEqual(['text 1 failed', 'text 2 queued'])
  })

  it('what is said while the disk is read neither overtakes nor doubles', async () => {
    const disk = memoryStore()
    await disk.put(operation(1))
    desk = new Desk(disk)
    desk.outbox.resume()
    const loading = desk.outbox.load()
    const adding = desk.outbox.add(operation(2))
    await Promise.all([loading, adding])
    expect(desk.states()).toEqual(['text 1 sending', 'text 2 sending'])
    expect(desk.wire).toEqual([uuid(1)])
    desk.outbox.acked([{ id: uuid(1), seq: 1 }])
    expect(desk.wire).toEqual([uuid(1), uuid(2)])
  })

  it('nothing goes out before the disk was read', async () => {
    desk = new Desk()
    desk.outbox.resume()
    await desk.outbox.add(operation(1))
    expect(desk.wire).toEqual([])
    await desk.outbox.load()
    expect(desk.wire).toEqual([uuid(1)])
  })

  it('what the log has already shown when the disk is read is taken off it, and not sent again', async () => {
    const disk = memoryStore()
    await disk.put(operation(1))
    desk = new Desk(disk)
    desk.outbox.resume()
    desk.outbox.acked([{ id: uuid(1), seq: 1 }])
    await desk.outbox.load()
    expect(desk.states(1)).toEqual([])
    expect(desk.wire).toEqual([])
    await settle()
    expect(await disk.operations(ada.id)).toEqual([])
  })

  it('loading again does not bring back what was discarded, or is done, while the disk was read', async () => {
    desk = await Desk.with(1, 2)
    desk.store.operations = async () => [operation(1), operation(2)]
    const loading = desk.outbox.load()
    desk.outbox.acked([{ id: uuid(1), seq: 1 }])
    desk.outbox.discard(uuid(2))
    expect(desk.states(1)).toEqual([])
    await loading
    expect(desk.states(1)).toEqual([])
    expect(desk.wire).toEqual([uuid(1), uuid(2)])
  })
})

describe('outbox: without a disk', () => {
  it('sends all the same, in order, and fails nobody', async () => {
    desk = new Desk()
    desk.store.fails = true
    await desk.outbox.load()
    desk.outbox.resume()
    await desk.outbox.add(operation(1))
    await desk.outbox.add(operation(2))
    desk.refuse(1, 'invalid')
    desk.outbox.retry(uuid(1))
    desk.outbox.acked([{ id: uuid(2), seq: 1 }])
    desk.outbox.acked([{ id: uuid(1), seq: 2 }])
    desk.outbox.discard(uuid(1))
    await settle()
    expect(desk.wire).toEqual([uuid(1), uuid(2), uuid(1)])
    expect(desk.states(2)).toEqual([])
  })
})

describe('outbox: what is shown', () => {
  it('is queued without a connection, sending with one, and still sending once acked', async () => {
    desk = new Desk()
    await desk.outbox.load()
    await desk.outbox.add(operation(1))
    expect(desk.states()).toEqual(['text 1 queued'])
    desk.outbox.resume()
    expect(desk.states()).toEqual(['text 1 sending'])
    desk.outbox.acked([{ id: uuid(1), seq: 7 }])
    desk.outbox.suspend()
    expect(desk.states(6)).toEqual(['text 1 sending'])
  })

  it('goes exactly when the event with its seq has been applied', async () => {
    await desk.outbox.add(operation(1))
    desk.outbox.acked([{ id: uuid(1), seq: 7 }])
    expect(desk.states(6)).toHaveLength(1)
    expect(desk.states(7)).toHaveLength(0)
  })

  it('settles all that came together before it tells anyone', async () => {
    desk = await Desk.with(1, 2)
    const shown: number[] = []
    desk.onChange = () => shown.push(desk.states(2).length)
    desk.outbox.acked([
      { id: uuid(1), seq: 1 },
      { id: uuid(2), seq: 2 },
    ])
    expect(shown).toEqual([0])
  })

  it('is the same object until it changes', async () => {
    desk = await Desk.with(1, 2)
    const before = desk.outbox.pending(0)
    expect(desk.outbox.pending(0)).toBe(before)
    desk.refuse(2, 'invalid')
    const after = desk.outbox.pending(0)
    expect(after).not.toBe(before)
    expect(after[0]).toBe(before[0])
    expect(after[1]).not.toBe(before[1])
  })

  it('says when something has changed', async () => {
    for (const change of [
      () => desk.outbox.add(operation(1)),
      () => desk.outbox.suspend(),
      () => desk.outbox.resume(),
      () => desk.refuse(1, 'invalid'),
      () => desk.outbox.retry(uuid(1)),
      () => desk.outbox.acked([{ id: uuid(1), seq: 1 }]),
      () => desk.outbox.discard(uuid(1)),
    ]) {
      const before = desk.changes
      await change()
      expect(desk.changes).toBeGreaterThan(before)
    }
  })

  it('asks for another socket where nothing comes back for 15 s, and only then', async () => {
    const desk = await Desk.with(1)
    await desk.clock.advance(ANSWER_WITHIN_MS - 1)
    expect(desk.unanswered).toBe(0)
    await desk.clock.advance(1)
    expect(desk.unanswered).toBe(1)
    const answered = await Desk.with(1)
    answered.outbox.acked([{ id: answered.wire[0] ?? '', seq: 1 }])
    await answered.clock.advance(ANSWER_WITHIN_MS)
    expect(answered.unanswered).toBe(0)
  })
})
