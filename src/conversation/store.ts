/** Every statement on a conversation's own database, named by what it answers or changes. */
import {
  type ConversationKind,
  type Event,
  isInMain,
  type Message,
  type Replies,
  type Role,
  type User,
  WINDOW_MESSAGES,
} from '../protocol/index.ts'
import { isMigrated, migrate } from '../sqlite/migrate.ts'
import type { Sql } from '../sqlite/sql.ts'
import { AttachmentRows } from './attachment-rows.ts'
import { OutboxRows } from './outbox-rows.ts'
import {
  type ConversationRow,
  type EventRow,
  MESSAGE_COLUMNS,
  type MemberRow,
  type MessageRow,
  messageColumnsOf,
  toCreated,
  toEvent,
  toMessage,
} from './rows.ts'
import { migrations } from './schema.ts'
import { SearchIndex } from './search.ts'
import { Threads } from './threads.ts'
import { UnreadCounts } from './unread.ts'

export type NewConversation = {
  id: string
  kind: ConversationKind
  name: string | null
  description: string | null
  epoch: string
  createdBy: string
  createdHash: string
  now: number
}

/** Of the event that a change is about to become, in the same transaction. */
const NEXT_SEQ = '(SELECT head + 1 FROM conversation)'

export type NewMessage = Omit<Message, 'seq' | 'reactions' | 'editedAt' | 'deletedAt' | 'changedSeq'> & {
  payloadHash: string
}

/** An event before it has its place. */
export type NewEvent = Event extends infer E ? (E extends Event ? Omit<E, 'seq'> : never) : never

/** Which messages a page is of: all of the log, those of the conversation itself, or a thread's replies. */
export type Scope = 'all' | 'main' | { thread: number }

export type Operation = { seq: number; payloadHash: string; at: number }

export class Store {
  readonly sql: Sql
  readonly search: SearchIndex
  readonly unread: UnreadCounts
  readonly threads: Threads
  readonly outbox: OutboxRows
  readonly attachments: AttachmentRows
  /** False for an object that was only probed: it has no tables, and reading it writes nothing. */
  #exists: boolean
  readonly #history: string

