/** A socket with no client behind it: frames as they are, and each operation's answer by its id. */
import type { ProgramSession } from '../../../src/client/program.ts'
import { GOT_EVENTS, type ServerFrame, SUBPROTOCOL, uuidv7 } from '../../../src/protocol/index.ts'

/** A frame that changes the log, whatever it says: a test may say what the server refuses. */
export type Operation = { type: string; id: string; target?: number; [field: string]: unknown }
type Answer = Extract<ServerFrame, { type: 'ack' | 'error' }>

/** Operations under way at once: enough to keep the server busy, and few enough to stay polite. */
const AT_ONCE = 50

export class RawSocket {
  /** Places that this socket was told of, in their order. */
  readonly told: number[] = []
  readonly #socket: WebSocket
  readonly #waiting = new Map<string, (answer: Answer) => void>()
  #confirmed = 0

  /** Resolves when it is live. @param place where to go on from, as `?after=1` */
  static async open(url: string, session: ProgramSession, id: string, place = ''): Promise<RawSocket> {
    const address = `${url.replace('http', 'ws')}/api/conversations/${id}/socket${place}`
    const options = { protocols: [SUBPROTOCOL], headers: await session.authorize() }
    const socket = new WebSocket(address, options as unknown as string[])
    return new Promise((resolve, reject) => {
      const raw = new RawSocket(socket, () => resolve(raw))
      socket.addEventListener('error', () => reject(new Error('no socket')))
    })
  }

  private constructor(socket: WebSocket, onLive: () => void) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => {
      const frame: ServerFrame = JSON.parse(data)
      if (frame.type === 'live') onLive()
      else if (frame.type === 'events') this.#heard(frame.events.map(({ seq }) => seq))
      else if ((frame.type === 'ack' || frame.type === 'error') && frame.id !== undefined) {
        this.#waiting.get(frame.id)?.(frame)
        this.#waiting.delete(frame.id)
      }
    })
  }

  ask(operation: Operation): Promise<Answer> {
    return new Promise((resolve) => {
      this.#waiting.set(operation.id, resolve)
      this.#socket.send(JSON.stringify(operation))
    })
  }

  close(): void {
    this.#socket.close()
  }

  #heard(seqs: readonly number[]): void {
    this.told.push(...seqs)
    const last = seqs.at(-1) ?? 0
    if (last < this.#confirmed + GOT_EVENTS) return
    this.#confirmed = last
    this.#socket.send(JSON.stringify({ type: 'got', seq: last }))
  }
}

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
