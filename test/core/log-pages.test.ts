/** What stays encoded in memory must be what the log says: page by page, and after each change. */
import { describe, expect, it, vi } from 'vitest'
import { LogPages, type Page } from '../../src/conversation/log-pages.ts'
import type { Room } from '../../src/conversation/session.ts'
import {
  type Event,
  type ServerFrameOf,
  SOCKET_WINDOW_BYTES,
  SOCKET_WINDOW_EVENTS,
} from '../../src/protocol/index.ts'
import { Bench } from '../support/conversation.ts'
import { ada, grace } from '../support/people.ts'

/** Of a socket that has nothing on its way. */
const idle: Room = {
  events: SOCKET_WINDOW_EVENTS,
  bytes: SOCKET_WINDOW_BYTES,
  isIdle: true,
  isSoonMore: false,
}
const LONG = 'x'.repeat(3_000)

describe('R5 the log in pages', () => {
  it('R5 is the same from memory and from the log, from any place', () => {
    const { pages, bench, say } = begin()
    for (let n = 0; n < 300; n += 1) say(n % 7 === 0 ? LONG : `message ${n}`)
    const read = new LogPages(bench.store)
    for (const after of [0, 1, 150, 299]) {
      expect(eventsFrom(pages, after)).toEqual(eventsFrom(read, after))
      expect(eventsFrom(pages, after).map(({ seq }) => seq)).toEqual(range(after + 1, 300))
    }
    expect(pages.after(300, idle)).toBeUndefined()
  })

  it('R5 what was erased is in no page, neither of those that were made before nor of its end', () => {
    const { pages, bench, say, publish } = begin()
    for (let n = 0; n < 100; n += 1) say(`${n} ${LONG}`)
    expect(textsOf(eventsFrom(pages, 0))).toContain(`4 ${LONG}`)
    expect(textsOf(eventsFrom(pages, 90))).toContain(`95 ${LONG}`)
    for (const target of [5, 96]) publish(bench.perform(ada, { type: 'delete', id: bench.id(), target }))
    expect(textsOf(eventsFrom(pages, 0))).not.toContain(`4 ${LONG}`)
    expect(textsOf(eventsFrom(pages, 90))).not.toContain(`95 ${LONG}`)
  })

  it('R5 TH2 a root says its replies as they are now', () => {
    const { pages, bench, say, publish } = begin()
    say('root')
    expect(eventsFrom(pages, 0)[0]).not.toHaveProperty('message.replies')
    publish(bench.perform(grace, { type: 'send', id: bench.id(), text: 'reply', thread: 1 }))
    expect(eventsFrom(pages, 0)[0]).toMatchObject({ message: { replies: { count: 1 } } })
  })

  it('R5 hundreds of sockets that are behind alike read the log once', () => {
    const { pages, bench, say } = begin()
    for (let n = 0; n < 400; n += 1) say(`${n} ${LONG}`)
    const reading = vi.spyOn(bench.store, 'eventsAfter')
    for (let socket = 0; socket < 500; socket += 1) expect(pages.after(0, idle)?.to).toBe(19)
    expect(reading).toHaveBeenCalledTimes(1)
  })

  it('R5 where enough is on its way a page waits until it fits whole, and else takes what room there is', () => {
    const { pages, say } = begin()
    for (let n = 0; n < 60; n += 1) say(`${n} ${LONG}`)
    const little = { ...idle, bytes: 10_000, isIdle: false }
    expect(pages.after(0, { ...little, isSoonMore: true })).toBeUndefined()
    expect(pages.after(0, little)).toMatchObject({ to: 2, events: 2 })
    // One always goes where nothing else is on its way.
    expect(pages.after(0, { ...idle, bytes: 1 })).toMatchObject({ to: 1, events: 1 })
  })
})

function begin() {
  const bench = new Bench({ sends10s: 10_000, sends60s: 10_000 })
  const pages = new LogPages(bench.store)
  const publish = (effects: ReturnType<Bench['perform']>) => {
    for (const effect of effects) if (effect.do === 'publish') pages.add(effect.event)
  }
  const say = (text: string) => publish(bench.perform(ada, { type: 'send', id: bench.id(), text }))
  return { bench, pages, publish, say }
}

/** Everything after a place, page by page, as a socket gets it that confirms each. */
function eventsFrom(pages: LogPages, after: number): Event[] {
  const events: Event[] = []
  let page: Page | undefined = pages.after(after, idle)
  while (page) {
    const frame: ServerFrameOf<'events'> = JSON.parse(page.text)
    expect(frame).toMatchObject({ type: 'events', from: (events.at(-1)?.seq ?? after) + 1, to: page.to })
    expect(frame.events).toHaveLength(page.events)
    events.push(...frame.events)
    page = pages.after(page.to, idle)
  }
  return events
}

function textsOf(events: readonly Event[]): string[] {
  return events.flatMap((event) => (event.kind === 'message.created' ? [event.message.text] : []))
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n)
}
