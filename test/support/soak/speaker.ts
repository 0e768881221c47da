/** A healthy client beside the fault: speaks at a steady pace, confirms what it hears, and notes how long acks take. */
import { setTimeout as wait } from 'node:timers/promises'
import { GOT_EVENTS, uuidv7 } from '../../../src/protocol/index.ts'
import { HostileSocket, type Where } from './hostile-socket.ts'
import type { Person } from './person.ts'

const ACKED_WITHIN_MS = 20_000

export class Speaker {
  readonly socket: HostileSocket
  /** Acks that came, over its whole life. */
  acked = 0
  /** What it was told of others, or refused: nothing of it belongs to a healthy peer's quiet minute. */
  readonly errors: string[] = []
  readonly #waiting = new Map<string, number>()
  #took: number[] = []
  #confirmed = 0

  static async open(where: Where): Promise<Speaker> {
    return new Speaker(await HostileSocket.open(where))
  }

  private constructor(socket: HostileSocket) {
    this.socket = socket
    socket.hear = (frame) => {
      if (frame.type === 'error') this.errors.push(frame.code)
      if (frame.type === 'ack') this.#ack(frame.id)
      if (frame.type !== 'events' || frame.to - this.#confirmed < GOT_EVENTS) return
      this.#confirmed = frame.to
      socket.say({ type: 'got', seq: frame.to })
    }
  }

  /**
   * Sends at this pace, whether acks come or not.
   * @returns how many ms each ack took, in the order in which they came
   * @throws where an ack is missing
   */
  async speak({ perS, forMs, text }: { perS: number; forMs: number; text: string }): Promise<number[]> {
    this.#took = []
    const startedAt = performance.now()
    const count = Math.round((forMs / 1_000) * perS)
    for (let n = 0; n < count; n += 1) {
      const dueIn = startedAt + (n * 1_000) / perS - performance.now()
      if (dueIn > 0) await wait(dueIn)
      const id = uuidv7()
      this.#waiting.set(id, performance.now())
      this.socket.say({ type: 'send', id, text })
    }
    const giveUpAt = performance.now() + ACKED_WITHIN_MS
    while (this.#waiting.size > 0) {
      if (performance.now() > giveUpAt || !this.socket.isOpen) {
        throw new Error(
          `${this.#waiting.size} without an ack; ${this.errors.slice(0, 3)}; ${this.socket.code}`,
        )
      }
      await wait(5)
    }
    return this.#took
  }

  #ack(id: string): void {
    const sentAt = this.#waiting.get(id)
    if (sentAt === undefined) return
    this.#waiting.delete(id)
    this.acked += 1
    this.#took.push(performance.now() - sentAt)
  }
}

/** Where this person's socket of a conversation is. */
export async function socketOf(
  port: number,
  who: Person,
  conversationId: string,
  query = '',
): Promise<Where> {
  const path = `/api/conversations/${conversationId}/socket${query}`
  return { port, path, headers: await who.authorize() }
}
