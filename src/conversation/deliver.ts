/** Tells sockets what was committed. The only place that sends: verbs never see a socket. */
import {
  byteLength,
  CLOSE,
  type CloseCode,
  COALESCE_BYTES,
  COALESCE_MS,
  type Event,
  encodeFrame,
  REPLAY_BYTES_MAX,
  REPLAY_EVENTS_MAX,
  type ServerFrame,
  type ServerFrameOf,
} from '../protocol/index.ts'
import type { Effect } from './effects.ts'
import { type Encoded, LogPages, type Page, pageOf, sizeOf } from './log-pages.ts'
import { HIDES, toMember } from './rows.ts'
import type { Session, Sessions } from './session.ts'
import type { Store } from './store.ts'

type ResyncReason = ServerFrameOf<'resync'>['reason']

export type Whisper = Extract<Effect, { do: 'whisper' }>

export type Delivery = {
  store: Store
  sessions: Sessions
  setAlarm: (at: number) => void
  now: () => number
  /** Runs `work` after `ms`; a timer this short does not keep the object from sleeping. */
  after: (ms: number, work: () => void) => void
  /** Tells a person's object who types; best effort. */
  whisper: (whisper: Whisper) => void
}

export class Deliver {
  readonly #store: Store
  readonly #sessions: Sessions
  readonly #setAlarm: (at: number) => void
  readonly #now: () => number
  readonly #after: (ms: number, work: () => void) => void
  readonly #whisper: (whisper: Whisper) => void
  /** Events of a busy moment, encoded, that wait to travel in one frame. */
  #held: Encoded[] = []
  #flushedAt = 0
  #flushes = 0
  #isTimed = false
  readonly #log: LogPages

  constructor({ store, sessions, setAlarm, now, after, whisper }: Delivery) {
    this.#store = store
    this.#log = new LogPages(store)
    this.#sessions = sessions
    this.#setAlarm = setAlarm
    this.#now = now
    this.#after = after
    this.#whisper = whisper
  }

  /** @param asker the socket whose frame this answers, if it was one */
  carryOut(effects: readonly Effect[], asker?: Session): void {
    for (const effect of effects) {
      switch (effect.do) {
        case 'ack':
          if (asker) this.send(asker, effect.ack)
          break
        case 'publish':
          this.#publish(effect.event)
          break
        case 'tell':
          this.#tell(effect)
          break
        case 'tellOwn':
          this.#tellOwn(effect)
          break
        case 'whisper':
          this.#whisper(effect)
          break
        case 'catchUp':
          if (asker && !asker.isLive) this.catchUp(asker)
          break
        case 'dismiss':
          this.#flush()
          for (const session of this.#sessions.ofUser(effect.userId, this.#now())) {
            this.close(session, effect.code, effect.reason)
          }
          break
        case 'wake':
          this.#setAlarm(effect.at)
          break
      }
    }
  }

  /** A frame to one socket. A socket that is closing throws: what it misses it gets when it comes back. */
  send(session: Session, frame: ServerFrame): void {
    this.#sendText(session, encodeFrame(frame))
  }

  close(session: Session, code: CloseCode, reason: string): void {
    try {
      session.socket.close(code, reason)
    } catch {
      // It is closed already, which is what was wanted.
    }
  }

