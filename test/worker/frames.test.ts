/** What a hostile or broken client sends: refused with the contract's code, nothing stored, the object alive. */
import { describe, expect, it } from 'vitest'
import { FRAMES_BURST, REFUSALS_BURST, uuidv7 } from '../../src/protocol/index.ts'
import { call, codeOf, open, type Person, person } from '../support/worker/people.ts'
import { group, live, TestSocket } from '../support/worker/sockets.ts'

async function pair(): Promise<{ ada: Person; grace: Person; id: string }> {
  const [ada, grace] = [await person('ada'), await person('grace')]
  return { ada, grace, id: (await group(ada, grace)).id }
}

const id = '01900000-0000-7000-8000-000000000001'

describe('frames', () => {
  it.each([
    ['not JSON', '{"type":"send"', 'bad_frame'],
    ['a list', '[1]', 'bad_frame'],
    ['null', 'null', 'bad_frame'],
    ['no type', '{}', 'bad_frame'],
    ['a type of another type', '{"type":5}', 'bad_frame'],
    ['an unknown type', '{"type":"dance"}', 'bad_frame'],
    ['a type of the prototype', '{"type":"__proto__"}', 'bad_frame'],
    ['deep nesting', `${'['.repeat(16_000)}${']'.repeat(16_000)}`, 'bad_frame'],
    ['no id', '{"type":"send","text":"x"}', 'invalid'],
    ['an id that is no UUID', '{"type":"send","id":"1","text":"x"}', 'invalid'],
    ['no text', `{"type":"send","id":"${id}"}`, 'invalid'],
    ['a text that is no string', `{"type":"send","id":"${id}","text":{"toString":1}}`, 'invalid'],
    ['an empty text', `{"type":"send","id":"${id}","text":"\\u200b "}`, 'invalid'],
    ['a lone surrogate', `{"type":"send","id":"${id}","text":"\\ud800"}`, 'invalid'],
    ['a reply to nothing', `{"type":"send","id":"${id}","text":"x","replyTo":7}`, 'invalid'],
    ['a reply to a fraction', `{"type":"send","id":"${id}","text":"x","replyTo":1.5}`, 'invalid'],
    [
      'an attachment that is not there',
      `{"type":"send","id":"${id}","text":"x","attachments":["a"]}`,
      'invalid',
    ],
    ['a seq out of reach', '{"type":"read","seq":1e300}', 'invalid'],
    ['a negative seq', '{"type":"got","seq":-1}', 'invalid'],
  ])('F2 %s', async (_, frame, code) => {
    const { ada, grace, id: conversation } = await pair()
    const socket = await live(ada, conversation)
    socket.send(frame)
    expect(await socket.next('error')).toMatchObject({ code })
    const witness = await live(grace, conversation)
    const { seq } = await socket.say('alive')
    expect(seq).toBe(1)
    await witness.upTo(1)
  })

  it('F2 bytes are not text', async () => {
    const { ada, id: conversation } = await pair()
    const socket = await live(ada, conversation)
    socket.socket.send(new Uint8Array([123, 125]))
    expect((await socket.next('error')).code).toBe('bad_frame')
  })

  it('F2 the eleventh malformed frame in a minute closes the socket with 4503', async () => {
    const { ada, id: conversation } = await pair()
    const socket = await live(ada, conversation)
    for (let n = 0; n < 11; n += 1) socket.send('{')
    expect((await socket.closed).code).toBe(4503)
    expect(socket.frames.filter((frame) => frame.type === 'error')).toHaveLength(10)
  })

  it('F1 a frame over 32 KiB closes the socket with 4504, and a healthy one next to it goes on', async () => {
    const { ada, grace, id: conversation } = await pair()
    const [big, healthy] = [await live(ada, conversation), await live(grace, conversation)]
    big.send({ type: 'send', id: uuidv7(), text: 'x'.repeat(33 * 1_024) })
    expect((await big.closed).code).toBe(4504)
    await healthy.say('hello')
    const bytes = await live(ada, conversation)
    bytes.send({ type: 'send', id: uuidv7(), text: '가'.repeat(11_000) })
    expect((await bytes.closed).code).toBe(4504)
  })

  it('F3 unknown fields are ignored', async () => {
    const { ada, id: conversation } = await pair()
    const socket = await live(ada, conversation)
    socket.send({ type: 'send', id: uuidv7(), text: 'hello', colour: 'green', seq: 77 })
    expect((await socket.next('ack')).seq).toBe(1)
  })

  it('S3 a frame cannot say who its author is, nor when', async () => {
    const { ada, grace, id: conversation } = await pair()
    const socket = await live(ada, conversation)
    socket.send({
      type: 'send',
      id: uuidv7(),
      text: 'hello',
      authorId: grace.user.id,
      by: grace.user.id,
      createdAt: 1,
    })
    const [event] = await socket.upTo(1)
    expect(event).toMatchObject({ by: ada.user.id, message: { authorId: ada.user.id } })
    expect(event?.at).toBeGreaterThan(1_700_000_000_000)
  })

  it('F5 frames over the rate are refused, and the socket stays open', async () => {
    const { ada, id: conversation } = await pair()
    const socket = await live(ada, conversation)
    for (let n = 0; n < FRAMES_BURST + 5; n += 1) socket.send({ type: 'typing', active: true })
    expect(await socket.next('error')).toMatchObject({
      code: 'rate_limited',
      retryAfterMs: expect.any(Number),
    })
    await socket.say('still here')
  })

  it('F5 who floods refused sends without listening is closed with 4505, and the others go on', async () => {
    const { ada, grace, id: conversation } = await pair()
    const [flood, healthy] = [await live(ada, conversation), await live(grace, conversation)]
    for (let n = 0; n < REFUSALS_BURST + 1_000; n += 1) flood.send({ type: 'send', id: uuidv7(), text: ' ' })
    expect((await flood.closed).code).toBe(4505)
    expect(flood.frames.filter((frame) => frame.type === 'error').length).toBeGreaterThanOrEqual(
      REFUSALS_BURST,
    )
    await healthy.say('still here')
  }, 20_000)

  it('S4 over the limit: rate_limited with the wait, nothing stored, on the socket and over HTTP alike', async () => {
    const { ada, id: conversation } = await pair()
    const socket = await live(ada, conversation)
    socket.confirms = true
    for (let n = 0; n < 2_000; n += 1) socket.send({ type: 'send', id: uuidv7(), text: `${n}` })
    await socket.upTo(2_000)
    const clientId = uuidv7()
    socket.send({ type: 'send', id: clientId, text: 'one too many' })
    expect(await socket.next('error')).toMatchObject({
      code: 'rate_limited',
      id: clientId,
      retryAfterMs: expect.any(Number),
    })
    const body = { id: uuidv7(), text: 'nor this' }
    const answer = await call('POST', `/api/conversations/${conversation}/messages`, {
      body,
      headers: ada.bearer,
    })
    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await codeOf(answer)).toBe('rate_limited')
    const { head } = await (
      await call('GET', `/api/conversations/${conversation}/events?after=2000`, { headers: ada.bearer })
    ).json<{ head: number }>()
    expect(head).toBe(2_000)
  })
})

