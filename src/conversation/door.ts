/** How sockets come and go: who is let in, what they hear first, and who is told. */
import type { Identity } from '../auth/identity.ts'
import { type Env, readConfig } from '../env.ts'
import { logError } from '../log.ts'
import {
  CLOSE,
  type CloseCode,
  CONNECTIONS_PER_MEMBER_MAX,
  FRAME_BYTES_MAX,
  HEARTBEAT_LOST_MS,
  RECEIPTS_MEMBERS_MAX,
  SILENT_SOCKETS_MAX,
  type User,
} from '../protocol/index.ts'
import { accept } from '../refusal.ts'
import type { Deliver } from './deliver.ts'
import type { Privacy } from './profile.ts'
import { HIDES, type MemberRow, ownReadSeq } from './rows.ts'
import { Session, type Sessions } from './session.ts'
import type { Store } from './store.ts'
import type { Typists } from './typists.ts'

export type DoorParts = {
  conversationId: string
  env: Env
  store: Store
  sessions: Sessions
  deliver: Deliver
  typists: Typists
  /** Asks for an alarm at this time, or before. */
  wakeBy: (at: number) => void
  now: () => number
}

/** Where a client goes on from: null for "from a window". */
export type Place = { after: number | null; epoch: string | null }

export type Admission =
  | { isAdmitted: true; session: Session; member: MemberRow; isFirst: boolean }
  | { isAdmitted: false; closeCode: CloseCode; reason: string }

export class Door {
  readonly #parts: DoorParts
  #sweptAt = 0
  /** When the object is to be woken for a sweep. Only in memory: a pile that is forgotten grows anew, or waits. */
  #sweepAt: number | undefined
  readonly #gone = new WeakSet<WebSocket>()

  constructor(parts: DoorParts) {
    this.#parts = parts
  }

  /** Decides whether a socket may stay, and makes room for it where its owner has too many. */
  admit(identity: Identity, socket: WebSocket): Admission {
    const { store, sessions, env } = this.#parts
    const now = this.#parts.now()
    const member = store.member(identity.userId)
    if (!member) return { isAdmitted: false, closeCode: CLOSE.notMember, reason: 'not a member' }
    this.sweep()
    if (sessions.all(now).length >= readConfig(env).connectionsMax) {
      return { isAdmitted: false, closeCode: CLOSE.overloaded, reason: 'too many connections' }
    }
    const isFirst = this.#makeRoomFor(member.user_id, now)
    const session = Session.open(socket, identity, now)
    sessions.add(session)
    this.#lookAfterSilent(now, SILENT_SOCKETS_MAX)
    return { isAdmitted: true, session, member, isFirst }
  }

  /** The first frames: who and where one is, then what one lacks. */
  greet(session: Session, member: MemberRow, place: Place): void {
    const { store, sessions, deliver, typists, env } = this.#parts
    const now = this.#parts.now()
    const { head } = store.conversation()
    const { textMax, sends10s, sends60s, attachmentBytesMax } = readConfig(env)
    const hides = (bit: number) => (member.hides & bit) !== 0
    const members = store.members()
    const followed = store.threads.followed(member)
    const areReadsShown = members.length <= RECEIPTS_MEMBERS_MAX && !hides(HIDES.receipts)
    const readers = areReadsShown ? members.filter((each) => (each.hides & HIDES.receipts) === 0) : []
    const hidden = store.membersHiding(HIDES.presence)
    const present = sessions.present(now).filter((userId) => !hidden.has(userId))
    const typing = typists.now(now).filter((userId) => userId !== member.user_id)
    deliver.send(session, {
      type: 'hello',
      epoch: store.epoch(),
      head,
      me: { userId: member.user_id, role: member.role },
      leaseExpiresAt: session.leaseExpiresAt,
      reads: {
        ...Object.fromEntries(readers.map((reader) => [reader.user_id, reader.read_seq])),
        [member.user_id]: ownReadSeq(member),
      },
      present: hides(HIDES.presence) ? [] : present,
      typing: hides(HIDES.typing) ? [] : typing,
      ...(followed.length > 0 ? { threads: followed } : {}),
      limits: { textMax, frameBytesMax: FRAME_BYTES_MAX, sends10s, sends60s, attachmentBytesMax },
    })
    deliver.start(session, place.after, place.epoch)
  }

  /** Tells the others that somebody came who was not here. */
  announce(session: Session): void {
    if (session.isOpen) this.#tellPresence(session.userId, 'online')
  }

