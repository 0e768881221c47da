import { DurableObject } from 'cloudflare:workers'
import { readIdentityHeader } from '../auth/identity.ts'
import { verifyLease } from '../auth/token.ts'
import { answerClose } from '../closing.ts'
import { type Env, readConfig } from '../env.ts'
import { logError } from '../log.ts'
import {
  type Attachment,
  type ChangeFrame,
  CLOSE,
  type ConversationDetailAnswer,
  type EventsAnswer,
  type FrameOf,
  isInMain,
  type Member,
  type Message,
  type MessagesAnswer,
  type OperationAnswer,
  PING,
  PONG,
  type Reindexed,
  type Role,
  type SearchAnswer,
  type SendAnswer,
  type SendBody,
  type ServerFrameOf,
  SUBPROTOCOL,
  type Summary,
  type ThreadsAnswer,
  TOLD_BEFORE_ANSWER,
  type User,
} from '../protocol/index.ts'
import { type Answer, accept, answering, Refusal, toRefusal } from '../refusal.ts'
import { type Costs, durableSql } from '../sqlite/sql.ts'
import {
  beginUpload,
  dropUpload,
  type FileTurn,
  finishUpload,
  readableFile,
  type Uploaded,
  UploadRate,
} from './attachments.ts'
import { type Creation, create } from './create.ts'
import { Deliver, type Whisper } from './deliver.ts'
import { Door } from './door.ts'
import type { Effect } from './effects.ts'
import { FileEraser } from './file-eraser.ts'
import {
  eventsPage,
  messagesAt,
  messagesPage,
  type PagePosition,
  readersOf,
  type Shown,
  threadPage,
} from './http.ts'
import { deleteMember, type MembershipTurn, putMember } from './membership.ts'
import { Outbox } from './outbox.ts'
import { changePrivacy, changeProfile, type Privacy } from './profile.ts'
import { SendLog } from './rate.ts'
import { perform, receive } from './receive.ts'
import { type MemberRow, toMember } from './rows.ts'
import { askedFor } from './search.ts'
import { type Session, Sessions } from './session.ts'
import { Store } from './store.ts'
import { shared, summarize, versionOf } from './summary.ts'
import { Typists } from './typists.ts'
import { read } from './verbs/read.ts'
import { send } from './verbs/send.ts'
import { followThread, readThread, threadAt } from './verbs/thread.ts'
import type { Turn } from './verbs/turn.ts'
import { markUnread } from './verbs/unread.ts'

/**
 * One conversation: who belongs to it, its log, its sockets. This class only adapts the runtime to the plain
 * functions beside it; every change is one synchronous turn, so that no two ever interleave.
 */
