/** One socket of one member: what hibernation must not forget, and what is on its way to it. */
import * as v from 'valibot'
import {
  ALL_WINDOWS_BYTES,
  BAD_FRAMES_PER_MINUTE,
  FRAMES_BURST,
  FRAMES_OVER_MAX,
  FRAMES_PER_S,
  GOT_EVENTS,
  HEARD_EVERY_MS,
  Position,
  REFUSALS_BURST,
  REFUSALS_PER_S,
  SLOW_AFTER_MS,
  SOCKET_WINDOW_BYTES,
  SOCKET_WINDOW_EVENTS,
  Time,
  Uuid,
} from '../protocol/index.ts'
import { TokenBucket } from '../token-bucket.ts'

/** Kept by the runtime with the socket, through hibernation (16 KiB at most). */
const Attachment = v.object({
  userId: Uuid,
  sessionId: Uuid,
  leaseExpiresAt: Time,
  openedAt: Time,
  /** When it last said anything, to within HEARD_EVERY_MS. Pings are not here: the runtime remembers those. */
  heardAt: Time,
  /** Where a socket that is behind has got to; null while it is live. */
  behindAt: v.nullable(Position),
})
type Attachment = v.InferOutput<typeof Attachment>

/** A frame on its way: the seq it ends with, its events and bytes. */
type InFlight = { to: number; events: number; bytes: number }

/**
 * Where no event is on its way one always fits: a client confirms events and nothing else, so that a window
 * which is full without one (of a large `resync`, or smaller than a message) would never move.
 */
export type Room = {
  events: number
  bytes: number
  isIdle: boolean
  /** So much is on its way that the client confirms it at once, and not only after a while. */
  isSoonMore: boolean
}

export class Session {
  readonly socket: WebSocket
  readonly userId: string
  readonly sessionId: string
  readonly openedAt: number
  readonly frames = new TokenBucket(FRAMES_PER_S, FRAMES_BURST)
  readonly #badFrames = new TokenBucket(BAD_FRAMES_PER_MINUTE / 60, BAD_FRAMES_PER_MINUTE)
  readonly #refusals = new TokenBucket(REFUSALS_PER_S, REFUSALS_BURST)
  #framesOver = 0
  #leaseExpiresAt: number
  #behindAt: number | null
  #heardAt: number
  /** The last seq that was sent. A live socket has been sent everything, so after hibernation it is the head. */
  sent: number
  #inFlight: InFlight[] = []
  #inFlightEvents = 0
  #inFlightBytes = 0
  #confirmedAt: number

  private constructor(socket: WebSocket, attachment: Attachment, head: number, now: number) {
    this.socket = socket
    this.userId = attachment.userId
    this.sessionId = attachment.sessionId
    this.openedAt = attachment.openedAt
    this.#leaseExpiresAt = attachment.leaseExpiresAt
    this.#behindAt = attachment.behindAt
    this.#heardAt = attachment.heardAt
    this.sent = attachment.behindAt ?? head
    this.#confirmedAt = now
  }

  static open(
    socket: WebSocket,
    who: Pick<Attachment, 'userId' | 'sessionId' | 'leaseExpiresAt'>,
    now: number,
  ): Session {
    const session = new Session(socket, { ...who, openedAt: now, heardAt: now, behindAt: 0 }, 0, now)
    session.#keep()
    return session
  }

  /** A socket that slept. */
  static restore(socket: WebSocket, head: number, now: number): Session {
    return new Session(socket, v.parse(Attachment, socket.deserializeAttachment()), head, now)
  }

  get leaseExpiresAt(): number {
    return this.#leaseExpiresAt
  }

  /** When it last said anything; where it never has, when it came. */
  get heardAt(): number {
    return this.#heardAt
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN
  }

  /** Live: gets each event as it happens. Behind: reads the log at its own pace, and costs no memory. */
  get isLive(): boolean {
    return this.#behindAt === null
  }

  fallBehind(): void {
    this.#keepPlace(this.sent)
  }

  goLive(): void {
    this.#keepPlace(null)
  }

  renew(leaseExpiresAt: number): void {
    this.#leaseExpiresAt = Math.max(this.#leaseExpiresAt, leaseExpiresAt)
    this.#keep()
  }

