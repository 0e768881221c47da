/**
 * Tells D1 and the members' inboxes what changed, off the send path. A row in `outbox` says that something is
 * to be told; what is told is read when it is told, so a hundred messages are one row and one call. Every
 * receiver takes a message twice or late without harm, so what is not confirmed is simply told again.
 */
import { atOnce } from '../at-once.ts'
import { indexBatch } from '../directory/directory.ts'
import type { Env } from '../env.ts'
import { logError } from '../log.ts'
import {
  INBOX_EVERY_MS,
  INBOX_SLOW_MS,
  INDEX_WITHIN_MS,
  OUTBOX_BATCH,
  OUTBOX_RETRY_MAX_MS,
  OUTBOX_RETRY_MIN_MS,
  PUSH_MEMBERS_MAX,
  type Summary,
  TYPING_EXPIRES_MS,
} from '../protocol/index.ts'
import { accept } from '../refusal.ts'
import { retryAt } from '../retry.ts'
import { dueForIndex, INDEX, inboxKey, isMemberKey, pacedAt, SUMMARY, userOf } from './outbox-keys.ts'
import type { MemberRow } from './rows.ts'
import type { Store } from './store.ts'
import { type Shared, shared, summarize, versionOf } from './summary.ts'
import { within } from './within.ts'

type InboxRow = { userId: string; version: number; summary: Summary | null }

type Plan = {
  /** When it was made: what is told is the state of then, however long D1 takes. */
  at: number
  due: { key: string; attempts: number }[]
  common: Shared
  /** The members whose D1 row is to be written; undefined where D1 is not to be called at all. */
  index: { members: MemberRow[] } | undefined
  inboxes: InboxRow[]
  /** When the next member is to hear of the last change: each has a pace of their own. */
  laterAt: number | undefined
}

/** What a member's inbox was last told, and what it said then. Only in memory: at worst it is told once more. */
type Told = { version: number; at: number; isOnline: boolean }

export type OutboxParts = {
  store: Store
  env: Env
  setAlarm: (at: number) => void
  now: () => number
  /** Who has a socket of this conversation open, and so needs no telling to see it. */
  present: () => string[]
}

export class Outbox {
  readonly #store: Store
  readonly #env: Env
  readonly #setAlarm: (at: number) => void
  readonly #now: () => number
  readonly #present: () => string[]
  readonly #told = new Map<string, Told>()
  readonly #heard = new Map<string, { isOnline: boolean; at: number }>()
  /** When inboxes were last told of something said; not kept: after a sleep they are told at once. */
  #toldAt = 0
  #running: Promise<void> = Promise.resolve()

  constructor({ store, env, setAlarm, now, present }: OutboxParts) {
    this.#store = store
    this.#env = env
    this.#setAlarm = setAlarm
    this.#now = now
    this.#present = present
  }

