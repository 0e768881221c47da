/**
 * The live side of a person's object: the inbox sockets, what they hear, and who hears of this person. Rows
 * are durable and numbered; presence and typing are not, and are simply asked for again.
 */
import * as v from 'valibot'
import { atOnce } from '../at-once.ts'
import type { Identity } from '../auth/identity.ts'
import type { Env } from '../env.ts'
import { logError } from '../log.ts'
import {
  CLOSE,
  directName,
  FRAME_BYTES_MAX,
  INBOX_ROWS_PER_FRAME,
  INBOX_SOCKETS_MAX,
  InboxClientFrame,
  type InboxRow,
  type InboxSavedFrame,
  isLongerThan,
  type User,
} from '../protocol/index.ts'
import { accept } from '../refusal.ts'
import { belongsTo, inboxAfter } from './inbox.ts'
import type { InboxSockets } from './inbox-sockets.ts'
import {
  lastSocketClosed,
  offlineIsDue,
  type Presence,
  presenceNow,
  presenceRow,
  privacyOf,
} from './presence.ts'
import { isStanding } from './sessions.ts'
import type { Turn } from './turn.ts'

export type LiveParts = { env: Env; sockets: InboxSockets; turn: () => Turn }

export class Live {
  readonly #env: Env
  readonly #sockets: InboxSockets
  readonly #turn: () => Turn

  constructor({ env, sockets, turn }: LiveParts) {
    this.#env = env
    this.#sockets = sockets
    this.#turn = turn
  }