  /** It said something: written down so seldom that a busy socket pays nothing for it. */
  hear(now: number): void {
    if (now - this.#heardAt < HEARD_EVERY_MS) return
    this.#heardAt = now
    this.#keep()
  }

  /** What may still be put on its way, given how many sockets share the memory. */
  room(sockets: number): Room {
    const bytes = Math.min(SOCKET_WINDOW_BYTES, ALL_WINDOWS_BYTES / sockets) - this.#inFlightBytes
    const events = SOCKET_WINDOW_EVENTS - this.#inFlightEvents
    const isSoonMore = this.#inFlightEvents >= GOT_EVENTS
    return { events, bytes, isIdle: this.#inFlightEvents === 0, isSoonMore }
  }

  putInFlight({ to, events, bytes }: InFlight, now: number): void {
    // Patience starts with the first frame that waits, not with the last one that was confirmed.
    if (this.#inFlight.length === 0) this.#confirmedAt = now
    this.#inFlight.push({ to, events, bytes })
    this.#inFlightEvents += events
    this.#inFlightBytes += bytes
    this.sent = to
  }

  confirm(seq: number, now: number): void {
    let done = 0
    for (const frame of this.#inFlight) {
      if (frame.to > seq) break
      this.#inFlightEvents -= frame.events
      this.#inFlightBytes -= frame.bytes
      done += 1
    }
    this.#inFlight.splice(0, done)
    this.#confirmedAt = now
    if (!this.isLive) this.#keepPlace(this.sent)
  }

  /** Behind, and silent about what it was sent for too long. */
  isTooSlow(now: number): boolean {
    return !this.isLive && this.#inFlight.length > 0 && now - this.#confirmedAt > SLOW_AFTER_MS
  }

  /** Counts a malformed frame; true where it was one too many. */
  countBadFrame(now: number): boolean {
    return this.#badFrames.take(now) > 0
  }

  /** Counts a refusal; true where there were so many that nobody can be reading them. */
  countRefusal(now: number): boolean {
    return this.#refusals.take(now) > 0
  }

  /** Counts a frame over the rate; true where the client clearly does not listen. */
  countFrameOver(): boolean {
    this.#framesOver += 1
    return this.#framesOver > FRAMES_OVER_MAX
  }

  #keepPlace(behindAt: number | null): void {
    if (behindAt === this.#behindAt) return
    this.#behindAt = behindAt
    this.#keep()
  }

  #keep(): void {
    const attachment: Attachment = {
      userId: this.userId,
      sessionId: this.sessionId,
      leaseExpiresAt: this.#leaseExpiresAt,
      openedAt: this.openedAt,
      heardAt: this.#heardAt,
      behindAt: this.#behindAt,
    }
    this.socket.serializeAttachment(attachment)
  }
}

/** The sessions of a conversation: the runtime holds the sockets, this remembers what goes with each. */
export class Sessions {
  readonly #state: DurableObjectState
  readonly #headAtWake: number
  readonly #known = new WeakMap<WebSocket, Session>()
  #count: number | undefined

  /** @param headAtWake the head before anything new: what every live socket that slept has been sent */
  constructor(state: DurableObjectState, headAtWake: number) {
    this.#state = state
    this.#headAtWake = headAtWake
  }

  add(session: Session): void {
    this.#state.acceptWebSocket(session.socket, [`user:${session.userId}`, `session:${session.sessionId}`])
    this.#known.set(session.socket, session)
    if (this.#count !== undefined) this.#count += 1
  }

  of(socket: WebSocket, now: number): Session {
    const known = this.#known.get(socket)
    if (known) return known
    const restored = Session.restore(socket, this.#headAtWake, now)
    this.#known.set(socket, restored)
    return restored
  }

  all(now: number): Session[] {
    const sessions = this.#open(this.#state.getWebSockets(), now)
    this.#count = sessions.length
    return sessions
  }

  /** How many there are: exact when they were last gone through, and never too few. */
  count(now: number): number {
    return this.#count ?? this.all(now).length
  }

  ofUser(userId: string, now: number): Session[] {
    return this.#open(this.#state.getWebSockets(`user:${userId}`), now)
  }

  ofSession(sessionId: string, now: number): Session[] {
    return this.#open(this.#state.getWebSockets(`session:${sessionId}`), now)
  }

  /** Who has a socket here: each person once. */
  present(now: number): string[] {
    return [...new Set(this.all(now).map((session) => session.userId))]
  }

  /** When the socket last showed a sign of life: a ping, which the runtime answers by itself, or a frame. */
  lastSignAt(session: Session): number {
    const pingAt = this.#state.getWebSocketAutoResponseTimestamp(session.socket)?.getTime() ?? 0
    return Math.max(pingAt, session.heardAt)
  }

  #open(sockets: WebSocket[], now: number): Session[] {
    return sockets.map((socket) => this.of(socket, now)).filter((session) => session.isOpen)
  }
}
