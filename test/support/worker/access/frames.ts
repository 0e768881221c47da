/** Who may do what to messages: frames of a socket, and over HTTP the same as operations (F13). */
import { uuidv7 } from '../../../../src/protocol/index.ts'
import { type Answers, FORBIDDEN, members, type Row } from './answers.ts'
import { type Room, say } from './room.ts'

/** What is done to a message of the owner: over HTTP, and on a socket as a frame. */
export const FRAMES: Record<
  string,
  { fields: object | ((room: Room) => Promise<object>); answers: Answers }
> = {
  send: { fields: { text: 'hello' }, answers: members('ack') },
  edit: {
    fields: async (room) => ({ target: await say(room), text: 'changed' }),
    answers: members('ack', { ...FORBIDDEN, admin: 'forbidden' }),
  },
  delete: { fields: async (room) => ({ target: await say(room) }), answers: members('ack', FORBIDDEN) },
  react: { fields: { target: 1, emoji: '👍', on: true }, answers: members('ack') },
  pin: { fields: { target: 1, on: true }, answers: members('ack', { guest: 'forbidden' }) },
}

/** The rows of `POST …/operations`: the same answers, of which an ack is a 201. */
export function operations(): Row[] {
  return Object.entries(FRAMES)
    .filter(([type]) => type !== 'send')
    .map(([type, { fields, answers }]) => ({
      what: type,
      ask: async (room) => ({
        body: { type, id: uuidv7(), ...(typeof fields === 'function' ? await fields(room) : fields) },
      }),
      answers: Object.fromEntries(
        Object.entries(answers).map(([actor, answer]) => [actor, answer === 'ack' ? '201' : answer]),
      ) as Answers,
    }))
}
