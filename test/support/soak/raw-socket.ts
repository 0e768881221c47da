/** A conversation's socket as the wire has it: every frame is kept, and no client makes anything of it. */
import { openWebSocket, type Socket } from '../../../src/client/platform.ts'
import type { ProgramSession } from '../../../src/client/program.ts'
import {
  type Event,
  GOT_EVENTS,
  type ServerFrame,
  type ServerFrameOf,
  SUBPROTOCOL,
} from '../../../src/protocol/index.ts'

const WITHIN_MS = 30_000

/** A frame that changes the log, whatever it says: a test may say what the server refuses. */
export type Operation = { type: string; id: string; target?: number; [field: string]: unknown }
export type Closed = { code: number; at: number }
type Answer = ServerFrameOf<'ack'> | ServerFrameOf<'error'>

export class RawSocket {
  readonly frames: ServerFrame[] = []
  readonly closed: Promise<Closed>
  isClosed = false
  readonly #answers = new Map<string, (answer: Answer) => void>()
  readonly #socket: Socket
  #confirmed = 0
  #wake = () => {}

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(String(data)))
    this.closed = new Promise((resolve) => {
      socket.onclose = ({ code }) => {
        this.isClosed = true
        this.#wake()
        resolve({ code, at: performance.now() })
      }
    })
  }

  /** Resolves when it is live. @throws where it closes before */
  static async open(
    url: string,
    who: Pick<ProgramSession, 'authorize'>,
    conversationId: string,
    query = '',
  ): Promise<RawSocket> {
    const address = `${url.replace('http', 'ws')}/api/conversations/${conversationId}/socket${query}`
    const socket = new RawSocket(openWebSocket(address, SUBPROTOCOL, await who.authorize()))
    await socket.until(() => socket.frames.some(({ type }) => type === 'live'))
    return socket
  }

  say(frame: object): void {
    this.#socket.send(JSON.stringify(frame))
  }

  /** Sends an operation. @returns its ack or error */
  ask(operation: Operation): Promise<Answer> {
    const answer = new Promise<Answer>((resolve) => this.#answers.set(operation.id, resolve))
    this.say(operation)
    return answer
  }

  events(): Event[] {
    return this.frames.flatMap((frame) => (frame.type === 'events' ? frame.events : []))
  }

  /** Places that this socket was told of, in their order. */
  get told(): number[] {
    return this.events().map(({ seq }) => seq)
  }

  /** Resolves once it is so; looks at each frame. @throws where it closes, or does not come */
  async until(isSo: () => boolean): Promise<void> {
    const deadline = performance.now() + WITHIN_MS
    while (!isSo()) {
      if (this.isClosed) throw new Error('the socket has closed')
      const left = deadline - performance.now()
      if (left <= 0) throw new Error(`not within ${WITHIN_MS} ms: ${isSo}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  close(): void {
    this.#socket.close(1000, 'bye')
  }

  #hear(frame: ServerFrame): void {
    this.frames.push(frame)
    if (frame.type === 'events' && frame.to >= this.#confirmed + GOT_EVENTS) {
      this.#confirmed = frame.to
      this.say({ type: 'got', seq: frame.to })
    }
    if ((frame.type === 'ack' || frame.type === 'error') && frame.id !== undefined) {
      this.#answers.get(frame.id)?.(frame)
      this.#answers.delete(frame.id)
    }
    this.#wake()
  }
}