describe('upgrades', () => {
  it('R7 no common subprotocol: accepted with the first one asked for, closed with 4506', async () => {
    const { ada, id: conversation } = await pair()
    const path = `/api/conversations/${conversation}/socket`
    const { protocol, closed } = await open(path, {
      ...ada.bearer,
      'sec-websocket-protocol': 'chat.v0, other',
    })
    expect(protocol).toBe('chat.v0')
    expect((await closed).code).toBe(4506)
  })

  it.each([
    ['a stranger', (conversation: string) => conversation],
    ['an id that is not there', () => 'f'.repeat(64)],
    ['an id that is not one', () => 'nonsense'],
  ])('M1 %s: 4501, whatever is there', async (_, idOf) => {
    const { id: conversation } = await pair()
    const stranger = await person('mallory')
    const socket = await TestSocket.connect(stranger, idOf(conversation))
    expect(await socket.closed).toEqual({ code: 4501, reason: expect.any(String) })
    expect(socket.frames).toEqual([])
  })

  it('R7 not signed in: 4500', async () => {
    const { id: conversation } = await pair()
    const { closed, protocol } = await open(`/api/conversations/${conversation}/socket`, {})
    expect(protocol).toBe('chat.v1')
    expect((await closed).code).toBe(4500)
  })

  it('R8 the ninth socket of a person closes the oldest with 4507', async () => {
    const { ada, id: conversation } = await pair()
    const sockets = []
    for (let n = 0; n < 9; n += 1) sockets.push(await live(ada, conversation))
    expect((await sockets[0]?.closed)?.code).toBe(4507)
    await sockets[8]?.say('the newest stays')
  })

  it('F4 ping is answered by the runtime', async () => {
    const { ada, id: conversation } = await pair()
    const { socket } = await open(`/api/conversations/${conversation}/socket`, ada.bearer)
    const pong = new Promise((resolve) => {
      socket.addEventListener('message', ({ data }) => data === 'pong' && resolve(data))
    })
    socket.send('ping')
    expect(await pong).toBe('pong')
  })
})