  /** A new socket: who one is, what changed since `after`, and from then on whatever changes. */
  open(socket: WebSocket, { sessionId }: Identity, me: User, after: number): void {
    const turn = this.#turn()
    this.sweep()
    const open = this.#sockets.all()
    const surplus = open.length + 1 - INBOX_SOCKETS_MAX
    if (surplus > 0) {
      const oldest = open.sort((a, b) => this.#sockets.of(a).openedAt - this.#sockets.of(b).openedAt)
      this.#sockets.close(oldest.slice(0, surplus), CLOSE.tooManyConnections, 'too many connections')
    }
    this.#sockets.accept(socket, sessionId, turn.now)
    const head = turn.store.inboxRev()
    // A place that is not there yet is of another history: everything is told again.
    const { rev, rows } = inboxAfter(turn, after > head ? 0 : after)
    this.#sockets.tell({ type: 'hello', rev, me }, [socket])
    for (let start = 0; start < rows.length; start += INBOX_ROWS_PER_FRAME) {
      const page = rows.slice(start, start + INBOX_ROWS_PER_FRAME)
      this.#sockets.tell({ type: 'rows', rev: page.at(-1)?.rev ?? rev, rows: page }, [socket])
    }
    const savedRev = turn.store.saved.rev()
    // Who never saved anything has nothing to ask for.
    if (savedRev > 0) this.#sockets.tell({ type: 'saved', rev: savedRev, changes: [] }, [socket])
    this.#sockets.tell({ type: 'live', rev }, [socket])
  }

  /** @returns what is left to do after the frame, off its path */
  async receive(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const turn = this.#turn()
    const isTooLarge =
      typeof data === 'string' ? isLongerThan(data, FRAME_BYTES_MAX) : data.byteLength > FRAME_BYTES_MAX
    if (isTooLarge) return this.#sockets.close([socket], CLOSE.frameTooLarge, 'frame too large')
    const { sessionId } = this.#sockets.of(socket)
    if (!isStanding(turn, sessionId)) return this.#sockets.close([socket], CLOSE.sessionEnded, 'signed out')
    this.#sockets.hear(socket, turn.now)
    this.sweep()
    const retryAfterMs = this.#sockets.countFrame(socket, turn.now)
    if (retryAfterMs === undefined) return this.#sockets.close([socket], CLOSE.abuse, 'too many frames')
    if (retryAfterMs > 0) return this.#refuse(socket, 'rate_limited', 'too many frames')
    const parsed = v.safeParse(InboxClientFrame, typeof data === 'string' ? parseJson(data) : undefined)
    if (!parsed.success) return this.#refuse(socket, 'bad_frame', 'not a frame of this socket')
    const frame = parsed.output
    switch (frame.type) {
      case 'presence':
        if (this.#sockets.of(socket).status === frame.status) return
        this.#sockets.set(socket, { status: frame.status })
        return this.announce()
      case 'watch':
        return this.#watch(socket, frame.userIds)
    }
  }

  /** A socket has closed: the last one starts the wait after which its person is gone. */
  closed(socket: WebSocket): void {
    const { store, now } = this.#turn()
    if (this.#sockets.of(socket).isLost || this.#sockets.all().some((other) => other !== socket)) return
    if (store.isOpen() && store.account()?.state === 'active') lastSocketClosed(store, now)
  }

  /** To the sockets whose session still stands; the others are closed instead. */
  tellRow(row: InboxRow): void {
    this.closeEnded()
    if (row.removed) this.#lookAgain()
    this.#sockets.tell({ type: 'rows', rev: row.rev, rows: [row] })
    this.sweep()
  }

  /** Nothing where nothing changed. */
  tellSaved(frame: InboxSavedFrame | undefined): null {
    this.closeEnded()
    if (frame) this.#sockets.tell(frame)
    return null
  }

  /** Closes the sockets whose session has ended, whatever ended it. */
  closeEnded(): void {
    const turn = this.#turn()
    const ended = this.#sockets.all().filter((each) => !isStanding(turn, this.#sockets.of(each).sessionId))
    this.#sockets.close(ended, CLOSE.sessionEnded, 'signed out')
  }

  /** Closes who is gone without a word: only when the object is awake anyway. What it last showed is kept. */
  sweep(): void {
    const { store, now } = this.#turn()
    const lastSigns = this.#sockets.closeLost(now)
    if (lastSigns.length === 0 || this.#sockets.all().length > 0) return
    const presence = presenceRow(store)
    store.putPresence({ ...presence, lastSeenAt: Math.max(presence.lastSeenAt, ...lastSigns) })
  }

  typing(conversationId: string, userId: string, active: boolean): void {
    const sockets = this.#sockets.all()
    if (sockets.length > 0 && privacyOf(this.#turn().store).typing) {
      this.#sockets.tell({ type: 'typing', conversationId, userId, active }, sockets)
    }
  }

  /** Tells those who look how this person is now. Who no longer looks is not told again. */
  async announce(): Promise<void> {
    const { store, now } = this.#turn()
    const account = store.account()
    if (account?.state !== 'active') return
    const presence = presenceNow(store, this.#sockets, now)
    await eachPresence(store.watchers(), async (watcherId) => {
      const { isWatching } = accept(
        await this.#env.USERS.getByName(watcherId).presenceOf({ userId: account.userId, ...presence }),
      )
      if (!isWatching) store.deleteWatcher(watcherId)
    })
  }

  /** The alarm: whoever left half a minute ago, and did not come back, is gone. */
  async settleOffline(): Promise<void> {
    const { store, now } = this.#turn()
    if (offlineIsDue(store, now)) await this.announce()
  }

  offlineDueAt(): number | null {
    const { store } = this.#turn()
    return store.account() ? presenceRow(store).offlineAt : null
  }

  /** Somebody who shares a conversation with this person looks at them. */
  watchedBy(watcherId: string, conversationId: string): Presence {
    const turn = this.#turn()
    const { store, now } = turn
    if (!store.isOpen() || store.account()?.state !== 'active' || !belongsTo(turn, conversationId)) {
      return { status: 'offline' }
    }
    store.addWatcher(watcherId)
    return presenceNow(store, this.#sockets, now)
  }

  /** What a watched person's object says. @returns whether a screen here still shows them */
  presenceOf(userId: string, presence: Presence): boolean {
    const watching = this.#sockets
      .all()
      .filter((socket) => this.#sockets.of(socket).watching.includes(userId))
    if (watching.length > 0 && privacyOf(this.#turn().store).presence) {
      this.#sockets.tell({ type: 'presence', userId, ...presence }, watching)
    }
    return watching.length > 0
  }

  /** Only who shares a conversation is watched: what a client names is a wish. */
  async #watch(socket: WebSocket, userIds: readonly string[]): Promise<void> {
    const turn = this.#turn()
    const me = turn.store.account()
    // An off-switch is mutual: who is not seen does not see.
    if (me?.state !== 'active' || !privacyOf(turn.store).presence) return
    const shared = this.#sharedWith(turn, me.userId, userIds)
    this.#sockets.set(socket, { watching: [...shared.keys()] })
    await eachPresence(shared, async ([userId, conversationId]) => {
      const person = this.#env.USERS.getByName(userId)
      const presence = accept(await person.watchedBy({ watcherId: me.userId, conversationId }))
      this.presenceOf(userId, presence)
    })
  }

  /**
   * A conversation is gone from the list, and with it perhaps the right to see somebody, or to be seen. Both
   * sides start anew: whoever may still look asks again within WATCH_EVERY_MS.
   */
  #lookAgain(): void {
    for (const socket of this.#sockets.all()) this.#sockets.set(socket, { watching: [] })
    this.#turn().store.clearWatchers()
  }

  #refuse(socket: WebSocket, code: 'bad_frame' | 'rate_limited', message: string): void {
    this.#sockets.tell({ type: 'error', code, message }, [socket])
  }

  /** Which of these people share a conversation with me, as far as my list shows: user → conversation. */
  #sharedWith(turn: Turn, me: string, userIds: readonly string[]): Map<string, string> {
    const shared = new Map<string, string>()
    const others = new Set(userIds.filter((userId) => userId !== me))
    for (const userId of others) {
      const directId = this.#env.CONVERSATIONS.idFromName(directName(me, userId)).toString()
      if (belongsTo(turn, directId)) shared.set(userId, directId)
    }
    if (shared.size === others.size) return shared
    for (const row of inboxAfter(turn, 0).rows) {
      if (row.removed) continue
      for (const { id } of row.members) if (others.has(id) && !shared.has(id)) shared.set(id, row.id)
    }
    return shared
  }
}

/** Presence is asked for again: what fails is logged and left. */
function eachPresence<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  return atOnce(items, (item) => work(item).catch((error) => logError('presence', error)))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
