import { describe, expect, it } from 'vitest'
import { person } from '../support/worker/people.ts'
import { group, live, TestSocket } from '../support/worker/sockets.ts'

describe('the socket', () => {
  it('R1 greets with hello, resync and live; a message is acked, then comes back to everyone', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const a = await TestSocket.connect(ada, id)
    const b = await live(grace, id)
    await a.next('live')
    expect(a.frames.map((frame) => frame.type).slice(0, 3)).toEqual(['hello', 'resync', 'live'])
    const ack = await a.say('hello')
    expect(ack.seq).toBe(1)
    const [event] = await b.upTo(1)
    expect(event).toMatchObject({ kind: 'message.created', by: ada.user.id, message: { text: 'hello' } })
    await a.upTo(1)
    expect(a.frames.findIndex((f) => f.type === 'ack')).toBeLessThan(
      a.frames.findIndex((f) => f.type === 'events'),
    )
  })
  it('TX1 keeps a NUL', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const a = await live(ada, id)
    await a.say('zero\u0000byte')
    a.close()
    const b = await TestSocket.connect(grace, id)
    expect((await b.next('resync')).messages[0]?.text).toBe('zero\u0000byte')
  })
})
