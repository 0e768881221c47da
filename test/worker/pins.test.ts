/** Pins over the real socket: what a window says is what the call says, and what events make of it. */
import { describe, expect, it } from 'vitest'
import { type Message, uuidv7 } from '../../src/protocol/index.ts'
import { call, type Person, person } from '../support/worker/people.ts'
import { group, live, type TestSocket } from '../support/worker/sockets.ts'

async function pinned(who: Person, id: string): Promise<Message[]> {
  const answer = await call('GET', `/api/conversations/${id}/pins`, { headers: who.bearer })
  return (await answer.json<{ messages: Message[] }>()).messages
}

async function pin(socket: TestSocket, target: number, on = true, id = uuidv7()) {
  socket.send({ type: 'pin', id, target, on })
  return socket.next('ack')
}

async function windowOf(who: Person, id: string) {
  const socket = await live(who, id)
  const found = socket.frames.find((frame) => frame.type === 'resync')
  socket.close()
  return found
}

describe('C7 pins', () => {
  it('C7 a window says which, the last pinned first, and nothing where nothing is', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    for (const text of ['one', 'two', 'three']) await socket.say(text)
    expect(await windowOf(grace, id)).not.toHaveProperty('pins')
    for (const target of [1, 3, 2, 1]) await pin(socket, target)
    expect(await windowOf(grace, id)).toMatchObject({ pins: [1, 2, 3] })
    expect((await pinned(grace, id)).map(({ text }) => text)).toEqual(['one', 'two', 'three'])
    await pin(socket, 2, false)
    socket.send({ type: 'delete', id: uuidv7(), target: 3 })
    await socket.next('ack')
    expect(await windowOf(grace, id)).toMatchObject({ pins: [1] })
  })

  it('G2 C7 a retry pins nothing again', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const socket = await live(ada, id)
    for (const text of ['one', 'two']) await socket.say(text)
    const first = uuidv7()
    const { seq } = await pin(socket, 1, true, first)
    await pin(socket, 2)
    expect(await pin(socket, 1, true, first)).toMatchObject({ seq, duplicate: true })
    expect(await windowOf(grace, id)).toMatchObject({ pins: [2, 1] })
  })

  it('C5 guests pin nothing, and strangers learn nothing', async () => {
    const [ada, grace, mallory] = [await person('ada'), await person('grace'), await person('mallory')]
    const { id } = await group(ada, grace)
    await call('PUT', `/api/conversations/${id}/members/${grace.user.id}`, {
      body: { role: 'guest' },
      headers: ada.bearer,
    })
    const socket = await live(ada, id)
    const guest = await live(grace, id)
    const { seq } = await socket.say('one')
    guest.send({ type: 'pin', id: uuidv7(), target: seq, on: true })
    expect((await guest.next('error')).code).toBe('forbidden')
    const path = `/api/conversations/${id}/pins`
    expect((await call('GET', path, { headers: mallory.bearer })).status).toBe(404)
  })
})
