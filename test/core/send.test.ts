import { describe, expect, it } from 'vitest'
import { putMember } from '../../src/conversation/membership.ts'
import { Refusal } from '../../src/refusal.ts'
import { ackOf, Bench } from '../support/conversation.ts'
import { ada, alan, grace, uuid } from '../support/people.ts'
import { codeOf } from '../support/refusals.ts'

describe('send', () => {
  it('G3 gives the next seq to each event, whoever sends and whatever kind it is', () => {
    const bench = new Bench()
    expect(ackOf(bench.send(ada)).seq).toBe(1)
    expect(ackOf(bench.send(grace)).seq).toBe(2)
    const turn = { store: bench.store, actor: bench.turn(ada).member, now: bench.now }
    putMember(turn, grace, 'admin')
    expect(ackOf(bench.send(alan)).seq).toBe(4)
    expect([...bench.store.eventsAfter(0)].map((event) => [event.seq, event.kind])).toEqual([
      [1, 'message.created'],
      [2, 'message.created'],
      [3, 'member.changed'],
      [4, 'message.created'],
    ])
  })

  it('G2 answers a retry with the first seq, stores nothing, and tells nobody', () => {
    const bench = new Bench()
    const id = bench.id()
    const first = ackOf(bench.send(ada, { id, text: 'once' }))
    bench.now += 365 * 86_400_000
    bench.send(grace)
    const again = bench.send(ada, { id, text: 'once' })
    expect(again).toEqual([{ do: 'ack', ack: { ...first, duplicate: true } }])
    expect(bench.store.messagesAfter(0, 10)).toHaveLength(2)
  })

  it('G2 holds across an eviction', () => {
    const bench = new Bench()
    const id = bench.id()
    const first = ackOf(bench.send(ada, { id }))
    bench.evict()
    expect(ackOf(bench.send(ada, { id })).seq).toBe(first.seq)
  })

  it('G2 is per author: two people may use the same id', () => {
    const bench = new Bench()
    const id = bench.id()
    expect(ackOf(bench.send(ada, { id })).seq).toBe(1)
    expect(ackOf(bench.send(grace, { id })).seq).toBe(2)
  })

  it.each([
    ['text', { text: 'other' }],
    ['reply', { text: 'once', replyTo: 1 }],
  ])('S1 the same id with another %s is idempotency_mismatch, and nothing is applied', (_, other) => {
    const bench = new Bench()
    bench.send(grace)
    const id = bench.id()
    bench.send(ada, { id, text: 'once' })
    expect(codeOf(() => bench.send(ada, { id, ...other }))).toBe('idempotency_mismatch')
    expect(bench.store.conversation().head).toBe(2)
  })

  it('S1 a retry is answered even where a new send would be refused', () => {
    const bench = new Bench()
    const id = bench.id()
    bench.send(ada, { id })
    for (let n = 1; n < 10; n += 1) bench.send(ada)
    expect(codeOf(() => bench.send(ada))).toBe('rate_limited')
    expect(ackOf(bench.send(ada, { id })).duplicate).toBe(true)
  })

  it.each([
    'hello',
    'a<b & "c" \'d\'',
    '  inner  spaces\nand lines  kept',
    "'); DROP TABLE messages; --",
    '안녕하세요 👩‍👩‍👧‍👦 e\u0301',
    '\u202eright to left',
  ])('TX1 keeps a text byte for byte, but for the ends: %j', (text) => {
    const bench = new Bench()
    bench.send(ada, { text: ` \n${text}\t ` })
    expect(bench.store.lastMessage()?.text).toBe(text.trim())
  })

  it.each(['', '   ', '\n\t', '\u200b\u200d\ufeff', '\u3164', '\u2060 \u00ad'])(
    'TX2 refuses nothing to see: %j',
    (text) => {
      const bench = new Bench()
      expect(codeOf(() => bench.send(ada, { text }))).toBe('invalid')
      expect(bench.store.conversation().head).toBe(0)
    },
  )

  it.each(['가', '😀', 'x'])(
    'TX2 counts code points: 4,000 of %s are taken, one more is not',
    (character) => {
      const bench = new Bench()
      bench.send(ada, { text: character.repeat(4_000) })
      expect(codeOf(() => bench.send(ada, { text: character.repeat(4_001) }))).toBe('invalid')
    },
  )

  it('TX2 refuses a lone surrogate: it could not come back as it was sent', () => {
    expect(codeOf(() => new Bench().send(ada, { text: 'half \ud83d' }))).toBe('invalid')
  })

  it('S4 takes 10 in 10 s and says exactly when the next one is fine', () => {
    const bench = new Bench()
    for (let n = 0; n < 10; n += 1) {
      bench.send(ada)
      bench.now += 100
    }
    let refusal: unknown
    try {
      bench.send(ada)
    } catch (error) {
      refusal = error
    }
    expect(refusal).toMatchObject({ code: 'rate_limited', details: { retryAfterMs: 9_000 } })
    expect(bench.store.conversation().head).toBe(10)
    bench.now += 8_999
    expect(codeOf(() => bench.send(ada))).toBe('rate_limited')
    bench.now += 1
    expect(ackOf(bench.send(ada)).seq).toBe(11)
  })

  it('S4 takes 60 in a minute, however they are spread', () => {
    const bench = new Bench({ sends10s: 100 })
    for (let n = 0; n < 60; n += 1) {
      bench.send(ada)
      bench.now += 990
    }
    expect(codeOf(() => bench.send(ada))).toBe('rate_limited')
    bench.now += 600
    expect(ackOf(bench.send(ada)).seq).toBe(61)
  })

  it('S4 is counted for each person, and an eviction forgets nothing', () => {
    const bench = new Bench()
    for (let n = 0; n < 10; n += 1) bench.send(ada)
    bench.evict()
    expect(codeOf(() => bench.send(ada))).toBe('rate_limited')
    expect(ackOf(bench.send(grace)).seq).toBe(11)
  })

  it('S4 does not lock anyone out when the clock is set back', () => {
    const bench = new Bench()
    for (let n = 0; n < 10; n += 1) bench.send(ada)
    bench.now -= 3_600_000
    bench.evict()
    let waitMs = 0
    try {
      bench.send(ada)
    } catch (error) {
      waitMs = error instanceof Refusal ? (error.details.retryAfterMs ?? 0) : 0
    }
    expect(waitMs).toBe(0)
  })

  it('S5 replies only to a message of this conversation', () => {
    const bench = new Bench()
    bench.send(ada)
    bench.send(grace, { replyTo: 1 })
    expect(bench.store.lastMessage()?.replyTo).toBe(1)
    expect(codeOf(() => bench.send(grace, { replyTo: 99 }))).toBe('invalid')
  })

  it('S6 decides mentions by the members, not by what the text claims', () => {
    const bench = new Bench()
    bench.send(ada, { text: 'hi @GRACE and @nobody, not mail@alan.org, @all' })
    expect(bench.store.lastMessage()?.mentions).toEqual(['all', grace.id])
    bench.send(grace, { text: '@all @here @ada @ada' })
    expect(bench.store.lastMessage()?.mentions).toEqual([ada.id])
  })

  it('S7 refuses where the conversation is archived', () => {
    const bench = new Bench()
    bench.store.sql.run('UPDATE conversation SET archived_at = 1')
    expect(codeOf(() => bench.send(ada))).toBe('archived')
  })

  it('O1 puts one row in the outbox however many messages follow', () => {
    const bench = new Bench()
    bench.store.sql.run('DELETE FROM outbox')
    const wakes = Array.from({ length: 5 }, () => bench.send(ada)).map(
      (effects) => effects.filter((effect) => effect.do === 'wake').length,
    )
    expect(wakes).toEqual([1, 0, 0, 0, 0])
    expect(bench.store.sql.all('SELECT key FROM outbox')).toEqual([{ key: 'summary' }])
  })

  it('rolls back everything when a later step throws', () => {
    const bench = new Bench()
    const before = bench.store.conversation()
    expect(() =>
      bench.store.transaction(() => {
        bench.send(ada, { id: uuid(7) })
        throw new Error('on the way out')
      }),
    ).toThrow('on the way out')
    expect(bench.store.conversation()).toEqual(before)
    expect(bench.store.operation(ada.id, uuid(7))).toBeUndefined()
  })
})
