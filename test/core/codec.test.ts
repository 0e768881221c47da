import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import {
  byteLength,
  decodeClientFrame,
  encodeFrame,
  fieldsOf,
  isLongerThan,
  SendBody,
} from '../../src/protocol/index.ts'
import { uuid } from '../support/people.ts'

const id = uuid(1)

describe('codec: reading a frame', () => {
  it.each([
    { type: 'send', id, text: 'hello' },
    { type: 'send', id, text: '', replyTo: 7, attachments: ['a'] },
    { type: 'read', seq: 0 },
    { type: 'typing', active: true },
    { type: 'got', seq: 12 },
    { type: 'renew', lease: 'x.y.z' },
  ])('takes %j', (frame) => {
    expect(decodeClientFrame(JSON.stringify(frame))).toEqual({ ok: true, frame })
  })

  it.each([
    ['bytes', new ArrayBuffer(4)],
    ['nothing', ''],
    ['half a frame', '{"type":"send"'],
    ['a string', '"send"'],
    ['a number', '7'],
    ['null', 'null'],
    ['a list', '[{"type":"got","seq":1}]'],
    ['no type', '{"seq":1}'],
    ['a type that is no string', '{"type":{"toString":"send"}}'],
    ['an unknown type', '{"type":"sudo"}'],
    ['the name of something inherited', '{"type":"constructor"}'],
    ['the heartbeat', 'ping'],
  ])('F2 %s is bad_frame', (_, data) => {
    expect(decodeClientFrame(data)).toMatchObject({ ok: false, code: 'bad_frame' })
  })

  it.each([
    [{ type: 'send', id }, 'text'],
    [{ type: 'send', text: 'hello' }, 'id'],
    [{ type: 'send', id: id.toUpperCase().replace('0', 'A'), text: 'hello' }, 'id'],
    [{ type: 'send', id, text: 'hello', replyTo: 0 }, 'replyTo'],
    [{ type: 'send', id, text: 'hello', replyTo: null }, 'replyTo'],
    [{ type: 'send', id, text: 'hello', attachments: Array(11).fill('a') }, 'attachments'],
    [{ type: 'read', seq: -1 }, 'seq'],
    [{ type: 'got', seq: 1.5 }, 'seq'],
    [{ type: 'got', seq: 2 ** 53 }, 'seq'],
    [{ type: 'typing', active: 'yes' }, 'active'],
    [{ type: 'renew', lease: 'x'.repeat(4_097) }, 'lease'],
  ])('F2 %j is invalid, by its %s', (frame, field) => {
    const decoded = decodeClientFrame(JSON.stringify(frame))
    expect(decoded).toMatchObject({ ok: false, code: 'invalid' })
    expect(decoded.ok ? '' : decoded.message).toMatch(new RegExp(`^${field}`))
  })

  it('F2 names the operation that it refuses, where that has a short name', () => {
    const refused = (value: unknown) => decodeClientFrame(JSON.stringify({ type: 'send', id: value }))
    expect(refused('mine')).toMatchObject({ id: 'mine' })
    expect(refused('x'.repeat(65))).not.toHaveProperty('id')
    expect(refused({ a: 1 })).not.toHaveProperty('id')
    expect(decodeClientFrame('{"type":"sudo","id":"mine"}')).toMatchObject({ code: 'bad_frame', id: 'mine' })
  })

  it('F3 S3 ignores what it does not know: a client cannot claim an author or a place', () => {
    const frame = { type: 'send', id, text: 'hello', authorId: uuid(2), seq: 1, createdAt: 0 }
    expect(decodeClientFrame(JSON.stringify(frame))).toEqual({
      ok: true,
      frame: { type: 'send', id, text: 'hello' },
    })
  })

  it('F2 __proto__ is a field like any other, and touches nothing', () => {
    const text = `{"type":"send","id":"${id}","text":"hello","__proto__":{"isAdmin":true}}`
    const decoded = decodeClientFrame(text)
    expect(decoded).toEqual({ ok: true, frame: { type: 'send', id, text: 'hello' } })
    expect(decoded.ok && 'isAdmin' in decoded.frame).toBe(false)
    expect('isAdmin' in {}).toBe(false)
    // A type that is only inherited was never said.
    expect(decodeClientFrame('{"__proto__":{"type":"got","seq":1}}')).toMatchObject({ code: 'bad_frame' })
  })

  it('F2 survives nesting as deep as a frame is long', () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const depth = 5_000
      const deep = `${open.repeat(depth)}1${close.repeat(depth)}`
      expect(decodeClientFrame(`{"type":"got","seq":${deep}}`)).toMatchObject({ ok: false })
      expect(decodeClientFrame(`{"type":"got","seq":1,"more":${deep}}`)).toMatchObject({ ok: true })
    }
  })

  it('TX2 leaves a lone surrogate to the verb, which knows what to say of it', () => {
    const decoded = decodeClientFrame(`{"type":"send","id":"${id}","text":"\\ud83d"}`)
    expect(decoded).toMatchObject({ ok: true, frame: { text: '\ud83d' } })
  })
})

/** Frames, nearly frames, and rubbish. */
const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc
    .record(
      {
        type: fc.oneof(fc.constantFrom('send', 'read', 'typing', 'got', 'renew', '__proto__'), fc.anything()),
        id: fc.oneof(fc.uuid(), fc.anything()),
        text: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
        seq: fc.oneof(fc.nat(), fc.double(), fc.anything()),
        active: fc.oneof(fc.boolean(), fc.anything()),
        lease: fc.anything(),
        replyTo: fc.anything(),
        attachments: fc.anything(),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each))),
)

describe('codec: whatever comes', () => {
  it('F2 answers and never throws, and what it takes is what it would take again', () => {
    let taken = 0
    fc.assert(
      fc.property(anything, (data) => {
        const decoded = decodeClientFrame(data)
        if (!decoded.ok) return decoded.message.length <= 200
        taken += 1
        expect(decodeClientFrame(JSON.stringify(decoded.frame))).toEqual(decoded)
        return true
      }),
      { numRuns: 20_000, seed: 1 },
    )
    expect(taken, 'some were frames').toBeGreaterThan(100)
  }, 30_000)
})

describe('codec: sizes and fields', () => {
  it('F1 counts the bytes of UTF-8, exactly at the edge', () => {
    expect(byteLength('a가😀')).toBe(1 + 3 + 4)
    for (const [text, bytes] of [
      ['a', 1],
      ['é', 2],
      ['가', 3],
      ['😀', 4],
    ] as const) {
      expect([isLongerThan(text.repeat(9), bytes * 9 - 1), isLongerThan(text.repeat(9), bytes * 9)]).toEqual([
        true,
        false,
      ])
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(170), (text, bytes) => {
        expect(isLongerThan(text, bytes)).toBe(new TextEncoder().encode(text).length > bytes)
      }),
      { numRuns: 2_000, seed: 1 },
    )
  })

  it('writes a frame as one JSON object', () => {
    expect(JSON.parse(encodeFrame({ type: 'live', head: 3 }))).toEqual({ type: 'live', head: 3 })
  })

  it('says what is wrong with each field, the first problem of each', () => {
    const { issues } = v.safeParse(SendBody, { id: 'x', attachments: [1] })
    expect(Object.keys(fieldsOf(issues ?? []))).toEqual(['id', 'text', 'attachments.0'])
    expect(Object.keys(fieldsOf(v.safeParse(SendBody, 7).issues ?? []))).toEqual(['body'])
  })
})
