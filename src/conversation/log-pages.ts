/**
 * The log as it goes on the wire. Its end, and the pages that were read last, stay encoded: where hundreds of
 * sockets fall behind together they ask for the same, and reading it once for each would stop everything else.
 * Only in memory, and bounded: the log is the truth.
 */
import { byteLength, type Event, PAGE_BYTES_MAX, RECENT_BYTES, RECENT_PAGES } from '../protocol/index.ts'
import type { Room } from './session.ts'
import type { Store } from './store.ts'

/** An event as it goes on the wire: encoded once, whoever gets it. */
export type Encoded = { seq: number; text: string; bytes: number }

/** One `events` frame: the same bytes for everyone who gets it. */
export type Page = { to: number; events: number; bytes: number; text: string }

export class LogPages {
  readonly #store: Store
  #recent: Encoded[] = []
  #recentBytes = 0
  #head: number | undefined
  /** Full pages, by the seq that they come after. */
  readonly #pages = new Map<number, Page>()

  constructor(store: Store) {
    this.#store = store
  }

  get head(): number {
    return this.#head ?? this.#store.conversation().head
  }

  /** The newest event, which is committed. Every event has to come by: a missing one would be a gap. */
  add(event: Event): Encoded {
    const encoded = encodeEvent(event)
    // What this one changes was encoded as it was before: a body that was erased must never be sent again.
    if (!isOnlySaid(event)) this.#forget()
    this.#recent.push(encoded)
    this.#recentBytes += encoded.bytes
    this.#head = event.seq
    if (this.#recentBytes > 2 * RECENT_BYTES) this.#shorten()
    return encoded
  }

  /**
   * The events after a place that fit; one always does where nothing else is on its way. Undefined where there is
   * no room, or so little that a piece of a page would only be one more frame: the client's `got` makes some.
   */
  after(seq: number, room: Room): Page | undefined {
    const known = this.#pages.get(seq)
    if (known && known.events <= room.events && known.bytes <= room.bytes) return known
    if (known && room.isSoonMore) return undefined
    const events: Encoded[] = []
    let bytes = 0
    for (const event of this.each(seq)) {
      bytes += event.bytes
      const isFirst = room.isIdle && events.length === 0
      const isFull = bytes > PAGE_BYTES_MAX
      if (!isFirst && (isFull || events.length >= room.events || bytes > room.bytes)) {
        return room.isSoonMore && !isFull ? undefined : this.#keep(seq, pageOf(events))
      }
      events.push(event)
    }
    return pageOf(events)
  }

  /** Read one at a time: whoever has enough stops, and what is not asked for is not read. */
  *each(after: number): IterableIterator<Encoded> {
    const oldest = this.#recent[0]?.seq
    if (oldest !== undefined && after >= oldest - 1) {
      // One seq after the other: the distance is the place.
      for (let place = after + 1 - oldest; place < this.#recent.length; place += 1) {
        const event = this.#recent[place]
        if (event) yield event
      }
    } else for (const event of this.#store.eventsAfter(after)) yield encodeEvent(event)
  }

  #keep(after: number, page: Page | undefined): Page | undefined {
    if (page) this.#pages.set(after, page)
    const [oldest] = this.#pages.keys()
    if (oldest !== undefined && this.#pages.size > RECENT_PAGES) this.#pages.delete(oldest)
    return page
  }

  /** By half, so that this is done once in hundreds of events. */
  #shorten(): void {
    const done = this.#recent.findIndex(({ bytes }) => {
      this.#recentBytes -= bytes
      return this.#recentBytes <= RECENT_BYTES
    })
    this.#recent.splice(0, done + 1)
  }

  #forget(): void {
    this.#recent = []
    this.#recentBytes = 0
    this.#pages.clear()
  }
}

export function pageOf(events: readonly Encoded[]): Page | undefined {
  const from = events[0]?.seq
  const to = events.at(-1)?.seq
  if (from === undefined || to === undefined) return undefined
  const list = events.map((event) => event.text).join(',')
  const text = `{"type":"events","from":${from},"to":${to},"events":[${list}]}`
  return { to, events: events.length, bytes: sizeOf(events), text }
}

export function sizeOf(events: readonly Encoded[]): number {
  return events.reduce((bytes, event) => bytes + event.bytes, 0)
}

function encodeEvent(event: Event): Encoded {
  const text = JSON.stringify(event)
  return { seq: event.seq, text, bytes: byteLength(text) }
}

/** A text that changes nothing of what was said before it: a reply changes its root. */
function isOnlySaid(event: Event): boolean {
  return event.kind === 'message.created' && event.message.thread === null
}