  /** @param history see `HISTORY` in env.ts */
  constructor(sql: Sql, history = '') {
    this.sql = sql
    this.#history = history
    this.search = new SearchIndex(sql)
    this.unread = new UnreadCounts(sql)
    this.threads = new Threads(sql)
    this.outbox = new OutboxRows(sql)
    this.attachments = new AttachmentRows(sql)
    this.#exists = isMigrated(sql)
    if (this.#exists) migrate(sql, migrations)
  }

  get exists(): boolean {
    return this.#exists
  }

  /** When the alarm is to come next; undefined where nothing waits for it. */
  nextDue(): number | undefined {
    const dues = [this.outbox.nextDue(), this.attachments.nextDue()].filter((due) => due !== undefined)
    return dues.length > 0 ? Math.min(...dues) : undefined
  }

  transaction<T>(work: () => T): T {
    return this.sql.transaction(work)
  }

  // ── the conversation ──────────────────────────────────────────────────────────────────────────────────

  create(conversation: NewConversation): void {
    migrate(this.sql, migrations)
    this.#exists = true
    const { id, kind, name, description, epoch, now, createdBy, createdHash } = conversation
    this.sql.run(
      `INSERT INTO conversation (one, id, kind, name, description, epoch, head, created_at, created_by, created_hash,
        archived_at, indexed_at) VALUES (1, ?, ?, ?, ?, ?, 0, ?, ?, ?, NULL, 0)`,
      id,
      kind,
      name,
      description,
      epoch,
      now,
      createdBy,
      createdHash,
    )
  }

  conversation(): ConversationRow {
    const row = this.sql.first<ConversationRow>('SELECT * FROM conversation')
    if (!row) throw new Error('the conversation has no row')
    return row
  }

  /** Names this history: what a client holds of another one, it must not go on from (R10). */
  epoch(): string {
    const { epoch } = this.conversation()
    return this.#history === '' ? epoch : `${epoch}.${this.#history}`
  }

  isArchived(): boolean {
    return this.sql.first('SELECT 1 AS found FROM conversation WHERE archived_at IS NOT NULL') !== undefined
  }

  indexedAt(now: number): void {
    this.sql.run('UPDATE conversation SET indexed_at = ?', now)
  }

  // ── members ───────────────────────────────────────────────────────────────────────────────────────────

  /** A present member, or undefined: who left or was removed is not one. */
  member(userId: string): MemberRow | undefined {
    if (!this.#exists) return undefined
    return this.sql.first<MemberRow>('SELECT * FROM members WHERE user_id = ? AND removed_at IS NULL', userId)
  }

  /** Also who is no longer a member: the row outlives the membership, so that versions never go back. */
  memberOrFormer(userId: string): MemberRow | undefined {
    return this.sql.first<MemberRow>('SELECT * FROM members WHERE user_id = ?', userId)
  }

  members(): MemberRow[] {
    return this.sql.all<MemberRow>('SELECT * FROM members WHERE removed_at IS NULL')
  }

  /** Also those who have left: the index holds them as such. */
  everMembers(): MemberRow[] {
    return this.sql.all<MemberRow>('SELECT * FROM members')
  }

  memberCount(): number {
    return this.sql.first<{ n: number }>('SELECT count(*) AS n FROM members WHERE removed_at IS NULL')?.n ?? 0
  }

  /** Whether there are more members than that. Stops counting there: asked for every keystroke of a large one. */
  isLargerThan(count: number): boolean {
    const query = 'SELECT count(*) AS n FROM (SELECT 1 FROM members WHERE removed_at IS NULL LIMIT ?)'
    return (this.sql.first<{ n: number }>(query, count + 1)?.n ?? 0) > count
  }

  ownerCount(): number {
    const query = "SELECT count(*) AS n FROM members WHERE removed_at IS NULL AND role = 'owner'"
    return this.sql.first<{ n: number }>(query)?.n ?? 0
  }

  putMember(user: User, role: Role, readSeq: number): void {
    this.sql.run(
      `INSERT INTO members (user_id, username, display_name, avatar_url, role, read_seq, threads_read, threads_cleared,
        rev, removed_at) VALUES (?, ?, ?, ?, ?, ?6, ?6, ?6, 1, NULL)
        ON CONFLICT (user_id) DO UPDATE SET username = excluded.username, display_name = excluded.display_name,
          avatar_url = excluded.avatar_url, role = excluded.role, rev = rev + 1,
          unread_from = CASE WHEN removed_at IS NULL THEN unread_from END,
          threads_read = CASE WHEN removed_at IS NULL THEN threads_read ELSE excluded.threads_read END,
          threads_cleared = CASE WHEN removed_at IS NULL THEN threads_cleared ELSE excluded.threads_cleared END,
          removed_at = NULL,
          read_seq = max(read_seq, excluded.read_seq)`,
      user.id,
      user.username,
      user.displayName,
      user.avatarUrl,
      role,
      readSeq,
    )
  }

  removeMember(userId: string, now: number): void {
    this.sql.run('UPDATE members SET removed_at = ?, rev = rev + 1 WHERE user_id = ?', now, userId)
  }

  setProfile(user: User): void {
    this.sql.run(
      'UPDATE members SET username = ?, display_name = ?, avatar_url = ?, rev = rev + 1 WHERE user_id = ?',
      user.username,
      user.displayName,
      user.avatarUrl,
      user.id,
    )
  }

  setHides(userId: string, hides: number): void {
    this.sql.run('UPDATE members SET hides = ? WHERE user_id = ?', hides, userId)
  }

  /** Who hides this from the others. Read from an index that is empty where nobody hides anything. */
  membersHiding(bit: number): Set<string> {
    const query = 'SELECT user_id FROM members WHERE hides <> 0 AND (hides & ?) <> 0'
    return new Set(this.sql.all<{ user_id: string }>(query, bit).map((row) => row.user_id))
  }

  /** Reading also takes back what was marked unread. `threadsRead`: where nothing waits in threads up to there. */
  setRead(userId: string, seq: number, threadsRead = 0): void {
    this.sql.run(
      `UPDATE members SET read_seq = max(read_seq, ?), unread_from = NULL, threads_read = max(threads_read, ?),
        rev = rev + 1 WHERE user_id = ?`,
      seq,
      threadsRead,
      userId,
    )
  }

  /** The member's place in a thread has changed, and so has their row in the list. */
  setThreadsRead(userId: string, threadsRead: number): void {
    const query = 'UPDATE members SET threads_read = max(threads_read, ?), rev = rev + 1 WHERE user_id = ?'
    this.sql.run(query, threadsRead, userId)
  }

  /** The member says that all threads are read: whatever happens to what was said so far, it is no news. */
  clearThreads(userId: string, head: number): void {
    const query =
      'UPDATE members SET threads_read = ?1, threads_cleared = ?1, rev = rev + 1 WHERE user_id = ?2'
    this.sql.run(query, head, userId)
  }

  /** Something waits in a thread again, after this place. A row is written only where nothing was waiting. */
  reopenThreads(userId: string, after: number): void {
    const query = `UPDATE members SET threads_read = max(threads_cleared, ?1), rev = rev + 1
      WHERE user_id = ?2 AND threads_read > max(threads_cleared, ?1)`
    this.sql.run(query, after, userId)
  }

  setUnreadFrom(userId: string, seq: number): void {
    const { head } = this.conversation()
    const query = 'UPDATE members SET unread_from = ?, unread_head = ?, rev = rev + 1 WHERE user_id = ?'
    this.sql.run(query, seq, head, userId)
  }

  /** Who is called so here, also those who have left: user ids. */
  peopleNamed(usernames: readonly string[]): string[] {
    const query = 'SELECT user_id FROM members WHERE username IN (SELECT value FROM json_each(?))'
    return this.sql.all<{ user_id: string }>(query, JSON.stringify(usernames)).map((row) => row.user_id)
  }

  /** Which of these usernames are members: user ids. */
  membersNamed(usernames: readonly string[]): string[] {
    if (usernames.length === 0) return []
    const query = `SELECT user_id FROM members WHERE removed_at IS NULL AND username IN (SELECT value FROM json_each(?))`
    return this.sql.all<{ user_id: string }>(query, JSON.stringify(usernames)).map((row) => row.user_id)
  }

  // ── the log ───────────────────────────────────────────────────────────────────────────────────────────

  /** What an author's client id already stands for, at any age. */
  operation(author: string, clientId: string): Operation | undefined {
    const found = this.sql.first<{ seq: number; payload_hash: string; at: number }>(
      `SELECT seq, payload_hash, created_at AS at FROM messages WHERE author_id = ?1 AND client_id = ?2
        UNION ALL SELECT seq, payload_hash, at FROM events WHERE by = ?1 AND client_id = ?2 LIMIT 1`,
      author,
      clientId,
    )
    return found && { seq: found.seq, payloadHash: found.payload_hash, at: found.at }
  }

  appendMessage(message: NewMessage): Message {
    const isMain = isInMain(message)
    const seq = this.#nextSeq(isMain ? 'last_main' : 'last_reply')
    this.sql.run(
      `INSERT INTO messages (seq, author_id, client_id, payload_hash, kind, text, mentions, reply_to, thread, main,
        attachments, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      seq,
      message.authorId,
      message.id,
      message.payloadHash,
      message.kind,
      message.text,
      JSON.stringify(message.mentions),
      message.replyTo,
      message.thread,
      Number(isMain),
      JSON.stringify(message.attachments),
      message.createdAt,
    )
    const { payloadHash: _, attachments, createdAt, ...said } = message
    // In the order in which a row is read: told now or again, it is the same bytes.
    return { seq, ...said, attachments, reactions: [], createdAt, editedAt: null, deletedAt: null }
  }

  /** @param operation what it answers a retry with, where a client asked for it */
  appendEvent(event: NewEvent, operation?: { clientId: string; payloadHash: string }): Event {
    const seq = this.#nextSeq()
    const { kind, at, by, ...body } = event
    const kept = keptOf(event, body)
    this.sql.run(
      'INSERT INTO events (seq, kind, at, by, client_id, payload_hash, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
      seq,
      kind,
      at,
      by,
      operation?.clientId ?? null,
      operation?.payloadHash ?? null,
      JSON.stringify(kept),
    )
    return { ...event, seq } as Event
  }

  editMessage(seq: number, text: string, mentions: Message['mentions'], now: number): void {
    const query = `UPDATE messages SET text = ?, mentions = ?, edited_at = ?, changed_seq = ${NEXT_SEQ} WHERE seq = ?`
    this.sql.run(query, text, JSON.stringify(mentions), now, seq)
    this.search.changed(seq)
    this.unread.changed(seq)
  }

  /**
   * Everything that was said is gone, files too; the place, the author and the time stay.
   * @returns of a reply: its root, and what that says of the thread now
   */
  eraseMessage(seq: number, now: number): { thread: number; replies: Replies } | undefined {
    this.attachments.eraseOf(seq, now)
    this.sql.run(
      `UPDATE messages SET text = '', mentions = '[]', attachments = '[]', reactions = '[]', pinned_at = NULL,
        deleted_at = ?, changed_seq = ${NEXT_SEQ} WHERE seq = ?`,
      now,
      seq,
    )
    this.search.changed(seq)
    this.unread.changed(seq)
    return this.threads.erased(seq)
  }

  setReactions(seq: number, reactions: Message['reactions']): void {
    const query = `UPDATE messages SET reactions = ?, changed_seq = ${NEXT_SEQ} WHERE seq = ?`
    this.sql.run(query, JSON.stringify(reactions), seq)
  }

  /** Pinned after all that are: a clock that stands still, or goes back, changes no order. */
  pin(seq: number, now: number): void {
    const newest = this.sql.first<{ at: number | null }>(
      'SELECT max(pinned_at) AS at FROM messages WHERE pinned_at IS NOT NULL',
    )
    const at = Math.max(now, (newest?.at ?? 0) + 1)
    this.sql.run('UPDATE messages SET pinned_at = ? WHERE seq = ?', at, seq)
  }

  unpin(seq: number): void {
    this.sql.run('UPDATE messages SET pinned_at = NULL WHERE seq = ?', seq)
  }

  isPinned(seq: number): boolean {
    const query = 'SELECT 1 AS found FROM messages WHERE seq = ? AND pinned_at IS NOT NULL'
    return this.sql.first(query, seq) !== undefined
  }

  pinCount(): number {
    const query = 'SELECT count(*) AS n FROM messages WHERE pinned_at IS NOT NULL'
    return this.sql.first<{ n: number }>(query)?.n ?? 0
  }

  /** The last pinned first. */
  pinned(): Message[] {
    const query = `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE pinned_at IS NOT NULL ORDER BY pinned_at DESC`
    return this.sql.all<MessageRow>(query).map(toMessage)
  }

  /** Their seqs, the last pinned first. */
  pinnedSeqs(): number[] {
    const query = 'SELECT seq FROM messages WHERE pinned_at IS NOT NULL ORDER BY pinned_at DESC'
    return this.sql.all<{ seq: number }>(query).map(({ seq }) => seq)
  }

  /** From the row, never from the highest seq that is left: a number that was given is not given again. */
  #nextSeq(column?: 'last_main' | 'last_reply'): number {
    const place = column ? `, ${column} = head + 1` : ''
    const query = `UPDATE conversation SET head = head + 1${place} RETURNING head`
    const row = this.sql.first<{ head: number }>(query)
    if (!row) throw new Error('the conversation has no row')
    return row.head
  }

  /** The log after `after`, in order, read one row at a time. */
  *eventsAfter(after: number): IterableIterator<Event> {
    const messages = this.sql.each<MessageRow & { root_replies: string | null }>(
      `SELECT ${messageColumnsOf('m')}, r.replies AS root_replies
        FROM messages m LEFT JOIN messages r ON r.seq = m.thread WHERE m.seq > ? ORDER BY m.seq`,
      after,
    )
    const others = this.sql.each<EventRow>(
      `SELECT e.seq, e.kind, e.at, e.by, e.body, m.text AS target_text, m.mentions AS target_mentions,
          r.replies AS root_replies
        FROM events e LEFT JOIN messages m
          ON e.kind = 'message.edited' AND m.seq = json_extract(e.body, '$.target')
        LEFT JOIN messages r ON e.kind = 'message.deleted' AND r.seq = json_extract(e.body, '$.thread')
        WHERE e.seq > ? ORDER BY e.seq`,
      after,
    )
    try {
      let message = messages.next()
      let other = others.next()
      while (!message.done || !other.done) {
        if (!message.done && (other.done || message.value.seq < other.value.seq)) {
          const { root_replies: replies } = message.value
          yield toCreated(toMessage(message.value), replies === null ? undefined : JSON.parse(replies))
          message = messages.next()
        } else if (!other.done) {
          yield toEvent(other.value)
          other = others.next()
        }
      }
    } finally {
      // Whoever has enough leaves in the middle: a cursor that stays open is not counted as read.
      messages.return?.()
      others.return?.()
    }
  }

  message(seq: number): Message | undefined {
    const row = this.sql.first<MessageRow>(`SELECT ${MESSAGE_COLUMNS} FROM messages WHERE seq = ?`, seq)
    return row && toMessage(row)
  }

  hasMessage(seq: number): boolean {
    return this.sql.first('SELECT 1 AS found FROM messages WHERE seq = ?', seq) !== undefined
  }

  /** The newest message of the conversation itself. */
  lastMessage(): Message | undefined {
    return this.message(this.conversation().last_main)
  }

  /** The newest messages, ascending, and whether there are older ones. */
  window(): { messages: Message[]; hasOlder: boolean } {
    const messages = this.messagesBefore(Number.MAX_SAFE_INTEGER, WINDOW_MESSAGES + 1)
    return { messages: messages.slice(-WINDOW_MESSAGES), hasOlder: messages.length > WINDOW_MESSAGES }
  }

  /** At most `limit` messages with a seq below, the nearest ones, ascending. */
  messagesBefore(seq: number, limit: number, scope: Scope = 'all'): Message[] {
    const [where, ...bindings] = whereOf(scope)
    const query = `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE ${where} seq < ? ORDER BY seq DESC LIMIT ?`
    return this.sql
      .all<MessageRow>(query, ...bindings, seq, limit)
      .map(toMessage)
      .reverse()
  }

  /** At most `limit` messages with a seq above, the nearest ones, ascending. */
  messagesAfter(seq: number, limit: number, scope: Scope = 'all'): Message[] {
    const [where, ...bindings] = whereOf(scope)
    const query = `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE ${where} seq > ? ORDER BY seq LIMIT ?`
    return this.sql.all<MessageRow>(query, ...bindings, seq, limit).map(toMessage)
  }

  /** When this person sent lately, newest first. Stops at the first message that is older, whoever's it is. */
  sendTimesSince(authorId: string, since: number): number[] {
    const times: number[] = []
    const query = 'SELECT author_id, created_at FROM messages ORDER BY seq DESC'
    for (const row of this.sql.each<{ author_id: string; created_at: number }>(query)) {
      if (row.created_at <= since) break
      if (row.author_id === authorId) times.push(row.created_at)
    }
    return times
  }
}

function whereOf(scope: Scope): [string, ...number[]] {
  if (scope === 'all') return ['']
  return scope === 'main' ? ['main = 1 AND'] : ['thread = ? AND', scope.thread]
}

/** What stands in a message is not repeated in the events about it: a copy would outlive it, or be outdated. */
function keptOf(event: NewEvent, body: object): object {
  if (event.kind === 'message.edited') return { target: event.target, editedAt: event.editedAt }
  if (event.kind === 'message.deleted') return { target: event.target, thread: event.thread }
  return body
}
