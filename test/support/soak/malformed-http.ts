/** HTTP that no good client sends, written byte by byte: none of it may be taken, and none be a bug. */
import { connect } from 'node:net'
import fc from 'fast-check'

export type Target = { port: number; conversationId: string; headers: Record<string, string> }

/** The server hung up, or said nothing that is HTTP. */
export const NO_STATUS = 0
const ANSWER_WITHIN_MS = 3_000
const JSON_TYPE = { 'content-type': 'application/json' }
const UPLOAD = { 'content-type': 'text/plain', 'content-length': '500' }
const ID = '01900000-0000-7000-8000-000000000001'

const BODIES: readonly (string | Buffer)[] = [
  ...['', '{', 'null', '[]', '"', '{"id":1}', '\u0000', `${'['.repeat(30_000)}`, `${'{"a":'.repeat(9_000)}`],
  `{"id":"${ID}","text":{"__proto__":{"length":1}}}`,
  `{"__proto__":{"id":"${ID}","text":"x"}}`,
  `{"id":"${ID}","text":"\\ud800"}`,
  `{"id":"${ID}","text":"x","replyTo":${'9'.repeat(400)}}`,
  `{"id":"${ID}","text":"${'x'.repeat(70_000)}"}`,
  Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
  Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
]

/** Requests as they go on the wire, each refused with 4xx, or hung up on. */
export function malformedRequests(target: Target, count: number, seed: number): Buffer[] {
  const send = `POST /api/conversations/${target.conversationId}/messages`
  const written = [
    ...BODIES.map((body) => request(target, send, JSON_TYPE, body)),
    ...BODIES.map((body) => request(target, 'POST /api/auth/sign-in', JSON_TYPE, body)),
    ...['text/plain', 'application/x-www-form-urlencoded', 'application/json5', 'multipart/form-data'].map(
      (type) => request(target, send, { 'content-type': type }, `{"id":"${ID}","text":"x"}`),
    ),
    // Its body never comes whole: nothing of it may be taken.
    request(target, send, { ...JSON_TYPE, 'content-length': '500' }, `{"id":"${ID}","text":"x"}`),
    request(target, send, { ...JSON_TYPE, 'content-length': '-1' }, '{}'),
    request(target, send, { ...JSON_TYPE, 'content-length': '1e9' }, '{}'),
    request(target, send, { ...JSON_TYPE, 'transfer-encoding': 'chunked' }, 'zz\r\n{}\r\n0\r\n\r\n'),
    request(target, send, { ...JSON_TYPE, 'transfer-encoding': 'gzip, x' }, '{}'),
    request(target, `GET /api/conversations/${'0'.repeat(64)}/messages`, {}, ''),
    request(target, 'GET /api/conversations/%00%ff/messages', {}, ''),
    request(target, `GET /api/conversations/${target.conversationId}/messages?limit=-1&before=1e9`, {}, ''),
    request(target, `GET /api/conversations/${target.conversationId}/events?after=__proto__`, {}, ''),
    request(
      target,
      `POST /api/conversations/${target.conversationId}/attachments?name=x`,
      UPLOAD,
      'half a file',
    ),
    request(target, `GET /api/me`, { authorization: 'Bearer a.b.c' }, ''),
    request(target, `GET /api/me`, { authorization: `Bearer ${'x'.repeat(7_000)}` }, ''),
    request(target, 'BREW /api/me', {}, ''),
    Buffer.from('GET /api/me HTTP/1.1\r\nhost localhost\r\n\r\n'),
    Buffer.from('GET /api/me HTTP/1.1\r\nhost: a\r\nx: \u0000\r\n\r\n'),
    Buffer.from('GET  HTTP/9.9\r\n\r\n'),
    Buffer.from('\u0016\u0003\u0001\u0002\u0000\u0001\u0000'),
  ]
  const bodies = fc.sample(fc.oneof(fc.json(), fc.string({ unit: 'binary', maxLength: 200 })), {
    numRuns: Math.max(0, count - written.length),
    seed,
  })
  return [...written, ...bodies.map((body) => request(target, send, JSON_TYPE, body))].slice(0, count)
}

/** @returns the status of the answer, or NO_STATUS */
export function statusOf(port: number, bytes: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let head = ''
    const end = () => {
      socket.destroy()
      resolve(Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1] ?? NO_STATUS))
    }
    socket.setTimeout(ANSWER_WITHIN_MS, end)
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1')
      if (head.includes('\r\n\r\n')) end()
    })
    socket.on('end', end).on('error', end).on('close', end)
    socket.end(bytes)
  })
}

function request(
  { port, headers }: Target,
  line: string,
  more: Record<string, string>,
  body: string | Buffer,
): Buffer {
  const bytes = Buffer.from(body)
  const all = { host: `localhost:${port}`, 'content-length': String(bytes.length), ...headers, ...more }
  if ('transfer-encoding' in all) Reflect.deleteProperty(all, 'content-length')
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return Buffer.concat([Buffer.from([`${line} HTTP/1.1`, ...lines, '', ''].join('\r\n')), bytes])
}