  /** When inboxes are to hear of what is said now: at once when quiet, in INBOX_EVERY_MS when they just have. */
  dueAt(now: number): number {
    return pacedAt(this.#toldAt, INBOX_EVERY_MS, now)
  }

  /** False only for who was known not to be there a moment ago: who is unknown may be. */
  mayBeOnline(userId: string): boolean {
    const heard = this.#heard.get(userId)
    return !heard || heard.isOnline || this.#now() - heard.at > TYPING_EXPIRES_MS
  }

  /** What a person's object said of its tabs. */
  hear(userId: string, isOnline: boolean): void {
    this.#heard.set(userId, { isOnline, at: this.#now() })
  }

  /** Tells what is due and sets the alarm for the rest. Never throws: the platform gives up on an alarm after six. */
  run(limit = OUTBOX_BATCH): Promise<void> {
    this.#running = this.#running
      .then(() => this.#runOnce(limit))
      .catch((error) => {
        logError('outbox', error)
        // What waits would wait for the next change otherwise, or for the next start.
        this.#setAlarm(this.#now() + OUTBOX_RETRY_MAX_MS)
      })
    return this.#running
  }

  /** Tells D1 all that it must hold of this conversation, where it may have lost it. @returns whether it took it */
  reindex(): Promise<boolean> {
    return this.#tellIndex({ common: shared(this.#store), index: { members: this.#store.everMembers() } })
  }

  /** Sets the alarm where something waits: after a start, and after each run. */
  arm(): void {
    const due = this.#store.exists ? this.#store.nextDue() : undefined
    if (due !== undefined) this.#setAlarm(Math.max(due, this.#now()))
  }

  async #runOnce(limit: number): Promise<void> {
    const plan = this.#plan(limit)
    if (plan) {
      const [isIndexed, missed] = await Promise.all([this.#tellIndex(plan), this.#tellInboxes(plan)])
      this.#store.transaction(() => this.#settle(plan, isIndexed, missed))
    }
    this.arm()
  }

  #plan(limit: number): Plan | undefined {
    const now = this.#now()
    const due = this.#store.outbox.due(now, limit)
    if (due.length === 0) return undefined
    const keys = new Set(due.map((row) => row.key))
    const common = shared(this.#store)
    return {
      at: now,
      due,
      common,
      index: this.#indexWork(keys, common, now),
      ...this.#inboxesFor(keys, common, now),
    }
  }

  /**
   * What D1 is to be told now. Inboxes do not wait for it: where D1 has just been written, or is failing, its
   * part is left to a row of its own.
   */
  #indexWork(keys: ReadonlySet<string>, common: Shared, now: number): Plan['index'] {
    const changed = [...keys]
      .filter(isMemberKey)
      .flatMap((key) => this.#store.memberOrFormer(userOf(key)) ?? [])
    const isFailing = this.#store.outbox.has(INDEX) && !keys.has(INDEX)
    const isTooSoon = dueForIndex(common.conversation, now) > now
    const hasWork = keys.has(INDEX) || keys.has(SUMMARY) || changed.length > 0
    return hasWork && !isFailing && !isTooSoon ? { members: changed } : undefined
  }

  #inboxesFor(keys: ReadonlySet<string>, common: Shared, now: number): Pick<Plan, 'inboxes' | 'laterAt'> {
    const due = new Map<string, MemberRow>()
    for (const key of keys) {
      if (key === SUMMARY || key === INDEX) continue
      const member = this.#store.memberOrFormer(userOf(key))
      // A row that only waits for D1 has told its inbox already.
      const isTold = member && this.#told.get(member.user_id)?.version === versionOf(common, member)
      if (member && !(isTold && isMemberKey(key))) due.set(member.user_id, member)
    }
    let laterAt: number | undefined
    // A large conversation is asked by those who look, instead of calling everyone who does not.
    if (keys.has(SUMMARY) && common.memberCount <= PUSH_MEMBERS_MAX) {
      const present = new Set(this.#present())
      for (const member of this.#store.members()) {
        const dueAt = this.#memberDueAt(member, versionOf(common, member), present, now)
        if (dueAt === undefined) continue
        if (dueAt <= now) due.set(member.user_id, member)
        else laterAt = Math.min(dueAt, laterAt ?? dueAt)
      }
    }
    const inboxes = [...due.values()].map((member) => ({
      userId: member.user_id,
      version: versionOf(common, member),
      summary: member.removed_at === null ? summarize(this.#store, common, member) : null,
    }))
    return { inboxes, laterAt }
  }

  /** When this member is to hear of the present version; undefined where they have. */
  #memberDueAt(
    member: MemberRow,
    version: number,
    present: ReadonlySet<string>,
    now: number,
  ): number | undefined {
    const told = this.#told.get(member.user_id)
    if (!told) return now
    if (told.version === version) return undefined
    const isWaiting = told.isOnline && !present.has(member.user_id)
    return pacedAt(told.at, isWaiting ? INBOX_EVERY_MS : INBOX_SLOW_MS, now)
  }

  /** @returns whether D1 has taken what there was; not, where it was not asked */
  async #tellIndex({ index, common }: Pick<Plan, 'index' | 'common'>): Promise<boolean> {
    if (!index) return false
    const { conversation, memberCount, lastMessage } = common
    try {
      const telling = indexBatch(this.#env.DB, {
        conversation: {
          id: conversation.id,
          kind: conversation.kind,
          name: conversation.name,
          description: conversation.description,
          memberCount,
          lastSeq: lastMessage?.seq ?? null,
          lastAuthorId: lastMessage?.authorId ?? null,
          // D1 has one column: a message without words is listed there by its file's name.
          lastPreview: lastMessage ? lastMessage.preview || (lastMessage.attachment?.name ?? '') : null,
          lastAt: lastMessage?.createdAt ?? null,
          createdAt: conversation.created_at,
          updatedAt: lastMessage?.createdAt ?? conversation.created_at,
          archivedAt: conversation.archived_at,
          // The first telling is of head 0, and must be newer than nothing.
          rev: conversation.head + 1,
        },
        members: index.members.map((member) => ({
          conversationId: conversation.id,
          userId: member.user_id,
          role: member.role,
          removed: member.removed_at !== null,
          rev: member.rev,
        })),
      })
      await within(INDEX_WITHIN_MS, telling)
      return true
    } catch (error) {
      logError('outbox: D1', error, { conversationId: conversation.id })
      return false
    }
  }

  /** @returns the user ids whose object did not take its row */
  async #tellInboxes({ inboxes, common }: Plan): Promise<Set<string>> {
    const missed = new Set<string>()
    const { id: conversationId, head } = common.conversation
    await atOnce(inboxes, async ({ userId, version, summary }) => {
      try {
        const put = { conversationId, head, version, summary }
        const { isOnline } = accept(await this.#env.USERS.getByName(userId).putInboxRow(put))
        // Being told that there is a conversation must not delay hearing the first thing that is said in it.
        this.#told.set(userId, { version, at: head === 0 ? 0 : this.#now(), isOnline })
        this.hear(userId, isOnline)
      } catch (error) {
        logError('outbox: inbox', error, { conversationId, userId })
        missed.add(userId)
      }
    })
    return missed
  }

  /** Strikes out what was taken, unless it has changed since; the rest is told again later. */
  #settle(plan: Plan, isIndexed: boolean, missed: ReadonlySet<string>): void {
    const now = this.#now()
    const { due, common, index, inboxes } = plan
    const told = new Map(inboxes.map((row) => [row.userId, row.version]))
    const isIndexDue = due.some(({ key }) => key === INDEX)
    if (isIndexed) this.#store.indexedAt(now)
    for (const { key, attempts } of due) {
      if (key === INDEX) {
        this.#settleIndex(index !== undefined, isIndexed, attempts, now)
      } else if (key === SUMMARY) {
        if (common.conversation.head > 0) this.#toldAt = plan.at
        for (const userId of missed) this.#store.outbox.put(inboxKey(userId), now + OUTBOX_RETRY_MIN_MS)
        // A row of its own that was due knows how often it has failed.
        if (!isIndexed && !isIndexDue) this.#settleIndex(index !== undefined, false, 0, now)
        const isUnchanged = this.#store.conversation().head === common.conversation.head
        // What was said while this was told is for everyone, not for the slow ones only.
        if (isUnchanged && plan.laterAt !== undefined) this.#store.outbox.postpone(key, 0, plan.laterAt)
        else this.#strike(key, isUnchanged, now)
      } else if (missed.has(userOf(key))) {
        this.#postpone(key, attempts, now)
      } else if (isMemberKey(key) && !isIndexed) {
        if (index) this.#postpone(key, attempts, now)
        else this.#store.outbox.postpone(key, 0, this.#nextIndexAt(now))
      } else {
        const version = told.get(userOf(key)) ?? this.#told.get(userOf(key))?.version
        this.#strike(key, this.#versionNow(userOf(key)) === version, now)
      }
    }
  }

  /** D1's own row: gone once it has taken everything, patient while it fails, and due when it may be asked again. */
  #settleIndex(wasAsked: boolean, isIndexed: boolean, attempts: number, now: number): void {
    if (isIndexed) this.#store.outbox.delete(INDEX)
    else if (wasAsked) this.#postpone(INDEX, attempts, now)
    else this.#store.outbox.put(INDEX, this.#nextIndexAt(now))
  }

  /** Not before D1's own row, where there is one: what D1 does not take now would come back at once, for ever. */
  #nextIndexAt(now: number): number {
    return Math.max(dueForIndex(this.#store.conversation(), now), this.#store.outbox.dueAt(INDEX) ?? 0)
  }

  #strike(key: string, isUnchanged: boolean, now: number): void {
    if (isUnchanged) this.#store.outbox.delete(key)
    else this.#store.outbox.postpone(key, 0, this.dueAt(now))
  }

  #versionNow(userId: string): number | undefined {
    const member = this.#store.memberOrFormer(userId)
    return member && this.#store.conversation().head + member.rev
  }

  #postpone(key: string, attempts: number, now: number): void {
    this.#store.outbox.postpone(key, attempts + 1, retryAt(attempts, now))
  }
}
