/** M16: many at once, over sockets and HTTP: what is left is what each person did last. */
import { expect, it } from 'vitest'
import { type Message, uuidv7 } from '../../src/protocol/index.ts'
import { call, person } from '../support/worker/people.ts'
import { group, live } from '../support/worker/sockets.ts'

const TOGGLES_EACH = 10
const EMOJI = '👍'

it('C4 50 toggles of five people at once end as each of them left it, the same for everyone', async () => {
  const people = await Promise.all(['ada', 'grace', 'alan', 'edsger', 'barbara'].map((name) => person(name)))
  const [ada, ...others] = people
  if (!ada) throw new Error('nobody')
  const { id } = await group(ada, ...others)
  const sockets = await Promise.all(people.map((who) => live(who, id)))
  await sockets[0]?.say('Shall we?')
  const toggle = (n: number, turn: number) => {
    const frame = { type: 'react', id: uuidv7(), target: 1, emoji: EMOJI, on: (n + turn) % 2 === 0 }
    // Half of them over HTTP: the object is one, whichever door they come through.
    const who = people[n]
    if (turn % 2 === 0 && who) {
      return call('POST', `/api/conversations/${id}/operations`, { body: frame, headers: who.bearer })
    }
    sockets[n]?.send(frame)
    return sockets[n]?.next('ack')
  }
  await Promise.all(
    people.map(async (_, n) => {
      // One's own in order, as a client sends them; the others' in between.
      for (let turn = 0; turn < TOGGLES_EACH; turn += 1) await toggle(n, turn)
    }),
  )
  const expected = people.filter((_, n) => (n + TOGGLES_EACH - 1) % 2 === 0).map((who) => who.user.id)
  for (const who of people) {
    const answer = await call('GET', `/api/conversations/${id}/messages`, { headers: who.bearer })
    const { messages } = await answer.json<{ messages: Message[] }>()
    expect(messages[0]?.reactions.map(({ emoji }) => emoji)).toEqual([EMOJI])
    expect(messages[0]?.reactions[0]?.userIds.toSorted()).toEqual(expected.toSorted())
  }
})
