/**
 * One conversation's server, in memory, speaking the real protocol over FakeSockets: a log with seqs, `ack`
 * before the event, deduplication by (author, id), replay or a window on connecting, pages over HTTP. Frames
 * that it gets go through the protocol's own decoder, frames that it sends through its schemas: a test that
 * passes here has not been talking to a fantasy.
 *
 * To misbehave it has: `refusals` (answers for the next sends), `isStalled` (takes everything, says nothing),
 * `refuseUpgrade` (closes each new socket with a code), `isUnreachable` (new sockets never open), `skipEvent`
 * (makes a gap for one socket), `repeatEvents` (says again what it has said); and each FakeSocket can `drop`,
 * fall `silent` or `end` with any code. To teach it a new verb, add a case to `#perform`; for a new event, call
 * `append`.
 */
import * as v from 'valibot'
import type { OpenSocket } from '../../src/client/platform.ts'
import {
  type ClientFrame,
  decodeClientFrame,
  type ErrorCode,
  type Event,
  type FrameOf,
  isInMain,
  type Message,
  type MessagesAnswer,
  PAGE_DEFAULT,
  PING,
  PONG,
  REPLAY_EVENTS_MAX,
  ServerFrame,
  type ServerFrameOf,
  TEXT_MAX,
  type User,
  WINDOW_MESSAGES,
} from '../../src/protocol/index.ts'
import type { FakeClock } from './fake-clock.ts'
import { FakeSocket, type Wire } from './fake-socket.ts'
import { ada, alan, grace } from './people.ts'

export const LEASE_FOR_MS = 600_000

export type Refused = { code: ErrorCode; retryAfterMs?: number }

/** An event before it has its place. */
type Unplaced = Event extends infer E ? (E extends Event ? Omit<E, 'seq' | 'at'> : never) : never

type Place = Pick<FrameOf<'send'>, 'thread' | 'alsoToConversation'>

type Client = { socket: FakeSocket; userId: string; sent: number; skipNext: boolean }

type Page = { before?: number; limit?: number; thread?: number; isMain?: boolean }

type Options = {
  clock: FakeClock
  members?: User[]
  latencyMs?: () => number
  replayMax?: number
  windowMax?: number
}

export class FakeServer {
  epoch = 'epoch-1'
  readonly log: Event[] = []
  readonly reads = new Map<string, number>()
  /** Every socket that was ever asked for, in order. */
  readonly sockets: FakeSocket[] = []
  /** Every frame that no client of ours may send. */
  readonly malformed: string[] = []
  readonly confirmed: number[] = []
  readonly refusals: Refused[] = []
  isStalled = false
  isUnreachable = false
  refuseUpgrade: number | undefined
  readonly members: User[]
  readonly #clock: FakeClock
  readonly #replayMax: number
  readonly #windowMax: number
  readonly #wire: Wire
  #clients: Client[] = []

