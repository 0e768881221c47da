/**
 * A conversation's log as one client holds it: always a contiguous run (G4). Frames go in, in the order in
 * which they came; what cannot be applied is said, never guessed.
 */
import {
  type Event,
  type Member,
  type Message,
  type MessagesAnswer,
  type ServerFrameOf,
  TIMELINE_MESSAGES_MAX,
} from '../protocol/index.ts'

export class Timeline {
  /** Names the history that this is a run of; undefined before the first window. */
  epoch: string | undefined
  /** Everything up to here is applied. */
  lastSeq = 0
  hasOlder = false
  #members: ReadonlyMap<string, Member> = new Map()
  #messages: Message[] = []

  get isLoaded(): boolean {
    return this.epoch !== undefined
  }

  /** By user id. The same map until someone comes, goes or changes. */
  get members(): ReadonlyMap<string, Member> {
    return this.#members
  }

  /** Ascending by seq. The same array until something changes. */
  get messages(): readonly Message[] {
    return this.#messages
  }

  /** Starts over from a window: what was held before belongs to a past that is a page away. */
  reset(frame: ServerFrameOf<'resync'>, epoch: string): void {
    this.epoch = epoch
    this.lastSeq = frame.base
    this.hasOlder = frame.hasOlder
    this.#messages = frame.messages
    this.#members = new Map(frame.members.map((member) => [member.user.id, member]))
  }

  /**
   * Applies the events that follow. What is held already is passed over.
   * @returns false where events are missing in between: nothing was applied, and the caller starts over
   */
  apply(frame: ServerFrameOf<'events'>): boolean {
    if (frame.from > this.lastSeq + 1) return false
    const created: Message[] = []
    for (const event of frame.events) {
      if (event.seq > this.lastSeq) this.#applyOne(event, created)
    }
    this.lastSeq = Math.max(this.lastSeq, frame.to)
    if (created.length > 0) this.#append(created)
    return true
  }

  /**
   * Puts an older page before what is held.
   * @param first the message that the page was asked for as coming before. Where another is the first by now
   * (a window has replaced it, or it was trimmed away) the page would leave a gap, and is dropped.
   */
  prepend(page: MessagesAnswer, first: Message): void {
    if (this.#messages[0] !== first) return
    this.#messages = [...page.messages.filter((message) => message.seq < first.seq), ...this.#messages]
    this.hasOlder = page.hasOlder
  }

  #applyOne(event: Event, created: Message[]): void {
    switch (event.kind) {
      case 'message.created':
        created.push(event.message)
        break
      case 'member.added':
        this.#setMember(event.user.id, { user: event.user, role: event.role })
        break
      case 'member.changed': {
        const user = event.user ?? this.#members.get(event.userId)?.user
        if (user) this.#setMember(event.userId, { user, role: event.role })
        break
      }
      case 'member.removed':
        this.#members = new Map([...this.#members].filter(([userId]) => userId !== event.userId))
        break
      default:
      // A kind that this client does not know yet still has its place in the log.
    }
  }

  #setMember(userId: string, member: Member): void {
    this.#members = new Map(this.#members).set(userId, member)
  }

  #append(created: readonly Message[]): void {
    const messages = [...this.#messages, ...created]
    const surplus = messages.length - TIMELINE_MESSAGES_MAX
    this.#messages = surplus > 0 ? messages.slice(surplus) : messages
    if (surplus > 0) this.hasOlder = true
  }
}