export class ConversationDO extends DurableObject<Env> {
  #alarmsSet = 0
  readonly #store: Store
  readonly #sessions: Sessions
  readonly #deliver: Deliver
  readonly #outbox: Outbox
  readonly #eraser: FileEraser
  readonly #sends: SendLog
  readonly #typists = new Typists()
  readonly #uploads = new UploadRate()
  readonly #door: Door

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const setAlarm = (at: number) => {
      this.#alarmsSet += 1
      // There is one alarm for everything: what comes first sets it.
      void ctx.storage.setAlarm(Math.min(at, this.#door.sweepAt ?? at))
    }
    const now = () => Date.now()
    this.#store = new Store(durableSql(ctx.storage), readConfig(env).history)
    this.#sessions = new Sessions(ctx, this.#store.exists ? this.#store.conversation().head : 0)
    this.#deliver = new Deliver({
      store: this.#store,
      sessions: this.#sessions,
      setAlarm,
      now,
      after: (ms, work) => void setTimeout(work, ms),
      whisper: (whisper) => this.#whisper(whisper),
    })
    this.#outbox = new Outbox({
      store: this.#store,
      env,
      setAlarm,
      now,
      present: () => this.#sessions.present(now()),
    })
    this.#eraser = new FileEraser({
      store: this.#store,
      conversationId: ctx.id.toString(),
      bucket: env.FILES,
      now,
    })
    this.#door = new Door({
      conversationId: ctx.id.toString(),
      env,
      store: this.#store,
      sessions: this.#sessions,
      deliver: this.#deliver,
      typists: this.#typists,
      wakeBy: (at) => setAlarm(Math.min(at, this.#store.nextDue() ?? at)),
      now,
    })
    this.#sends = new SendLog(readConfig(env))
    // Answered by the runtime: a heartbeat neither wakes the object nor costs anything.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG))
    this.#outbox.arm()
  }

  // ── the socket ────────────────────────────────────────────────────────────────────────────────────────

  /** A socket upgrade that the Worker has authenticated. A refusal is JSON: the Worker closes with its code. */
  override async fetch(request: Request): Promise<Response> {
    const { 0: client, 1: server } = new WebSocketPair()
    const admission = this.#door.admit(readIdentityHeader(request.headers), server)
    if (!admission.isAdmitted) {
      const { closeCode, reason } = admission
      return Response.json({ closeCode, reason }, { status: 403 })
    }
    const { session, member, isFirst } = admission
    const { searchParams } = new URL(request.url)
    const after = searchParams.get('after')
    const place = { after: after === null ? null : Number(after), epoch: searchParams.get('epoch') }
    this.#door.greet(session, member, place)
    this.ctx.waitUntil(this.#arrive(session, isFirst))
    const headers = { 'sec-websocket-protocol': SUBPROTOCOL }
    return new Response(null, { status: 101, webSocket: client, headers })
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const now = Date.now()
    const session = this.#sessions.of(socket, now)
    session.hear(now)
    let id: string | undefined
    try {
      const received = receive(session, data, now)
      if (received.is === 'fatal') return this.#deliver.close(session, received.code, received.reason)
      if (received.is === 'refused') {
        id = received.id
        throw received.refusal
      }
      const { frame } = received
      if ('id' in frame) id = frame.id
      if (frame.type === 'renew') return await this.#renew(session, frame)
      if (frame.type === 'got') {
        session.confirm(frame.seq, now)
        return this.#deliver.carryOut([{ do: 'catchUp' }], session)
      }
      const member = this.#store.member(session.userId)
      if (!member) return this.#deliver.close(session, CLOSE.notMember, 'not a member')
      const effects = this.#store.transaction(() => perform(this.#turn(member, now), frame))
      this.#deliver.carryOut(effects, session)
    } catch (error) {
      const { code, message, details } = toRefusal(error, 'conversation socket')
      if (session.countRefusal(now)) return this.#deliver.close(session, CLOSE.abuse, 'too many refusals')
      const { retryAfterMs } = details
      this.#deliver.send(session, {
        type: 'error',
        code,
        message,
        ...(id === undefined ? {} : { id }),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      })
    } finally {
      this.#door.sweep()
    }
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    answerClose(socket, code, reason)
    try {
      this.#door.left(socket)
    } catch (error) {
      logError('conversation: close', error)
    }
  }

  override webSocketError(socket: WebSocket): void {
    this.webSocketClose(socket, 1011, 'connection error')
  }

  override async alarm(): Promise<void> {
    const due = this.#store.exists ? this.#store.nextDue() : undefined
    this.#door.wakened(due === undefined || due > Date.now())
    // Neither waits for the other: R2 that hangs must not make lists late.
    const [hasErased] = await Promise.all([this.#eraser.run(), this.#outbox.run()])
    if (hasErased) this.#outbox.arm()
  }

  // ── HTTP ──────────────────────────────────────────────────────────────────────────────────────────────

  /** Makes the conversation, or finds it made. Refuses: `idempotency_mismatch`. */
  create(creation: Creation): Promise<Answer<{ isNew: boolean; conversation: Summary }>> {
    return answering('conversation.create', async () => {
      const id = this.ctx.id.toString()
      const isNew = this.#store.transaction(() => create(this.#store, id, creation, Date.now()))
      // Creating is not the send path: a few are told before the answer, a thousand are the alarm's.
      if (isNew) await this.#outbox.run(TOLD_BEFORE_ANSWER)
      return { isNew, conversation: this.#summary(this.#member(creation.by.id)) }
    })
  }

  /** Refuses: `not_found`, as does every call here for who is not a member. */
  describe(userId: string): Promise<Answer<ConversationDetailAnswer>> {
    return answering('conversation.describe', () => {
      const conversation = this.#summary(this.#member(userId))
      return { conversation, members: this.#store.members().map(toMember) }
    })
  }

  /** A page of the log, or, where asked, of the conversation without what is in threads alone. */
  messages(
    userId: string,
    position: PagePosition,
    limit: number,
    scope: 'all' | 'main',
  ): Promise<Answer<MessagesAnswer>> {
    return answering('conversation.messages', () => {
      this.#member(userId)
      return messagesPage(this.#store, position, limit, scope)
    })
  }

  /** Single messages, for who has saved them: null for what is not there any more. */
  messagesAt(userId: string, seqs: readonly number[]): Promise<Answer<(Shown | null)[]>> {
    return answering('conversation.messagesAt', () => {
      this.#member(userId)
      return messagesAt(this.#store, seqs)
    })
  }

  /** Refuses: `not_found` where no thread can be. */
  thread(
    userId: string,
    thread: number,
    position: PagePosition,
    limit: number,
  ): Promise<Answer<MessagesAnswer>> {
    return answering('conversation.thread', () =>
      threadPage(this.#store, this.#member(userId), { thread, position, limit }),
    )
  }

  /** Newest first. The first search here makes the index, and lets everything else go on meanwhile. */
  search(userId: string, q: string, before: number, limit: number): Promise<Answer<SearchAnswer>> {
    return answering('conversation.search', async () => {
      this.#member(userId)
      const query = askedFor(q)
      if (!query) return { messages: [], hasOlder: false }
      const { search } = this.#store
      while (!search.step(this.#store.conversation().head)) await scheduler.wait(0)
      // The membership may have ended while the index was made.
      this.#member(userId)
      return search.find(query, this.#store.peopleNamed(query.from), before, limit)
    })
  }

  /** The last pinned first. */
  pins(userId: string): Promise<Answer<{ messages: Message[] }>> {
    return answering('conversation.pins', () => {
      this.#member(userId)
      return { messages: this.#store.pinned() }
    })
  }

  /**
   * Who has read up to a message; nobody's name to, or of, who hides receipts, nor where somebody is in a thread.
   * Refuses: `not_found`.
   */
  readers(userId: string, seq: number): Promise<Answer<{ userIds: string[] }>> {
    return answering('conversation.readers', () => {
      const member = this.#member(userId)
      const message = this.#store.message(seq)
      if (!message) throw new Refusal('not_found', 'no such message')
      return { userIds: isInMain(message) ? readersOf(this.#store, member, seq) : [] }
    })
  }

  /** Refuses: `conflict` where `after` is ahead of the log. */
  events(userId: string, after: number, limit: number): Promise<Answer<EventsAnswer>> {
    return answering('conversation.events', () => {
      this.#member(userId)
      return eventsPage(this.#store, after, limit)
    })
  }

  /** The twin of the socket's `send`; refuses what it refuses. */
  send(userId: string, body: SendBody): Promise<Answer<SendAnswer>> {
    return answering('conversation.send', () => {
      const { seq, at, duplicate } = this.#operate(userId, (turn) => send(turn, body))
      return { seq, createdAt: at, ...(duplicate ? { duplicate } : {}) }
    })
  }

  /** The twin of the socket's `edit`, `delete`, `react` and `pin`; refuses what they refuse. */
  operate(userId: string, frame: ChangeFrame): Promise<Answer<OperationAnswer>> {
    return answering('conversation.operate', () => {
      const { seq, at, duplicate } = this.#operate(userId, (turn) => perform(turn, frame))
      return { seq, at, ...(duplicate ? { duplicate } : {}) }
    })
  }

  /** Room for a file whose bytes are about to come. Refuses: `archived`, `rate_limited`. */
  beginUpload(userId: string, upload: { name: string; size: number }): Promise<Answer<{ id: string }>> {
    return answering('conversation.beginUpload', () => {
      const id = this.#withFiles(userId, (turn) => beginUpload(turn, this.#uploads, upload))
      // Should nobody send it, the alarm removes it: it is set by what comes first, which may be something else.
      this.#outbox.arm()
      return { id }
    })
  }

  /** Refuses: `not_found` also where the upload was given up meanwhile. */
  finishUpload(userId: string, id: string, uploaded: Uploaded): Promise<Answer<Attachment>> {
    return answering('conversation.finishUpload', () =>
      this.#withFiles(userId, (turn) => finishUpload(turn, id, uploaded)),
    )
  }

  /** Refuses: `not_found`, `conflict` once it was sent. */
  dropUpload(userId: string, id: string): Promise<Answer<null>> {
    return answering('conversation.dropUpload', () => {
      this.#withFiles(userId, (turn) => dropUpload(turn, id))
      this.#outbox.arm()
      return null
    })
  }

  /** What a file is, to who may read it: the Worker brings the bytes. Refuses: `not_found`. */
  attachment(userId: string, id: string): Promise<Answer<Attachment>> {
    return answering('conversation.attachment', () =>
      this.#withFiles(userId, (turn) => readableFile(turn, id)),
    )
  }

  /** The twin of the socket's `read`. @param threads all its threads are read, too */
  read(userId: string, seq: number, threads = false): Promise<Answer<null>> {
    return answering('conversation.read', () => {
      this.#change(userId, (turn) => read(turn, { seq, threads }))
      return null
    })
  }

  /** The threads in which something waits for this person, the newest reply first. */
  threads(userId: string): Promise<Answer<ThreadsAnswer>> {
    return answering('conversation.threads', () => {
      const waiting = this.#store.threads.waiting(this.#member(userId))
      const threads = waiting.map(({ thread, unread }) => ({ root: threadAt(this.#store, thread), unread }))
      return { threads }
    })
  }

  /** The twin of the socket's `read` of a thread. Refuses: `not_found`. */
  readThread(userId: string, thread: number, seq: number): Promise<Answer<null>> {
    return answering('conversation.readThread', () => {
      this.#change(userId, (turn) => readThread(turn, { thread, seq }))
      return null
    })
  }

  /** Refuses: `not_found`. */
  followThread(userId: string, thread: number, on: boolean): Promise<Answer<null>> {
    return answering('conversation.followThread', () => {
      this.#change(userId, (turn) => followThread(turn, { thread, on }))
      return null
    })
  }

  /** Refuses: `invalid` where there is no such message. */
  markUnread(userId: string, seq: number): Promise<Answer<null>> {
    return answering('conversation.markUnread', () => {
      this.#change(userId, (turn) => markUnread(turn, { seq }))
      return null
    })
  }

  /** Refuses: `forbidden`, `conflict`, `archived`. */
  putMember(byId: string, user: User, role: Role | undefined): Promise<Answer<{ member: Member }>> {
    return answering('conversation.putMember', () => {
      this.#changeMembers(byId, (turn) => putMember(turn, user, role))
      return { member: toMember(this.#member(user.id)) }
    })
  }

  /** Refuses: `forbidden`, `conflict`, `not_found`. */
  deleteMember(byId: string, userId: string): Promise<Answer<null>> {
    return answering('conversation.deleteMember', () => {
      this.#changeMembers(byId, (turn) => deleteMember(turn, userId))
      return null
    })
  }

  /** The list row of a member of a large conversation, for who looks: null for who is no member. */
  inboxRow(userId: string): Promise<Answer<{ version: number; head: number; summary: Summary | null }>> {
    return answering('conversation.inboxRow', () => {
      const member = this.#store.exists ? this.#store.memberOrFormer(userId) : undefined
      if (!member) throw new Refusal('not_found', 'no such conversation')
      const common = shared(this.#store)
      const summary = member.removed_at === null ? summarize(this.#store, common, member) : null
      return { version: versionOf(common, member), head: common.conversation.head, summary }
    })
  }

  // ── what a person's object tells ──────────────────────────────────────────────────────────────────────

  /** A session is over: its sockets close now, not when their lease runs out. */
  endSession(sessionId: string): Promise<Answer<null>> {
    return answering('conversation.endSession', () => {
      for (const session of this.#sessions.ofSession(sessionId, Date.now())) {
        this.#deliver.close(session, CLOSE.sessionEnded, 'signed out')
      }
      return null
    })
  }

  /** A member's name, picture, and what they let others see. Harmless twice. */
  profileChanged(user: User, privacy: Privacy): Promise<Answer<null>> {
    return answering('conversation.profileChanged', () => {
      const now = Date.now()
      const present = () => this.#sessions.present(now)
      const effects = this.#store.transaction(() => [
        ...changePrivacy(this.#store, user.id, privacy, present),
        ...changeProfile(this.#store, user, now),
      ])
      this.#deliver.carryOut(effects)
      return null
    })
  }

  /** For the operator (SPEC O4). `nobody`: nothing was ever made here. Refuses: `unavailable`. */
  reindex(): Promise<Answer<Reindexed>> {
    return answering('conversation.reindex', async () => {
      if (!this.#store.exists) return 'nobody'
      if (await this.#outbox.reindex()) return 'told'
      throw new Refusal('unavailable', 'the directory does not answer right now')
    })
  }

  /** What the platform bills, since this object woke: rows, index entries included, and alarms set, a row each. */
  costs(): Costs {
    return { ...this.#store.sql.meter, alarmsSet: this.#alarmsSet }
  }

  /** Presence is told last: what the person hides may be news here. */
  async #arrive(session: Session, isFirst: boolean): Promise<void> {
    const known = await this.#door.register(session)
    if (known) await this.profileChanged(known.user, known.privacy)
    if (isFirst) this.#door.announce(session)
  }

  // ── pieces ────────────────────────────────────────────────────────────────────────────────────────────

  #turn(member: MemberRow, now: number): Turn {
    const config = readConfig(this.env)
    const dueAt = this.#outbox.dueAt(now)
    return { store: this.#store, member, now, dueAt, config, sends: this.#sends, typists: this.#typists }
  }

  /** Who is not a member learns nothing, not even whether there is a conversation. */
  #member(userId: string): MemberRow {
    const member = this.#store.member(userId)
    if (!member) throw new Refusal('not_found', 'no such conversation')
    return member
  }

  #change(userId: string, verb: (turn: Turn) => Effect[]): Effect[] {
    const effects = this.#store.transaction(() => verb(this.#turn(this.#member(userId), Date.now())))
    this.#deliver.carryOut(effects)
    return effects
  }

  #withFiles<T>(userId: string, work: (turn: FileTurn) => T): T {
    return this.#store.transaction(() =>
      work({ store: this.#store, member: this.#member(userId), now: Date.now() }),
    )
  }

  #operate(userId: string, verb: (turn: Turn) => Effect[]): ServerFrameOf<'ack'> {
    const acked = this.#change(userId, verb).find((effect) => effect.do === 'ack')
    if (!acked) throw new Error('an operation without an ack')
    return acked.ack
  }

  #changeMembers(byId: string, verb: (turn: MembershipTurn) => Effect[]): void {
    const actor = this.#member(byId)
    const turn = { store: this.#store, actor, now: Date.now() }
    this.#deliver.carryOut(this.#store.transaction(() => verb(turn)))
  }

  #summary(member: MemberRow): Summary {
    return summarize(this.#store, shared(this.#store), member)
  }

  /** Not to who looks at it anyway, nor again and again to who is away: a hint is worth no more than that. */
  #whisper({ to, from, active }: Whisper): void {
    const isLooking = this.#sessions.ofUser(to, Date.now()).length > 0
    if (isLooking || !this.#outbox.mayBeOnline(to)) return
    const conversationId = this.ctx.id.toString()
    const told = this.env.USERS.getByName(to).typing({ conversationId, userId: from, active })
    this.ctx.waitUntil(
      told
        .then((answer) => this.#outbox.hear(to, accept(answer).isOnline))
        .catch((error) => logError('conversation: whisper', error)),
    )
  }

  /** The one frame that has to wait for something, a signature, and touches nothing but its own socket. */
  async #renew(session: Session, frame: FrameOf<'renew'>): Promise<void> {
    const lease = await verifyLease(this.env, frame.lease)
    if (lease.userId !== session.userId || lease.sessionId !== session.sessionId) {
      throw new Refusal('unauthorized', 'this lease is of another session')
    }
    session.renew(lease.expiresAt)
  }
}
