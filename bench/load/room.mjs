/** All sockets of one room, and what came through them. */
import { setTimeout as wait } from 'node:timers/promises'
import { problemsOf, totalOf } from '../deliveries.ts'
import { Client } from './client.mjs'

const CONNECT_AT_ONCE = 50
/** For what should not come: a delivery too many may be the last. */
const AFTERWARDS_MS = 100

export class Room {
  dialect
  clients = []
  isClosing = false
  #after
  #sent
  /** What came, by its number. */
  #texts = new Map()
  /** What was read last at a place of the log: everyone gets the same bytes, which are then only compared. */
  #readings = new Map()
  #count = 0
  #expected = Number.POSITIVE_INFINITY
  #complete
  #fail

  /**
   * @param fail is told what goes wrong while nobody waits for it
   * @param after the number that its sockets hold already; undefined for new ones
   * @param sent what was said after that number before they came
   */
  constructor({ dialect, fail, after, sent = [] }) {
    this.dialect = dialect
    this.#fail = fail
    this.#after = after
    this.#sent = [...sent]
  }

  async connect(seats) {
    for (let first = 0; first < seats.length; first += CONNECT_AT_ONCE) {
      const some = seats
        .slice(first, first + CONNECT_AT_ONCE)
        .map((seat) => new Client(this, seat, this.#after))
      this.clients.push(...some)
      await Promise.all(some.map((client) => client.ready))
    }
  }

  /** Resolves when it is acked. */
  say(client, text) {
    this.#sent.push(text)
    return client.send(text)
  }

  /** Resolves when there were that many deliveries in all, since the room was made. */
  delivered(count) {
    this.#expected = count
    this.#complete = Promise.withResolvers()
    this.count(0)
    return this.#complete.promise
  }

  textsAfter(number) {
    return [...this.#texts].filter(([seq]) => seq > number).map(([, text]) => text)
  }

  /** @returns what is wrong; empty where every socket got every message, once and in order */
  async problems() {
    await wait(AFTERWARDS_MS)
    const last = (this.#after ?? 0) + this.#sent.length
    const total = totalOf(this.clients.map(({ deliveries }) => deliveries.verdict(last)))
    return problemsOf(total, this.#sent.length * this.clients.length, this.#sent, this.#texts)
  }

  close() {
    this.isClosing = true
    for (const client of this.clients) client.close()
  }

  read(data, seat, after, next) {
    const known = this.#readings.get(next)
    if (known?.data.equals(data)) return known.reading
    const reading = this.dialect.read(data.toString(), seat, after)
    if (reading.messages) {
      this.#readings.set(next, { data, reading })
      for (const { seq, text } of reading.messages) this.#note(seq, text)
    }
    return reading
  }

  count(deliveries) {
    this.#count += deliveries
    if (this.#count >= this.#expected) this.#complete?.resolve()
  }

  fail(error) {
    if (!this.isClosing) this.#fail(error)
  }

  #note(seq, text) {
    if ((this.#texts.get(seq) ?? text) !== text) this.fail(new Error(`two texts are number ${seq}`))
    this.#texts.set(seq, text)
  }
}
