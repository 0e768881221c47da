/**
 * The replies of one thread as a client holds them: always the newest ones without a gap. Pages come over HTTP while
 * events go on: what happened since a page was asked for is done to it when it arrives.
 */
import type { Event, Message, MessagesAnswer } from '../protocol/index.ts'
import { applyChange, type Change } from './changes.ts'

export class ThreadLog {
  readonly #root: number
  #replies: readonly Message[]
  #hasOlder = true
  /** Until the newest page has come: the conversation's pages leave out replies, so there may be gaps in between. */
  #isProvisional = true
  /** Events were missed: what is held may end before the newest page begins. */
  #isBehind = false
  /** Every change since this log was begun: pages and a root that was fetched may not know them yet. */
  #changes: Change[] = []
  #waiting = 0

  /** @param messages what the conversation holds, to show until the newest page has come */
  constructor(root: number, messages: readonly Message[]) {
    this.#root = root
    this.#replies = messages.filter(({ thread }) => thread === root)
  }

  /** Ascending by seq. The same array until something changes. */
  get replies(): readonly Message[] {
    return this.#replies
  }

  get hasOlder(): boolean {
    return this.#hasOlder
  }

  fallBehind(): void {
    this.#isBehind = true
  }

  apply(events: readonly Event[]): void {
    for (const event of events) {
      if (event.kind === 'message.created') this.#append(event.message)
      if (
        event.kind === 'message.edited' ||
        event.kind === 'message.deleted' ||
        event.kind === 'reaction.set'
      ) {
        if (this.#waiting > 0 || event.target === this.#root) this.#changes.push(event)
        const at = this.#replies.findIndex(({ seq }) => seq === event.target)
        const reply = this.#replies[at]
        if (reply) this.#replies = this.#replies.with(at, applyChange(reply, event))
      }
    }
  }

  /** A message that was fetched, as it is by now. */
  current(message: Message): Message {
    return this.#changes.filter(({ target }) => target === message.seq).reduce(applyChange, message)
  }

  /** A page is asked for. @returns what takes it, or null where it did not come */
  depart(): (page: MessagesAnswer | null, place: 'newest' | 'older') => void {
    this.#waiting += 1
    return (page, place) => {
      if (page && place === 'newest') this.#takeNewest(page)
      if (page && place === 'older') this.#takeOlder(page)
      this.#waiting -= 1
      if (this.#waiting === 0) this.#changes = this.#changes.filter(({ target }) => target === this.#root)
    }
  }

  #append(message: Message): void {
    const last = this.#replies.at(-1)?.seq ?? 0
    if (message.thread === this.#root && message.seq > last) this.#replies = [...this.#replies, message]
  }

  #takeNewest({ messages, hasOlder }: MessagesAnswer): void {
    const [first, last] = [messages[0]?.seq ?? 0, messages.at(-1)?.seq ?? 0]
    const newer = this.#replies.filter(({ seq }) => seq > last)
    const before = this.#replies.filter(({ seq }) => seq < first)
    const isJoined = !this.#isBehind || (this.#replies.at(-1)?.seq ?? 0) >= first
    const older = isJoined && !this.#isProvisional ? before : []
    this.#isBehind = false
    this.#isProvisional = false
    if (older.length === 0) this.#hasOlder = hasOlder
    this.#replies = [...older, ...messages.map((message) => this.current(message)), ...newer]
  }

  #takeOlder({ messages, hasOlder }: MessagesAnswer): void {
    const first = this.#replies[0]?.seq ?? Number.POSITIVE_INFINITY
    const older = messages.filter(({ seq }) => seq < first).map((message) => this.current(message))
    this.#replies = [...older, ...this.#replies]
    this.#hasOlder = hasOlder
  }
}
