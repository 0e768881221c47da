/**
 * One object per person: the account, its sessions and its inbox. The class only adapts. Objects named
 * `decoy:<n>` and `address:<network>` are of this class too, and hold nothing but throttles.
 */
import { DurableObject } from 'cloudflare:workers'
import { readIdentityHeader } from '../auth/identity.ts'
import type { Grant } from '../auth/session-secret.ts'
import { answerClose } from '../closing.ts'
import type { Env } from '../env.ts'
import { logError } from '../log.ts'
import {
  CLOSE,
  FORGET_AFTER_MS,
  INDEX_EVERY_MS,
  OUTBOX_RETRY_MAX_MS,
  type PatchMeBody,
  type PatchPreferencesBody,
  PING,
  PONG,
  type PresenceStatus,
  type PutDraftBody,
  type PutPreferencesBody,
  type Reindexed,
  type SavedMarksAnswer,
  type SessionView,
  SUBPROTOCOL,
  type Summary,
  type User,
} from '../protocol/index.ts'
import { type Answer, answering, Refusal } from '../refusal.ts'
import { type Costs, durableSql } from '../sqlite/sql.ts'
import {
  changePassword,
  changeProfile,
  deleteAccount,
  refuseSignIn,
  requireAccount,
  type SignUp,
  signIn,
  signUp,
  userOf,
} from './account.ts'
import {
  type InboxPut,
  listConversations,
  putInboxRow,
  setDraft,
  setPreferences,
  unreadConversations,
} from './inbox.ts'
import { InboxSockets } from './inbox-sockets.ts'
import { Live } from './live.ts'
import { claim, pullBusy, pullLarge, reclaim, tellDue } from './outbox.ts'
import { changePrivacy, type Presence, type Privacy, presenceRow, privacyOf } from './presence.ts'
import { type SavedPlace, save, savedMarks, savedPage, unsave } from './saved.ts'
import type { SavedRow } from './saved-rows.ts'
import {
  endOtherSessions,
  endSession,
  isStanding,
  listSessions,
  registerSocket,
  useSession,
} from './sessions.ts'
import { type AccountRow, personStore, type Store } from './store.ts'
import { countSignUp, forgetOld } from './throttle.ts'
import type { Turn } from './turn.ts'