  constructor({ clock, members = [ada, grace, alan], latencyMs = () => 1, replayMax, windowMax }: Options) {
    this.#clock = clock
    this.members = members
    this.#replayMax = replayMax ?? REPLAY_EVENTS_MAX
    this.#windowMax = windowMax ?? WINDOW_MESSAGES
    this.#wire = {
      clock,
      latencyMs,
      onText: (socket, text) => this.#receive(socket, text),
      onGone: (socket) => this.#forget(socket),
    }
  }

  get head(): number {
    return this.log.length
  }

  /** As they are now, with what was changed since. */
  get messages(): Message[] {
    const messages = new Map(this.#asSent.map((message) => [message.seq, message]))
    for (const event of this.log) {
      const message = 'target' in event ? messages.get(event.target) : undefined
      if (!message) continue
      if (event.kind === 'message.edited' && message.deletedAt === null) {
        messages.set(message.seq, {
          ...message,
          text: event.text,
          editedAt: event.editedAt,
          changedSeq: event.seq,
        })
      } else if (event.kind === 'message.deleted') {
        messages.set(message.seq, {
          ...message,
          text: '',
          deletedAt: message.deletedAt ?? event.at,
          changedSeq: event.seq,
        })
      }
    }
    return [...messages.values()]
  }

  get #asSent(): Message[] {
    return this.log.flatMap((event) => (event.kind === 'message.created' ? [event.message] : []))
  }

  /** Seqs, the last pinned first. */
  get pinned(): number[] {
    return this.log.reduce<number[]>((seqs, event) => {
      if (event.kind !== 'message.pinned' && event.kind !== 'message.deleted') return seqs
      const others = seqs.filter((seq) => seq !== event.target)
      return event.kind === 'message.pinned' && event.on ? [event.target, ...others] : others
    }, [])
  }

  get openSockets(): FakeSocket[] {
    return this.sockets.filter((socket) => socket.isOpen)
  }

  /** The newest socket that was asked for. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1)
    if (!socket) throw new Error('nobody has connected')
    return socket
  }

  /** What a client of this person takes as `openSocket`. */
  opener(userId: string = ada.id): OpenSocket {
    return (url, protocol, headers) => {
      const socket = new FakeSocket(this.#wire, url, protocol, headers)
      this.sockets.push(socket)
      // From a timer: a mistake of this fake is then the test's failure, not a socket that does not open.
      if (!this.isUnreachable) this.#clock.setTimer(() => this.#connect(socket, userId), 0)
      return socket
    }
  }

  /** A message that somebody sent from elsewhere. */
  say(author: User, text: string, id: string = crypto.randomUUID(), place: Place = {}): Message {
    const message = this.#messageOf(author.id, { type: 'send', id, text, ...place })
    this.#appendMessage(message)
    return message
  }

  /** Gives an event its place and tells everyone who is connected. */
  append(unplaced: Unplaced): Event {
    const event = { ...unplaced, seq: this.head + 1, at: this.#clock.now() } as Event
    this.log.push(event)
    for (const client of this.#clients) {
      if (client.skipNext) client.skipNext = false
      else this.#tellEvents(client, [event])
      client.sent = event.seq
    }
    return event
  }

  /** The next event does not reach this socket, the ones after it do. */
  skipEvent(socket: FakeSocket): void {
    for (const client of this.#clients) if (client.socket === socket) client.skipNext = true
  }

  /** Says the last few events again. */
  repeatEvents(socket: FakeSocket, count: number): void {
    for (const client of this.#clients) {
      const events = this.log.slice(0, client.sent).slice(-count)
      if (client.socket === socket && events.length > 0) this.#tellEvents(client, events)
    }
  }

  tell(frame: ServerFrame, except?: string): void {
    for (const { socket, userId } of this.#clients) if (userId !== except) this.#send(socket, frame)
  }

  /** The threads' places, by person and root. */
  readonly threadReads = new Map<string, number>()

  page(
    { before = this.head + 1, limit = PAGE_DEFAULT, thread, isMain = false }: Page,
    userId = '',
  ): MessagesAnswer {
    const older = this.messages.filter(
      (message) =>
        message.seq < before &&
        (thread === undefined || message.thread === thread) &&
        (!isMain || isInMain(message)),
    )
    const page = {
      messages: older.slice(-limit),
      hasOlder: older.length > limit,
      hasNewer: before <= this.head,
    }
    const root = this.messages.find(({ seq }) => seq === thread)
    const readSeq = this.threadReads.get(`${userId} ${thread}`) ?? 0
    return root ? { ...page, thread: { root, follows: false, readSeq } } : page
  }

  #connect(socket: FakeSocket, userId: string): void {
    if (!socket.isOpen) return
    socket.accept()
    if (this.refuseUpgrade !== undefined) return socket.end(this.refuseUpgrade, 'refused')
    if (socket.url.pathname === '/api/health/socket') return
    const { head, epoch } = this
    this.#send(socket, {
      type: 'hello',
      epoch,
      head,
      me: { userId, role: 'member' },
      leaseExpiresAt: this.#clock.now() + LEASE_FOR_MS,
      reads: Object.fromEntries(this.reads),
      present: this.members.map((member) => member.id),
      typing: [],
      limits: { textMax: TEXT_MAX, frameBytesMax: 32_768, sends10s: 10, sends60s: 60 },
    })
    const client: Client = { socket, userId, sent: head, skipNext: false }
    this.#start(client)
    this.#send(socket, { type: 'live', head })
    this.#clients.push(client)
  }

  #start(client: Client): void {
    const { searchParams } = client.socket.url
    const after = Number(searchParams.get('after'))
    const epoch = searchParams.get('epoch')
    if (!searchParams.has('after')) this.#resync(client.socket, 'start')
    else if (epoch !== null && epoch !== this.epoch) this.#resync(client.socket, 'epoch')
    else if (after > this.head) this.#resync(client.socket, 'ahead')
    else if (this.head - after > this.#replayMax) this.#resync(client.socket, 'far_behind')
    else if (after < this.head) this.#tellEvents(client, this.log.slice(after))
  }

  #resync(socket: FakeSocket, reason: ServerFrameOf<'resync'>['reason']): void {
    const { messages, hasOlder } = this.page({ limit: this.#windowMax })
    const members = this.members.map((user) => ({ user, role: 'member' as const }))
    this.#send(socket, {
      ...{ type: 'resync', reason, base: this.head, messages, members, hasOlder },
      pins: this.pinned,
    })
  }

  #receive(socket: FakeSocket, text: string): void {
    if (this.isStalled) return
    if (text === PING) return socket.deliver(PONG)
    const client = this.#clients.find((each) => each.socket === socket)
    const decoded = decodeClientFrame(text)
    if (!decoded.ok) this.malformed.push(text)
    else if (client) this.#perform(client, decoded.frame)
  }

  #perform({ socket, userId }: Client, frame: ClientFrame): void {
    switch (frame.type) {
      case 'send':
        this.#take(socket, userId, frame)
        break
      case 'pin': {
        const refused = this.refusals.shift()
        if (refused)
          return this.#send(socket, { type: 'error', message: 'refused', id: frame.id, ...refused })
        this.#send(socket, { type: 'ack', id: frame.id, seq: this.head + 1, at: this.#clock.now() })
        this.append({ kind: 'message.pinned', by: userId, target: frame.target, on: frame.on })
        break
      }
      case 'read': {
        const seq = Math.min(frame.seq, this.head)
        if (frame.thread !== undefined) {
          this.threadReads.set(`${userId} ${frame.thread}`, seq)
          return this.#send(socket, { type: 'thread', seq: frame.thread, follows: false, readSeq: seq })
        }
        if (seq <= (this.reads.get(userId) ?? 0)) return
        this.reads.set(userId, seq)
        this.tell({ type: 'read', userId, seq })
        break
      }
      case 'typing':
        this.tell({ type: 'typing', userId, active: frame.active }, userId)
        break
      case 'got':
        this.confirmed.push(frame.seq)
        break
      case 'renew':
        break
    }
  }

  #take(socket: FakeSocket, userId: string, frame: FrameOf<'send'>): void {
    const { id } = frame
    const done = this.#asSent.find((message) => message.authorId === userId && message.id === id)
    const isSame =
      done?.text === frame.text.trim() &&
      `${done.attachments.map((each) => each.id)}` === `${frame.attachments ?? []}`
    if (done && isSame) {
      return this.#send(socket, { type: 'ack', id, seq: done.seq, at: done.createdAt, duplicate: true })
    }
    const refused: Refused | undefined = done ? { code: 'idempotency_mismatch' } : this.refusals.shift()
    if (refused) return this.#send(socket, { type: 'error', message: 'refused', id, ...refused })
    const message = this.#messageOf(userId, frame)
    this.#send(socket, { type: 'ack', id, seq: message.seq, at: message.createdAt })
    this.#appendMessage(message)
  }

  /** A reply says what its root says of the thread from now on, and so does the root. */
  #appendMessage(message: Message): void {
    const { seq, authorId, createdAt: at, thread } = message
    const root = this.messages.find((each) => each.seq === thread)
    if (!root) return void this.append({ kind: 'message.created', by: authorId, message })
    const { count, rev } = root.replies ?? { count: 0, rev: 0 }
    const replies = { count: count + 1, last: { seq, authorId, at }, rev: rev + 1 }
    for (const event of this.log) {
      if (event.kind === 'message.created' && event.seq === thread) event.message = { ...root, replies }
    }
    this.append({ kind: 'message.created', by: authorId, message, replies })
  }

  #messageOf(authorId: string, frame: FrameOf<'send'>): Message {
    return {
      seq: this.head + 1,
      id: frame.id,
      authorId,
      kind: frame.attachments ? 'file' : 'text',
      text: frame.text.trim(),
      mentions: [],
      replyTo: frame.replyTo ?? null,
      thread: frame.thread ?? null,
      ...(frame.alsoToConversation ? { alsoToConversation: true as const } : {}),
      attachments: (frame.attachments ?? []).map((id) => ({
        ...{ id, name: id, mediaType: 'text/plain', size: 1 },
      })),
      reactions: [],
      createdAt: this.#clock.now(),
      editedAt: null,
      deletedAt: null,
    }
  }

  #tellEvents({ socket }: Client, events: Event[]): void {
    const from = events[0]?.seq ?? 0
    const told = this.#asNow(events)
    this.#send(socket, { type: 'events', from, to: from + told.length - 1, events: told })
  }

  /** An event tells what its message says now (C2): what was taken back is told to nobody again. */
  #asNow(events: Event[]): Event[] {
    const messages = new Map(this.messages.map((message) => [message.seq, message]))
    return events.map((event) => {
      const message = messages.get('target' in event ? event.target : event.seq)
      if (event.kind === 'message.created' && message) return { ...event, message }
      if (event.kind === 'message.edited' && message) return { ...event, text: message.text }
      return event
    })
  }

  #send(socket: FakeSocket, frame: ServerFrame): void {
    if (!this.isStalled) socket.deliver(JSON.stringify(v.parse(ServerFrame, frame)))
  }

  #forget(socket: FakeSocket): void {
    this.#clients = this.#clients.filter((client) => client.socket !== socket)
  }
}
