/** Sockets of one conversation that are told more than they can stand: what was asked, answered and delivered. */
import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import WebSocket from 'ws'
import { GOT_AFTER_MS, GOT_EVENTS, SUBPROTOCOL, uuidv7 } from '../../src/protocol/index.ts'
import { Deliveries } from '../deliveries.ts'

const JOIN_AT_ONCE = 50
/** A tick of the open loop: what is due is sent, however late the answers are. */
const TICK_MS = 5
/** All that it takes to tell one frame of events from another: everyone gets the same bytes. */
const FRAME_HEAD = /^\{"type":"events","from":(\d+),"to":(\d+)/
const HEAD_BYTES = 80

export class Crowd {
  seats = []
  acked = 0
  ackedAfterMs = []
  /** How often each code was answered. */
  refused = new Map()
  #sentAt = new Map()

  /** @param seats `{ url, headers }` of each */
  async join(seats) {
    for (let first = 0; first < seats.length; first += JOIN_AT_ONCE) {
      const some = seats.slice(first, first + JOIN_AT_ONCE).map((seat) => new Seat(seat, this))
      this.seats.push(...some)
      await Promise.all(some.map((seat) => seat.ready))
    }
  }

  /** So many messages a second for so long, by everyone in turn, without waiting for answers. */
  async speak(perSecond, ms) {
    const startedAt = performance.now()
    let sent = 0
    for (let passed = 0; passed < ms; passed = performance.now() - startedAt) {
      const due = Math.floor((Math.min(passed, ms) * perSecond) / 1_000)
      while (sent < due) this.#say(this.seats[sent++ % this.seats.length])
      await wait(TICK_MS)
    }
    return sent
  }

  /** Waits until everything is answered and delivered. @returns ms that it took; null where it was too long */
  async settled(withinMs) {
    const startedAt = performance.now()
    while (this.#sentAt.size > 0 || this.seats.some(({ next }) => next <= this.head)) {
      if (performance.now() - startedAt > withinMs) return null
      await wait(TICK_MS)
    }
    return performance.now() - startedAt
  }

  /** The newest event that an ack has named. */
  head = 0

  close() {
    for (const seat of this.seats) seat.close()
  }

  /** Deliveries lost, doubled or out of order, at all seats together. */
  faults() {
    return this.seats.reduce((sum, seat) => {
      const { lost, doubled, reordered } = seat.verdict(this.head)
      return sum + lost + doubled + reordered
    }, 0)
  }

  answer(frame) {
    const sentAt = this.#sentAt.get(frame.id)
    if (sentAt === undefined) return
    this.#sentAt.delete(frame.id)
    if (frame.type === 'ack') {
      this.acked += 1
      this.head = Math.max(this.head, frame.seq)
      this.ackedAfterMs.push(performance.now() - sentAt)
    } else this.refused.set(frame.code, (this.refused.get(frame.code) ?? 0) + 1)
  }

  #say(seat) {
    const id = uuidv7(Date.now())
    this.#sentAt.set(id, performance.now())
    seat.send({
      type: 'send',
      id,
      text: 'A text of the usual length, which says when and where we will meet.',
    })
  }
}

class Seat {
  #socket
  #ready = Promise.withResolvers()
  #deliveries
  #confirmed = 0
  #timer

  constructor({ url, headers }, crowd) {
    this.#socket = new WebSocket(url, [SUBPROTOCOL], { headers, perMessageDeflate: false })
    this.#socket.on('message', (data) => this.#receive(data, crowd))
    this.#socket.on('error', (error) => this.#ready.reject(error))
    this.#socket.on('close', (code) => this.#ready.reject(new Error(`closed with ${code}`)))
  }

  get ready() {
    return this.#ready.promise
  }

  get next() {
    return this.#deliveries.next
  }

  verdict(last) {
    return this.#deliveries.verdict(last)
  }

  send(frame) {
    this.#socket.send(JSON.stringify(frame))
  }

  close() {
    clearTimeout(this.#timer)
    this.#socket.terminate()
  }

  #receive(data, crowd) {
    const events = FRAME_HEAD.exec(data.toString('latin1', 0, HEAD_BYTES))
    if (events) return this.#take(Number(events[1]), Number(events[2]))
    const frame = JSON.parse(data.toString())
    if (frame.type === 'ack' || frame.type === 'error') crowd.answer(frame)
    if (frame.type === 'resync') {
      this.#deliveries = new Deliveries(frame.base)
      this.#confirmed = frame.base
      crowd.head = Math.max(crowd.head, frame.base)
    }
    if (frame.type === 'live') this.#ready.resolve()
  }

  #take(from, to) {
    for (let seq = from; seq <= to; seq += 1) this.#deliveries.take(seq)
    if (this.next - 1 - this.#confirmed >= GOT_EVENTS) return this.#confirm()
    this.#timer ??= setTimeout(() => this.#confirm(), GOT_AFTER_MS)
  }

  #confirm() {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#confirmed = this.next - 1
    this.send({ type: 'got', seq: this.#confirmed })
  }
}