export class UserDO extends DurableObject<Env> {
  #alarmsSet = 0
  readonly #store: Store
  readonly #sockets: InboxSockets
  readonly #live: Live
  #pulledAt = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#store = personStore(durableSql(ctx.storage))
    this.#sockets = new InboxSockets(ctx)
    this.#live = new Live({ env, sockets: this.#sockets, turn: () => this.#turn() })
    // Answered by the runtime: who is only there neither wakes the object nor costs anything.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG))
  }

  /** Refuses with `username_taken`, or `unavailable` when the directory does not answer; then nothing stays. */
  signUp(request: Omit<SignUp, 'claim'>): Promise<Answer<Grant>> {
    return this.#answer('user.signUp', async (turn) => {
      const grant = await signUp(turn, { ...request, claim: (account) => claim(this.env, account) })
      if (grant) return grant
      await this.#wipe()
      throw new Refusal('username_taken', 'this username is taken', { fields: { username: 'is taken' } })
    })
  }

  /** Refuses with `bad_credentials`, or with `rate_limited` before it looks at the password. */
  signIn(request: { password: string; address: string; device: string }): Promise<Answer<Grant>> {
    return this.#answer('user.signIn', async (turn) => {
      const grant = await signIn(turn, request)
      // Where there were too many sessions, the longest unused one has ended.
      this.#live.closeEnded()
      return grant
    })
  }

  /** On a decoy: the same work, throttle and refusals as {@link signIn} for a name that nobody has. */
  decoy(request: { nameKey: string; password: string; address: string }): Promise<Answer<never>> {
    const key = `${request.nameKey} ${request.address}`
    return this.#answer('user.decoy', (turn) => refuseSignIn(turn, request.password, key))
  }

  /** On an address: counts a sign-up. Refuses with `rate_limited` past `limit` in an hour. */
  countSignUp(limit: number): Promise<Answer<null>> {
    return this.#answer('user.countSignUp', (turn) => {
      turn.store.open()
      countSignUp(turn.store, limit, turn.now)
      return null
    })
  }

  /** Accepts a session's secret, and hands out the one to use from now on. Refuses with `unauthorized`. */
  useSession(request: {
    sessionId: string
    generation: number
    secret: string
    mayRotate: boolean
  }): Promise<Answer<Grant>> {
    return this.#answer('user.useSession', (turn) => {
      const { mayRotate, ...given } = request
      const account = requireAccount(turn)
      const session = useSession(turn, given, mayRotate)
      if (session) return { user: userOf(account), session }
      // One that came back although it was replaced has just ended its session.
      this.#live.closeEnded()
      throw new Refusal('unauthorized', 'this session has ended')
    })
  }

  /** Refuses with `unauthorized` when the session does not stand (any more). */
  checkSession(request: { sessionId: string }): Promise<Answer<null>> {
    return this.#own('user.checkSession', (turn) => {
      if (!isStanding(turn, request.sessionId)) throw new Refusal('unauthorized', 'this session has ended')
      return null
    })
  }

  /** Ends a session. Its sockets are closed right after, and again until each conversation has confirmed. */
  signOut(request: { sessionId: string }): Promise<Answer<null>> {
    return this.#own('user.signOut', (turn) => {
      endSession(turn, request.sessionId)
      this.#live.closeEnded()
      return null
    })
  }

  /** Refuses with `unauthorized` when nobody lives here. */
  me(): Promise<Answer<User>> {
    return this.#own('user.me', (_, account) => userOf(account))
  }

  patchMe(change: PatchMeBody): Promise<Answer<User>> {
    return this.#answer('user.patchMe', (turn) => changeProfile(turn, change))
  }

  /** Refuses with `bad_credentials` or `rate_limited`; afterwards everything here answers `unauthorized`. */
  deleteMe(request: { password: string; sessionId: string }): Promise<Answer<null>> {
    return this.#own('user.deleteMe', async (turn) => {
      await deleteAccount(turn, request.password, request.sessionId)
      this.#live.closeEnded()
      return null
    })
  }

  /**
   * Called by a conversation that has accepted a socket: from now on it is told when the session ends.
   * `standing` is false when it has ended, and the socket must go. Refuses with `unauthorized` where nobody
   * has ever lived.
   */
  registerSocket(request: {
    sessionId: string
    conversationId: string
  }): Promise<Answer<{ standing: boolean; user: User; privacy: Privacy }>> {
    return this.#answer('user.registerSocket', (turn) => {
      const account = turn.store.isOpen() ? turn.store.account() : undefined
      if (!account) throw new Refusal('unauthorized', 'there is no such account')
      const standing = registerSocket(turn, request.sessionId, request.conversationId)
      return { standing, user: userOf(account), privacy: privacyOf(turn.store) }
    })
  }

  /** Called by conversations' outboxes, at least once. `isOnline`: a tab of this person is open somewhere. */
  putInboxRow(request: InboxPut): Promise<Answer<{ isOnline: boolean }>> {
    return this.#answer('user.putInboxRow', (turn) => {
      const row = putInboxRow(turn, request)
      if (row) this.#live.tellRow(row)
      return { isOnline: this.#sockets.all().length > 0 }
    })
  }

  /** Newest activity first. Refuses with `unauthorized`, or `invalid` for a foreign cursor. */
  listConversations(request: {
    cursor?: string | undefined
    limit: number
  }): Promise<Answer<{ conversations: Summary[]; next: string | null }>> {
    return this.#own('user.listConversations', async (turn) => {
      await Promise.all([this.#pull(), this.#pullBusy()])
      return listConversations(turn, request)
    })
  }

  conversationIds(): Promise<Answer<string[]>> {
    return this.#own('user.conversationIds', (turn) => turn.store.inboxIds())
  }

  /** Refuses with `not_found` where this person is no member. */
  setPreferences(request: { conversationId: string; change: PutPreferencesBody }): Promise<Answer<null>> {
    return this.#own('user.setPreferences', (turn) => {
      this.#live.tellRow(setPreferences(turn, request.conversationId, request.change))
      return null
    })
  }

  /** The later edit wins. Refuses with `not_found` where this person is no member. */
  setDraft(request: { conversationId: string; draft: PutDraftBody }): Promise<Answer<null>> {
    return this.#own('user.setDraft', (turn) => {
      const { row, isNew } = setDraft(turn, request.conversationId, request.draft)
      if (isNew) this.#live.tellRow(row)
      return null
    })
  }

  /** What waits to be read: for "mark all read", which each conversation carries out itself. */
  unreadConversations(): Promise<Answer<{ conversationId: string; seq: number }[]>> {
    return this.#own('user.unreadConversations', (turn) =>
      [...unreadConversations(turn)].map(([conversationId, seq]) => ({ conversationId, seq })),
    )
  }

  // ── saved messages ────────────────────────────────────────────────────────────────────────────────────

  /** For a message that its conversation has shown to this person. Refuses with `conflict` past SAVED_MAX. */
  save(place: SavedPlace): Promise<Answer<null>> {
    return this.#own('user.save', (turn) => this.#live.tellSaved(save(turn, place)))
  }

  unsave(place: SavedPlace): Promise<Answer<null>> {
    return this.#own('user.unsave', (turn) => this.#live.tellSaved(unsave(turn, place)))
  }

  /** Last saved first: places, without what is said there. */
  savedPage(request: {
    before?: number | undefined
    limit: number
  }): Promise<Answer<{ rows: SavedRow[]; next: number | null }>> {
    return this.#own('user.savedPage', (turn) => savedPage(turn, request))
  }

  savedMarks(): Promise<Answer<SavedMarksAnswer>> {
    return this.#own('user.savedMarks', (turn) => savedMarks(turn))
  }

  // ── sessions ──────────────────────────────────────────────────────────────────────────────────────────

  listSessions(request: { current: string }): Promise<Answer<SessionView[]>> {
    return this.#own('user.listSessions', (turn) => listSessions(turn, request.current))
  }

  /** Signs out every session but this one. */
  endOtherSessions(request: { current: string }): Promise<Answer<null>> {
    return this.#own('user.endOtherSessions', (turn) => {
      endOtherSessions(turn, request.current)
      this.#live.closeEnded()
      return null
    })
  }

  /** Refuses with `bad_credentials`, or `rate_limited` before it looks. */
  changePassword(request: {
    sessionId: string
    current: string
    next: string
    signOutOthers: boolean
  }): Promise<Answer<null>> {
    return this.#answer('user.changePassword', async (turn) => {
      await changePassword(turn, request)
      if (request.signOutOthers) endOtherSessions(turn, request.sessionId)
      this.#live.closeEnded()
      return null
    })
  }

  // ── presence ──────────────────────────────────────────────────────────────────────────────────────────

  /** A status by choice; `online` leaves it to the sockets. */
  chooseStatus(request: { status: PresenceStatus }): Promise<Answer<null>> {
    return this.#own('user.chooseStatus', (turn) => {
      turn.store.putPresence({ ...presenceRow(turn.store), chosen: request.status })
      this.ctx.waitUntil(this.#live.announce())
      return null
    })
  }

  /** What others may see of this person; each off-switch hides the same of them. */
  setPrivacy(request: PatchPreferencesBody): Promise<Answer<Privacy>> {
    return this.#own('user.setPrivacy', (turn) => {
      const privacy = changePrivacy(turn, request)
      this.ctx.waitUntil(this.#live.announce())
      return privacy
    })
  }

  privacy(): Promise<Answer<Privacy & { status: PresenceStatus }>> {
    return this.#own('user.privacy', (turn) => ({
      ...privacyOf(turn.store),
      status: presenceRow(turn.store).chosen,
    }))
  }

  /** Somebody in a shared conversation looks at this person: how they are, and from now on each change. */
  watchedBy(request: { watcherId: string; conversationId: string }): Promise<Answer<Presence>> {
    return this.#answer('user.watchedBy', () =>
      this.#live.watchedBy(request.watcherId, request.conversationId),
    )
  }

  /** A watched person has changed. `isWatching`: a screen here still shows them. */
  presenceOf(request: Presence & { userId: string }): Promise<Answer<{ isWatching: boolean }>> {
    return this.#answer('user.presenceOf', () => {
      const { userId, ...presence } = request
      return { isWatching: this.#live.presenceOf(userId, presence) }
    })
  }

  /** Somebody types in a direct conversation that is not open here. `isOnline`: a tab is there to show it. */
  typing(request: {
    conversationId: string
    userId: string
    active: boolean
  }): Promise<Answer<{ isOnline: boolean }>> {
    return this.#answer('user.typing', () => {
      this.#live.typing(request.conversationId, request.userId, request.active)
      return { isOnline: this.#sockets.all().length > 0 }
    })
  }

  // ── the inbox socket ──────────────────────────────────────────────────────────────────────────────────

  /** An upgrade that the Worker has authenticated. A refusal is JSON: the Worker closes with its code. */
  override async fetch(request: Request): Promise<Response> {
    const turn = this.#turn()
    const identity = readIdentityHeader(request.headers)
    const account = turn.store.isOpen() ? turn.store.account() : undefined
    if (account?.state !== 'active' || !isStanding(turn, identity.sessionId)) {
      return Response.json({ closeCode: CLOSE.notSignedIn, reason: 'not signed in' }, { status: 403 })
    }
    const { 0: client, 1: server } = new WebSocketPair()
    const isBack = this.#sockets.alive(turn.now).length > 0
    this.#live.open(
      server,
      identity,
      userOf(account),
      Number(new URL(request.url).searchParams.get('after') ?? 0),
    )
    if (!isBack) this.ctx.waitUntil(this.#live.announce())
    this.ctx.waitUntil(Promise.all([this.#pull(), this.#pullBusy()]))
    return new Response(null, {
      status: 101,
      webSocket: client,
      headers: { 'sec-websocket-protocol': SUBPROTOCOL },
    })
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    try {
      // A page that somebody looks at asks every half minute who is there: the time to look after large ones.
      await Promise.all([this.#live.receive(socket, data), this.#pull()])
    } catch (error) {
      logError('user.socket', error)
      this.#sockets.tell({ type: 'error', code: 'internal', message: 'something went wrong here' }, [socket])
    }
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    answerClose(socket, code, reason)
    try {
      this.#live.closed(socket)
      if (this.#store.isOpen()) this.#arm()
    } catch (error) {
      logError('user: close', error)
    }
  }

  override webSocketError(socket: WebSocket): void {
    this.webSocketClose(socket, 1011, 'connection error')
  }

  override async alarm(): Promise<void> {
    try {
      if (!this.#store.isOpen()) return
      const turn = this.#turn()
      await this.#live.settleOffline()
      const outcome = await tellDue(turn, this.env)
      const isThrottle = turn.store.account() === undefined
      if (outcome === 'wipe' || (isThrottle && forgetOld(turn.store, turn.now))) await this.#wipe()
      else this.#arm()
    } catch (error) {
      // After six throws the platform gives up on an alarm for good.
      logError('user.alarm', error)
      await this.ctx.storage.setAlarm(Date.now() + OUTBOX_RETRY_MAX_MS)
    }
  }

  /**
   * Runs one call, and sets the alarm for whatever is to be told: also for what an alarm that the platform
   * has given up on left behind.
   */
  #answer<T>(place: string, work: (turn: Turn) => T | Promise<T>): Promise<Answer<T>> {
    return answering(place, async () => {
      try {
        return await work(this.#turn())
      } finally {
        if (this.#store.isOpen()) this.#arm()
      }
    })
  }

  /** A call of the person who lives here. Refuses with `unauthorized` when nobody does. */
  #own<T>(place: string, work: (turn: Turn, account: AccountRow) => T | Promise<T>): Promise<Answer<T>> {
    return this.#answer(place, (turn) => work(turn, requireAccount(turn)))
  }

  #turn(): Turn {
    return { store: this.#store, pepper: this.env.AUTH_PEPPER, now: Date.now() }
  }

  /** Sets the alarm for the next letter or for who may be gone, or for the day on which throttles are forgotten. */
  #arm(): void {
    const times = [this.#store.nextOutboxAt(), this.#live.offlineDueAt()].filter((at) => at !== null)
    if (times.length > 0) this.#setAlarm(Math.min(...times))
    else if (!this.#store.account()) this.#setAlarm(Date.now() + FORGET_AFTER_MS)
  }

  /** At most once in the time in which D1 hears of a conversation: asking more often would tell nothing new. */
  async #pull(): Promise<void> {
    const turn = this.#turn()
    if (!this.#store.isOpen() || Math.abs(turn.now - this.#pulledAt) < INDEX_EVERY_MS) return
    this.#pulledAt = turn.now
    this.#take(await pullLarge(turn, this.env))
  }

  async #pullBusy(): Promise<void> {
    if (this.#store.isOpen()) this.#take(await pullBusy(this.#turn(), this.env))
  }

  #take(puts: readonly InboxPut[]): void {
    for (const put of puts) {
      const row = putInboxRow(this.#turn(), put)
      if (row) this.#live.tellRow(row)
    }
  }

  /** For the operator (SPEC O4). `nobody`: no account that has a name, as of a throttle or one that was deleted. */
  reindex(): Promise<Answer<Reindexed>> {
    return this.#answer('user.reindex', async ({ store }) => {
      const account = store.isOpen() ? store.account() : undefined
      if (account?.state !== 'active') return 'nobody'
      return (await reclaim(this.env, account)) ? 'told' : 'taken'
    })
  }

  /** What the platform bills, since this object woke: rows, index entries included, and alarms set, a row each. */
  costs(): Costs {
    return { ...this.#store.sql.meter, alarmsSet: this.#alarmsSet }
  }

  #setAlarm(at: number): void {
    this.#alarmsSet += 1
    void this.ctx.storage.setAlarm(at)
  }

  async #wipe(): Promise<void> {
    await this.ctx.storage.deleteAlarm()
    await this.ctx.storage.deleteAll()
    this.#store.forget()
  }
}