  /**
   * A new socket: from where it left off, or a window to start from.
   * @param after the last seq that the client holds, null for none
   * @param epoch the history that it belongs to, null where the client does not say
   */
  start(session: Session, after: number | null, epoch: string | null): void {
    this.#flush()
    const head = this.#log.head
    if (after === null) return this.#resync(session, 'start')
    if (epoch !== null && epoch !== this.#store.epoch()) return this.#resync(session, 'epoch')
    if (after > head) return this.#resync(session, 'ahead')
    if (this.#isFarBehind(after, head)) return this.#resync(session, 'far_behind')
    session.sent = after
    this.catchUp(session)
  }

  /**
   * Sends a socket that is behind as much of the log as its window has room for; live once it has it all. The
   * log is its queue: however far behind, it costs no memory, and it still gets every event in order.
   */
  catchUp(session: Session): void {
    // What is held goes out first: a socket that turns live now must not get it a second time.
    this.#flush()
    const head = this.#log.head
    while (session.sent < head) {
      const page = this.#log.after(session.sent, session.room(this.#sessions.count(this.#now())))
      if (!page) return session.fallBehind()
      this.#sendPage(session, page)
    }
    session.goLive()
    this.send(session, { type: 'live', head })
  }

  #publish(event: Event): void {
    this.#held.push(this.#log.add(event))
    const since = this.#now() - this.#flushedAt
    // Quiet: at once. Busy: what comes within the next moment travels together, up to a size.
    if (since >= COALESCE_MS || since < 0 || sizeOf(this.#held) >= COALESCE_BYTES) return this.#flush()
    if (!this.#isTimed) this.#flushAfter(COALESCE_MS - since)
  }

  #flushAfter(ms: number): void {
    const flushes = this.#flushes
    this.#isTimed = true
    this.#after(ms, () => {
      this.#isTimed = false
      // A full frame went meanwhile: what came after it has a moment of its own, and is no frame yet.
      const since = this.#now() - this.#flushedAt
      const isEarly = this.#flushes > flushes && since >= 0 && since < COALESCE_MS && this.#held.length > 0
      if (isEarly) this.#flushAfter(COALESCE_MS - since)
      else this.#flush()
    })
  }

  #flush(): void {
    const page = pageOf(this.#held)
    if (!page) return
    this.#held = []
    const now = this.#now()
    this.#flushedAt = now
    this.#flushes += 1
    const sessions = this.#sessions.all(now)
    for (const session of sessions) {
      if (this.#isExpired(session, now)) continue
      if (session.isTooSlow(now)) this.close(session, CLOSE.tooSlow, 'too slow')
      if (!session.isLive || session.sent >= page.to) continue
      const room = session.room(sessions.length)
      if (!room.isIdle && (room.events < page.events || room.bytes < page.bytes)) session.fallBehind()
      else this.#sendPage(session, page)
    }
  }

  #tell({ frame, about, except }: Extract<Effect, { do: 'tell' }>): void {
    const now = this.#now()
    const text = encodeFrame(frame)
    const hiding = this.#store.membersHiding(HIDES[about])
    for (const session of this.#sessions.all(now)) {
      const { userId } = session
      if (userId === except || hiding.has(userId) || !session.isLive || this.#isExpired(session, now))
        continue
      this.#sendText(session, text)
    }
  }

  #tellOwn({ userId, frame }: Extract<Effect, { do: 'tellOwn' }>): void {
    const now = this.#now()
    for (const session of this.#sessions.ofUser(userId, now)) {
      if (!this.#isExpired(session, now)) this.send(session, frame)
    }
  }

  /** A lease that ran out closes the socket instead of delivering: the hard bound on a revoked session. */
  #isExpired(session: Session, now: number): boolean {
    if (session.leaseExpiresAt > now) return false
    this.close(session, CLOSE.leaseExpired, 'lease ran out')
    return true
  }

  #resync(session: Session, reason: ResyncReason): void {
    const head = this.#log.head
    const { messages, hasOlder } = this.#store.window()
    const members = this.#store.members().map(toMember)
    const pins = this.#store.pinnedSeqs()
    const text = encodeFrame({
      ...{ type: 'resync', reason, base: head, messages, members, hasOlder },
      ...(pins.length > 0 ? { pins } : {}),
    })
    this.#sendText(session, text)
    session.putInFlight({ to: head, events: 0, bytes: byteLength(text) }, this.#now())
    session.goLive()
    this.send(session, { type: 'live', head })
  }

  /** So much is missing that starting over from a window is cheaper for everyone. */
  #isFarBehind(after: number, head: number): boolean {
    if (head - after > REPLAY_EVENTS_MAX) return true
    let bytes = 0
    for (const event of this.#log.each(after)) {
      bytes += event.bytes
      if (bytes > REPLAY_BYTES_MAX) return true
    }
    return false
  }

  #sendPage(session: Session, page: Page): void {
    this.#sendText(session, page.text)
    session.putInFlight(page, this.#now())
  }

  #sendText(session: Session, text: string): void {
    try {
      session.socket.send(text)
    } catch {
      // Closed between the look and the send. The log keeps what it missed.
    }
  }
}
