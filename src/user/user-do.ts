/**
 * One object per person: the account, its sessions and its inbox. The class only adapts. Objects named
 * `decoy:<n>` and `address:<network>` are of this class too, and hold nothing but throttles.
 */
import { DurableObject } from 'cloudflare:workers'
import type { Grant } from '../auth/session-secret.ts'
import type { Env } from '../env.ts'
import { logError } from '../log.ts'
import { OUTBOX_RETRY_MAX_MS, type PatchMeBody, type Summary, type User } from '../protocol/index.ts'
import { type Answer, answering, Refusal } from '../refusal.ts'
import { durableSql } from '../sqlite/sql.ts'
import {
  changeProfile,
  deleteAccount,
  refuseSignIn,
  requireAccount,
  type SignUp,
  signIn,
  signUp,
  userOf,
} from './account.ts'
import { type InboxPut, listConversations, putInboxRow } from './inbox.ts'
import { claim, tellDue } from './outbox.ts'
import { endSession, isStanding, registerSocket, useSession } from './sessions.ts'
import { personStore, type Store } from './store.ts'
import { countSignUp, FORGET_AFTER_MS, forgetOld } from './throttle.ts'
import type { Turn } from './turn.ts'

export class UserDO extends DurableObject<Env> {
  readonly #store: Store

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#store = personStore(durableSql(ctx.storage))
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
    return this.#answer('user.signIn', (turn) => signIn(turn, request))
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
      if (!session) throw new Refusal('unauthorized', 'this session has ended')
      return { user: userOf(account), session }
    })
  }

  /** Refuses with `unauthorized` when the session does not stand (any more). */
  checkSession(request: { sessionId: string }): Promise<Answer<null>> {
    return this.#answer('user.checkSession', (turn) => {
      requireAccount(turn)
      if (!isStanding(turn, request.sessionId)) throw new Refusal('unauthorized', 'this session has ended')
      return null
    })
  }

  /** Ends a session. Its sockets are closed right after, and again until each conversation has confirmed. */
  signOut(request: { sessionId: string }): Promise<Answer<null>> {
    return this.#answer('user.signOut', (turn) => {
      requireAccount(turn)
      endSession(turn, request.sessionId)
      return null
    })
  }

  /** Refuses with `unauthorized` when nobody lives here. */
  me(): Promise<Answer<User>> {
    return this.#answer('user.me', (turn) => userOf(requireAccount(turn)))
  }

  patchMe(change: PatchMeBody): Promise<Answer<User>> {
    return this.#answer('user.patchMe', (turn) => changeProfile(turn, change))
  }

  /** Refuses with `bad_credentials` or `rate_limited`; afterwards everything here answers `unauthorized`. */
  deleteMe(request: { password: string; sessionId: string }): Promise<Answer<null>> {
    return this.#answer('user.deleteMe', async (turn) => {
      requireAccount(turn)
      await deleteAccount(turn, request.password, request.sessionId)
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
  }): Promise<Answer<{ standing: boolean; user: User }>> {
    return this.#answer('user.registerSocket', (turn) => {
      const account = turn.store.isOpen() ? turn.store.account() : undefined
      if (!account) throw new Refusal('unauthorized', 'there is no such account')
      const standing = registerSocket(turn, request.sessionId, request.conversationId)
      return { standing, user: userOf(account) }
    })
  }

  /** Called by conversations' outboxes, at least once. `isOnline`: an inbox socket is open (issue 3 has them). */
  putInboxRow(request: InboxPut): Promise<Answer<{ isOnline: boolean }>> {
    return this.#answer('user.putInboxRow', (turn) => {
      putInboxRow(turn, request)
      return { isOnline: false }
    })
  }

  /** Newest activity first. Refuses with `unauthorized`, or `invalid` for a foreign cursor. */
  listConversations(request: {
    cursor?: string | undefined
    limit: number
  }): Promise<Answer<{ conversations: Summary[]; next: string | null }>> {
    return this.#answer('user.listConversations', (turn) => {
      requireAccount(turn)
      return listConversations(turn, request)
    })
  }

  conversationIds(): Promise<Answer<string[]>> {
    return this.#answer('user.conversationIds', (turn) => {
      requireAccount(turn)
      return turn.store.inboxIds()
    })
  }

  override async alarm(): Promise<void> {
    try {
      if (!this.#store.isOpen()) return
      const turn = this.#turn()
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

  #turn(): Turn {
    return { store: this.#store, pepper: this.env.AUTH_PEPPER, now: Date.now() }
  }

  /** Sets the alarm for the next letter, or for the day on which throttles are forgotten. */
  #arm(): void {
    const at = this.#store.nextOutboxAt() ?? (this.#store.account() ? null : Date.now() + FORGET_AFTER_MS)
    if (at !== null) void this.ctx.storage.setAlarm(at)
  }

  async #wipe(): Promise<void> {
    await this.ctx.storage.deleteAlarm()
    await this.ctx.storage.deleteAll()
    this.#store.forget()
  }
}
