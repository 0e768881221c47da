/** Frames that no good client sends. Each text among them is drawn or written so that nothing in it is an operation. */
import fc from 'fast-check'
import { decodeClientFrame } from '../../../src/protocol/index.ts'
import { frame, OPCODE } from './hostile-socket.ts'

const ID = '01900000-0000-7000-8000-000000000001'
const DEEP = 15_000

/** One text each: answered with `bad_frame` or `invalid`. */
export const TEXTS: readonly string[] = [
  ...['', ' ', '{', '{"type":"send"', 'null', 'true', '[]', '""', '{}', '\u0000', '\ufeff{}', 'NaN', '0x10'],
  ...[
    '{"type":null}',
    '{"type":"__proto__"}',
    '{"type":"constructor"}',
    '{"type":["send"]}',
    '{"type":"ping"}',
  ],
  `{"__proto__":{"type":"send","id":"${ID}","text":"x"}}`,
  `{"type":"send","id":"${ID}","text":{"__proto__":"x"}}`,
  `{"type":"send","__proto__":{"id":"${ID}","text":"x"}}`,
  '{"type":"send","id":"\\ud800","text":"\\ud800"}',
  `{"type":"edit","id":"${ID}","target":"\\udc00\\ud800","text":"\\ud800"}`,
  `{"type":"send","id":"${ID}","text":"x","replyTo":1e309}`,
  `{"type":"send","id":"${ID}","text":"x","replyTo":9007199254740993}`,
  `{"type":"send","id":"${ID}","text":"x","attachments":[[[["a"]]]]}`,
  `{"type":"send","id":"${ID.toUpperCase()}F","text":"x"}`,
  `{"type":"edit","id":"${ID}","target":-1,"text":"x"}`,
  `{"type":"react","id":"${ID}","target":1,"emoji":"<script>","on":true}`,
  `{"type":"pin","id":"${ID}","target":1e-320,"on":1}`,
  '{"type":"read","seq":-0.5}',
  '{"type":"got","seq":"1"}',
  '{"type":"renew","lease":[]}',
  '{"type":"typing","active":"yes"}',
  `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
  `${'{"a":'.repeat(DEEP / 3)}1${'}'.repeat(DEEP / 3)}`,
  `{"type":"send","id":"${ID}","text":${'['.repeat(DEEP)}`,
  `[${'1e999,'.repeat(2_000)}1]`,
  `{"type":"send","n":${'9'.repeat(20_000)}}`,
]

/** One frame each, after which the socket is of no more use. */
export const BROKEN: ReadonlyMap<string, Buffer> = new Map([
  ['a reserved bit', frame({ payload: '{}', reserved: 4 })],
  ['all reserved bits', frame({ payload: '{}', reserved: 7 })],
  ['an unknown opcode', frame({ opcode: 3, payload: '{}' })],
  ['an unknown control opcode', frame({ opcode: 11, payload: 'x' })],
  ['no mask', frame({ payload: '{', isMasked: false })],
  ['bytes that are not UTF-8', frame({ payload: Buffer.from([0x7b, 0xff, 0xfe, 0xc0, 0x80]) })],
  ['a surrogate in UTF-8', frame({ payload: Buffer.from([0xed, 0xa0, 0x80]) })],
  ['a ping of 126 bytes', frame({ opcode: OPCODE.ping, payload: 'x'.repeat(126) })],
  ['a ping in pieces', frame({ opcode: OPCODE.ping, payload: 'x', isFinal: false })],
  ['a continuation of nothing', frame({ opcode: OPCODE.continuation, payload: '{}' })],
  ['a text in a text', Buffer.concat([frame({ payload: '{', isFinal: false }), frame({ payload: '}' })])],
  ['a first piece and no second', frame({ payload: '{"type":', isFinal: false })],
  ['half a frame', frame({ payload: '{"type":"se', length: 400 })],
  ['half a header', Buffer.from([0x81])],
  ['a length of 2^63', Buffer.from([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0])],
  ['a close of one byte', frame({ opcode: OPCODE.close, payload: 'x' })],
  [
    'a close with a code that may not be sent',
    frame({ opcode: OPCODE.close, payload: Buffer.from([0x03, 0xed]) }),
  ],
  [
    'a close with bytes that are not UTF-8',
    frame({ opcode: OPCODE.close, payload: Buffer.from([3, 232, 255]) }),
  ],
  ['what is not a frame at all', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
])

/** Texts by fast-check: cut JSON, JSON that is no frame, and any characters. */
export function drawTexts(count: number, seed: number): string[] {
  const near = fc
    .record(
      {
        type: fc.constantFrom(
          'send',
          'edit',
          'delete',
          'react',
          'pin',
          'read',
          'typing',
          'got',
          'renew',
          'x',
        ),
        id: fc.oneof(fc.constant(ID), fc.string(), fc.integer()),
        text: fc.oneof(fc.string({ unit: 'binary', maxLength: 50 }), fc.jsonValue()),
        target: fc.oneof(fc.double(), fc.bigInt().map(String)),
        seq: fc.oneof(fc.double(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value))
  const cut = fc
    .tuple(near, fc.nat())
    .map(([text, at]) => text.slice(0, text.length === 0 ? 0 : at % text.length))
  const any = fc.oneof(near, cut, fc.json(), fc.string({ unit: 'binary', maxLength: 200 }))
  // As they arrive: a lone surrogate is none any more after UTF-8, and what it was in may then be a frame.
  const malformed = any
    .map((text) => Buffer.from(text).toString())
    .filter((text) => text !== 'ping' && !decodeClientFrame(text).ok)
  return fc.sample(malformed, { numRuns: count, seed })
}

/** As texts, as bytes, and in two pieces: what is wrong is said of all alike. */
export function wrapped(text: string, number: number): Buffer {
  const payload = Buffer.from(text)
  if (number % 7 === 0) return frame({ opcode: OPCODE.binary, payload })
  if (number % 5 !== 0) return frame({ payload })
  const middle = Math.floor(payload.length / 2)
  return Buffer.concat([
    frame({ payload: payload.subarray(0, middle), isFinal: false }),
    frame({ opcode: OPCODE.ping, payload: 'in between' }),
    frame({ opcode: OPCODE.continuation, payload: payload.subarray(middle) }),
  ])
}
