/**
 * A conversation's log as one client holds it: always a contiguous run (G4). Frames go in, in the order in
 * which they came; what cannot be applied is said, never guessed.
 */
import {
  type Event,
  type Member,
  type Message,
  type MessagesAnswer,
  type Replies,
  type ServerFrameOf,
  TIMELINE_MESSAGES_MAX,
} from '../protocol/index.ts'
import { applyChange, type Change } from './changes.ts'
import type { KeptTimeline } from './kept-timeline.ts'

/** The part of a timeline that outlives the page. */
type Run = Pick<KeptTimeline, 'epoch' | 'lastSeq' | 'hasOlder' | 'members' | 'messages'>

export class Timeline {
  /** Names the history that this is a run of; undefined before the first window. */
  epoch: string | undefined
  /** Everything up to here is applied. */
  lastSeq = 0
  hasOlder = false
  #members: ReadonlyMap<string, Member> = new Map()
  #messages: Message[] = []
  /** Changes of messages that are not held: a page that was on its way meanwhile may not know them yet. */
  #unplaced: Change[] = []
  /** The same for what roots say of their threads: the newest of each. */
  #unplacedReplies = new Map<number, Replies>()

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

  /** All of it as of `lastSeq`, to be kept; undefined before the first window. */
  get run(): Run | undefined {
    const { epoch, lastSeq, hasOlder } = this
    if (epoch === undefined) return undefined
    return { epoch, lastSeq, hasOlder, members: [...this.#members.values()], messages: this.#messages }
  }

  /** Takes up what an earlier life of this page has kept. */
  restore(run: Run): void {
    this.epoch = run.epoch
    this.lastSeq = run.lastSeq
    this.hasOlder = run.hasOlder
    this.#messages = [...run.messages]
    this.#members = new Map(run.members.map((member) => [member.user.id, member]))
  }

  /** Starts over from a window: what was held before belongs to a past that is a page away. */
  reset(frame: ServerFrameOf<'resync'>, epoch: string): void {
    this.epoch = epoch
    this.lastSeq = frame.base
    this.hasOlder = frame.hasOlder
    this.#messages = frame.messages
    this.#unplaced = []
    this.#unplacedReplies = new Map()
    this.#members = new Map(frame.members.map((member) => [member.user.id, member]))
  }

  /**
   * Applies the events that follow. What is held already is passed over.
   * @returns false where events are missing in between: nothing was applied, and the caller starts over
   */
  apply(frame: ServerFrameOf<'events'>): boolean {
    if (frame.from > this.lastSeq + 1) return false
    const draft = new Draft(this.#messages)
    for (const event of frame.events) if (event.seq > this.lastSeq) this.#applyOne(event, draft)
    this.lastSeq = Math.max(this.lastSeq, frame.to)
    this.#keep(draft.messages)
    return true
  }

  /**
   * Puts an older page before what is held.
   * @param first the message that the page was asked for as coming before. Where another is the first by now
   * (a window has replaced it, or it was trimmed away) the page would leave a gap, and is dropped.
   */
  prepend(page: MessagesAnswer, first: Message): void {
    if (this.#messages[0]?.seq !== first.seq) return
    const older = new Draft(page.messages.filter((message) => message.seq < first.seq))
    this.#unplaced = this.#unplaced.filter((change) => !older.change(change))
    for (const [root, replies] of this.#unplacedReplies) {
      if (older.say(root, replies)) this.#unplacedReplies.delete(root)
    }
    this.#messages = [...older.messages, ...this.#messages]
    this.hasOlder = page.hasOlder
  }

  #applyOne(event: Event, draft: Draft): void {
    switch (event.kind) {
      case 'message.created':
        draft.append(event.message)
        if (event.message.thread !== null) this.#say(event.message.thread, event.replies, draft)
        break
      case 'message.edited':
      case 'message.deleted':
      case 'reaction.set':
        if (!draft.change(event)) this.#unplaced.push(event)
        if (event.kind === 'message.deleted' && event.thread) this.#say(event.thread, event.replies, draft)
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

  #say(root: number, replies: Replies | undefined, draft: Draft): void {
    if (replies && !draft.say(root, replies)) this.#unplacedReplies.set(root, replies)
  }

  #setMember(userId: string, member: Member): void {
    this.#members = new Map(this.#members).set(userId, member)
  }

  #keep(messages: Message[]): void {
    const surplus = messages.length - TIMELINE_MESSAGES_MAX
    this.#messages = surplus > 0 ? messages.slice(surplus) : messages
    if (surplus > 0) this.hasOlder = true
  }
}

/** Messages while events are applied to them: copied at the first change, the same array where there is none. */
class Draft {
  messages: Message[]
  #isCopy = false

  constructor(messages: Message[]) {
    this.messages = messages
  }

  append(message: Message): void {
    this.#own().push(message)
  }

  /** @returns false where the message is not among them */
  change(event: Change): boolean {
    const at = placeOf(this.messages, event.target)
    const message = this.messages[at]
    if (message?.seq !== event.target) return false
    const changed = applyChange(message, event)
    if (changed !== message) this.#own()[at] = changed
    return true
  }

  /**
   * What a root says of its thread: of two, the newer.
   * @returns false where the root is not among them
   */
  say(root: number, replies: Replies): boolean {
    const at = placeOf(this.messages, root)
    const message = this.messages[at]
    if (message?.seq !== root) return false
    if ((message.replies?.rev ?? 0) < replies.rev) this.#own()[at] = { ...message, replies }
    return true
  }

  #own(): Message[] {
    if (!this.#isCopy) this.messages = [...this.messages]
    this.#isCopy = true
    return this.messages
  }
}

/** Where the first message stands that is not before `seq`. */
export function placeOf(messages: readonly Message[], seq: number): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((messages[middle]?.seq ?? 0) < seq) low = middle + 1
    else high = middle
  }
  return low
}