  /**
   * Tells the person's object which conversation to call when the session ends; it says if that is already
   * so, and what the person is called now.
   * @returns the profile, or undefined where the session is over or nobody answered
   */
  async register(session: Session): Promise<{ user: User; privacy: Privacy } | undefined> {
    const { env, conversationId, deliver } = this.#parts
    const { userId, sessionId } = session
    try {
      const person = env.USERS.getByName(userId)
      const { standing, ...known } = accept(await person.registerSocket({ sessionId, conversationId }))
      if (standing) return known
      deliver.close(session, CLOSE.sessionEnded, 'signed out')
    } catch (error) {
      // The lease still bounds this socket: G6 does not hang on this call.
      logError('conversation: register', error, { userId })
    }
    return undefined
  }

  /** A socket has closed, from which side ever. The last one of a person takes their typing and presence with it. */
  left(socket: WebSocket): void {
    const { sessions, deliver, typists } = this.#parts
    if (this.#gone.has(socket)) return
    this.#gone.add(socket)
    const now = this.#parts.now()
    const { userId } = sessions.of(socket, now)
    if (sessions.ofUser(userId, now).some((session) => session.socket !== socket)) return
    if (typists.stop(userId)) {
      const frame = { type: 'typing', userId, active: false } as const
      deliver.carryOut([{ do: 'tell', frame, about: 'typing', except: userId }])
    }
    this.#tellPresence(userId, 'offline')
  }

  /** By when the object has to be awake for a sweep, or undefined: it is not woken for a few. */
  get sweepAt(): number | undefined {
    return this.#sweepAt
  }

  /**
   * Closes who is gone without a word: whenever the object is awake anyway, at most once per heartbeat.
   * @returns how many were
   */
  sweep(): number {
    const { sessions } = this.#parts
    const now = this.#parts.now()
    if (now < (this.#sweepAt ?? this.#sweptAt + HEARTBEAT_LOST_MS)) return 0
    this.#sweptAt = now
    let lost = 0
    for (const session of sessions.all(now)) {
      if (session.leaseExpiresAt <= now) this.#dismiss(session, CLOSE.leaseExpired, 'lease ran out')
      else if (now - sessions.lastSignAt(session) >= HEARTBEAT_LOST_MS) {
        this.#dismiss(session, CLOSE.heartbeatLost, 'heartbeat lost')
        lost += 1
      }
    }
    return lost
  }

  /**
   * The alarm rang. What a pile of silent sockets has begun goes on until the last of them is gone.
   * @param isForThis nothing else was due: an object that slept meanwhile does not remember what it is woken for
   */
  wakened(isForThis: boolean): void {
    const now = this.#parts.now()
    const isClearing = this.#sweepAt !== undefined
    if (isForThis) this.#sweepAt = now
    const lost = this.sweep()
    this.#sweepAt = undefined
    this.#lookAfterSilent(now, isClearing || (isForThis && lost > 0) ? 0 : SILENT_SOCKETS_MAX)
  }

  /** Closes the oldest of a person's sockets where there are too many. @returns whether this person had none */
  #makeRoomFor(userId: string, now: number): boolean {
    const { sessions, deliver } = this.#parts
    const own = sessions.ofUser(userId, now).sort((a, b) => a.openedAt - b.openedAt)
    for (const oldest of own.slice(0, Math.max(0, own.length + 1 - CONNECTIONS_PER_MEMBER_MAX))) {
      deliver.close(oldest, CLOSE.tooManyConnections, 'too many connections')
    }
    return own.length === 0
  }

  /** Sockets that say nothing need no client behind them: a pile of them is worth an alarm, when the last is due. */
  #lookAfterSilent(now: number, mayBe: number): void {
    if (this.#sweepAt !== undefined) return
    const silent = this.#silent(now)
    if (silent.length <= mayBe) return
    this.#sweepAt = Math.max(...silent.map(({ openedAt }) => openedAt)) + HEARTBEAT_LOST_MS
    this.#parts.wakeBy(this.#sweepAt)
  }

  /** Those that have not shown a sign of life since they came: new, or holding a place and nothing else. */
  #silent(now: number): Session[] {
    const { sessions } = this.#parts
    return sessions.all(now).filter((session) => sessions.lastSignAt(session) === session.openedAt)
  }

  /** A client that is gone does not answer the close either, so that the runtime may never tell of its end. */
  #dismiss(session: Session, code: CloseCode, reason: string): void {
    this.#parts.deliver.close(session, code, reason)
    this.left(session.socket)
  }

  #tellPresence(userId: string, status: 'online' | 'offline'): void {
    const { store, deliver, now } = this.#parts
    if (store.membersHiding(HIDES.presence).has(userId)) return
    const seen = status === 'offline' ? { lastSeenAt: now() } : {}
    const frame = { type: 'presence', userId, status, ...seen } as const
    deliver.carryOut([{ do: 'tell', frame, about: 'presence', except: userId }])
  }
}
