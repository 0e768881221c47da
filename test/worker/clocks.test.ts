/**
 * F5: clocks that are wrong. A client's may be a day off, and so may be the time in its ids; the server's may be
 * set back by an hour. Order, limits and tokens do not notice: nothing but a token's own life depends on a clock.
 *
 * Seen to fail where a send counts that lies in the future, and with another skew than 5 s.
 */
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { mintAccess, verifyAccess } from '../../src/auth/token.ts'
import { ACCESS_TOKEN_MS, type Message, uuidv7 } from '../../src/protocol/index.ts'
import { call, type Person, person } from '../support/worker/people.ts'
import { group, live } from '../support/worker/sockets.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** What the plan says, whatever the code does. */
const SKEW_S = 5
/** In vitest.config.ts. */
const SENDS_10S = Number(env.LIMIT_SENDS_10S)

afterEach(() => {
  vi.useRealTimers()
})

describe('a client’s clock', () => {
  it('G3 S3 a day fast or slow: the order is that of arrival, the times are the server’s', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const [fast, slow] = [await live(ada, id), await live(grace, id)]
    const before = Date.now()
    const said: string[] = []
    for (let n = 0; n < 100; n += 1) {
      const [socket, offset] = n % 2 === 0 ? [fast, DAY_MS] : [slow, -DAY_MS]
      const clientId = uuidv7(Date.now() + offset)
      await socket.say(`message ${n}`, clientId)
      said.push(clientId)
    }
    const messages = await pageOf(ada, id)
    expect(messages.map((message) => message.id)).toEqual(said)
    expect(messages.map(({ seq }) => seq)).toEqual(said.map((_, n) => n + 1))
    for (const { createdAt } of messages) {
      expect(createdAt).toBeGreaterThanOrEqual(before)
      expect(createdAt).toBeLessThanOrEqual(Date.now())
    }
    // Found again by its id, whatever time that claims.
    const [first = ''] = said
    expect(await fast.say('message 0', first)).toMatchObject({ seq: 1, duplicate: true })
  })
})

describe('the server’s clock, set back by an hour', () => {
  it('G3 S4 changes no order and locks nobody out, and the limit stays exact', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    socket.confirms = true
    const now = Date.now()
    for (let n = 1; n <= 20; n += 1) await socket.say(`before ${n}`)
    vi.useFakeTimers({ toFake: ['Date'], now: now - HOUR_MS })
    const waits: number[] = []
    for (let n = 0; n < SENDS_10S + 50; n += 1)
      socket.send({ type: 'send', id: uuidv7(), text: `after ${n}` })
    await expect
      .poll(() => socket.frames.filter(({ type }) => type === 'ack' || type === 'error').length, {
        timeout: 15_000,
      })
      .toBe(20 + SENDS_10S + 50)
    for (const frame of socket.frames) {
      if (frame.type === 'error') waits.push(frame.retryAfterMs ?? -1)
    }
    // All who were sent after the clock was set back count, and none of those before: they are in the future.
    expect(waits).toHaveLength(50)
    for (const wait of waits) {
      expect(wait).toBeGreaterThan(0)
      expect(wait).toBeLessThanOrEqual(10_000)
    }
    const events = await socket.upTo(20 + SENDS_10S)
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 + SENDS_10S }, (_, n) => n + 1))
    const texts = events.map((event) => (event.kind === 'message.created' ? event.message.text : ''))
    expect(texts.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, n) => `before ${n + 1}`))
    vi.setSystemTime(now)
    expect((await (await live(ada, id)).say('and forward again')).seq).toBe(21 + SENDS_10S)
  }, 30_000)
})

describe('the skew between two servers', () => {
  it.each([
    ['ends', SKEW_S - 1, true],
    ['ends', SKEW_S, false],
    ['begins', SKEW_S, true],
    ['begins', SKEW_S + 1, false],
  ])('F5 a token that %s %i s apart from now is good: %s', async (what, seconds, isGood) => {
    const ada = await person('ada')
    // Tokens count in whole seconds: asked at the start of one, nothing is rounded.
    const now = Math.ceil(Date.now() / 1_000) * 1_000
    const mintedAt = what === 'ends' ? now - ACCESS_TOKEN_MS - seconds * 1_000 : now + seconds * 1_000
    const { token } = await mintAccess(env, ada.identity, mintedAt)
    vi.useFakeTimers({ toFake: ['Date'], now })
    const reading = verifyAccess(env, token).then(
      () => true,
      () => false,
    )
    expect(await reading).toBe(isGood)
  })
})

async function pageOf(who: Person, id: string): Promise<Message[]> {
  const answer = await call('GET', `/api/conversations/${id}/messages?limit=100`, { headers: who.bearer })
  return (await answer.json<{ messages: Message[] }>()).messages
}
