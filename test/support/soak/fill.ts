import { uuidv7 } from '../../../src/protocol/index.ts'
import type { RawSocket } from './raw-socket.ts'

/** Operations under way at once: enough to keep the server busy, and few enough to stay polite. */
const AT_ONCE = 50

/**
 * So many messages, said by all of them together.
 * @returns the client id at each place of the log
 */
export async function fill(sockets: readonly RawSocket[], count: number): Promise<Map<number, string>> {
  const ids = new Map<number, string>()
  let said = 0
  async function talk(socket: RawSocket): Promise<void> {
    while (said < count) {
      said += 1
      const id = uuidv7()
      const answer = await socket.ask({ type: 'send', id, text: `${said} of many` })
      if (answer.type !== 'ack') throw new Error(`not taken: ${answer.code}`)
      ids.set(answer.seq, id)
    }
  }
  const talking = sockets.flatMap((socket) => Array.from({ length: AT_ONCE }, () => talk(socket)))
  await Promise.all(talking)
  return ids
}
