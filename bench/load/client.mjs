/** One socket of the load, the same for every peer: it checks what comes, and sends when it is told to. */
import WebSocket from 'ws'
import { uuidv7 } from '../../src/protocol/index.ts'
import { Deliveries } from '../deliveries.ts'

export class Client {
  #room
  #seat
  #after
  #socket
  #waiting = new Map()
  #confirmed
  #timer
  #ready = Promise.withResolvers()
  deliveries

  /** @param after the number that it holds already; undefined for a new one */
  constructor(room, seat, after) {
    this.#room = room
    this.#seat = seat
    this.#after = after
    this.#confirmed = after ?? 0
    this.deliveries = new Deliveries(after ?? 0)
    const { dialect } = room
    this.#socket = new WebSocket(dialect.urlOf(seat, after), dialect.protocols, {
      headers: seat.headers,
      // Deflating and checking UTF-8 would measure this machine's load, not the servers.
      perMessageDeflate: false,
      skipUTF8Validation: true,
    })
    this.#socket.on('message', (data) => this.#receive(data))
    this.#socket.on('error', (error) => room.fail(error))
    this.#socket.on('close', (code) => room.fail(new Error(`closed with ${code}`)))
  }

  /** Resolves when the server has told it everything there was before. */
  get ready() {
    return this.#ready.promise
  }

  /** Resolves when it is acked. */
  send(text) {
    const id = uuidv7(Date.now())
    const acked = Promise.withResolvers()
    this.#waiting.set(id, acked.resolve)
    this.#socket.send(this.#room.dialect.send(id, text))
    return acked.promise
  }

  close() {
    clearTimeout(this.#timer)
    this.#socket.terminate()
  }

  #receive(data) {
    const { messages, acked, isReady, reply, error } = this.#room.read(
      data,
      this.#seat,
      this.#after,
      this.deliveries.next,
    )
    if (messages) this.#take(messages)
    if (acked) {
      this.#waiting.get(acked)?.()
      this.#waiting.delete(acked)
    }
    if (reply) this.#socket.send(reply)
    if (isReady) this.#ready.resolve()
    if (error) this.#room.fail(new Error(error))
  }

  #take(messages) {
    for (const { seq } of messages) this.deliveries.take(seq)
    const { credit } = this.#room.dialect
    if (credit) this.#confirmSoon(credit)
    this.#room.count(messages.length)
  }

  #confirmSoon(credit) {
    if (this.deliveries.next - 1 - this.#confirmed >= credit.every) return this.#confirm(credit)
    this.#timer ??= setTimeout(() => this.#confirm(credit), credit.afterMs)
  }

  #confirm(credit) {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#confirmed = this.deliveries.next - 1
    this.#socket.send(credit.frame(this.#confirmed))
  }
}
