/**
 * Ten bugs that a chat server could have, and this one has not: each is a small change of today's sources, made to
 * a copy of them (seed.ts), so that nothing of it is in what is shipped. What proves the checker is that it finds
 * each under its name. Read by plain Node: scripts/serve.mjs takes `--bug NAME`.
 */
import type { ViolationName } from '../faults/checker.ts'

/** In one file of `src`: a text that is there exactly once, and what stands there instead. */
export type Edit = { file: string; find: string; replace: string }

/** A change of the sources under a name. */
export type Seed = { name: string; edits: readonly Edit[] }

export type Bug = Seed & {
  /** What the checker calls what comes of it. */
  caughtAs: ViolationName
  /** What the world does meanwhile: planted with the bug, and alone where the sound build is looked at. */
  weather?: Seed
}

const SEND_TIMER_MS = 3_000
const REPLAY_TIMER_MS = 1_000
/** Longer than the outbox waits for D1, tries again, and tells it of all that was said since. */
const LATE_INDEX_MS = 10_000

/**
 * D1 on one machine does what it is asked in order. Across a network it need not: the first write about something
 * said in a conversation is held back here until newer ones have arrived.
 */
const LATE_INDEX_WRITE: Seed = {
  name: 'an index write that comes late',
  edits: [
    {
      file: 'conversation/outbox.ts',
      find: 'export class Outbox {',
      replace: 'const heldBack = new Set<string>()\n\nexport class Outbox {',
    },
    {
      file: 'conversation/outbox.ts',
      find: '      const telling = indexBatch(this.#env.DB, {',
      replace: `      const isFirst = conversation.head > 0 && !heldBack.has(conversation.id)
      if (isFirst) heldBack.add(conversation.id)
      const telling = scheduler.wait(isFirst ? ${LATE_INDEX_MS} : 0).then(() => indexBatch(this.#env.DB, {`,
    },
    {
      file: 'conversation/outbox.ts',
      find: '      })\n      await within(INDEX_WITHIN_MS, telling)',
      replace: '      }))\n      await within(INDEX_WITHIN_MS, telling)',
    },
  ],
}

/** Without it the database itself refuses what the code lets through. */
const NO_UNIQUE_ID: Edit = {
  file: 'conversation/schema.ts',
  find: 'CREATE UNIQUE INDEX messages_by_client_id',
  replace: 'CREATE INDEX messages_by_client_id',
}

export const BUGS: readonly Bug[] = [
  {
    name: 'ack before commit',
    caughtAs: 'lost write',
    edits: [
      {
        file: 'conversation/conversation-do.ts',
        find: '      const effects = this.#store.transaction(() => perform(this.#turn(member, now), frame))',
        // Answered in a turn of its own: the runtime keeps an answer back until what was written before it is on disk.
        replace: `      if (frame.type === 'send') {
        const seq = this.#store.conversation().head + 1
        this.#deliver.send(session, { type: 'ack', id: frame.id, seq, at: now })
        setTimeout(() => {
          const late = this.#store.transaction(() => perform(this.#turn(member, now), frame))
          this.#deliver.carryOut(late.filter((effect) => effect.do !== 'ack'), session)
        }, ${SEND_TIMER_MS})
        return
      }
      const effects = this.#store.transaction(() => perform(this.#turn(member, now), frame))`,
      },
    ],
  },
  {
    name: 'a dropped fan-out',
    caughtAs: 'skip',
    edits: [
      {
        file: 'conversation/deliver.ts',
        find: 'if (!session.isLive || session.sent >= page.to) continue',
        replace: 'if (!session.isLive || session.sent >= page.to || page.to % 5 === 0) continue',
      },
    ],
  },
  {
    name: 'no dedupe',
    caughtAs: 'duplicate',
    edits: [
      {
        file: 'conversation/verbs/operation.ts',
        find: 'if (!done) return undefined',
        replace: 'if (!done || done.seq > 0) return undefined',
      },
      NO_UNIQUE_ID,
    ],
  },
  {
    name: 'a 30 s dedupe',
    caughtAs: 'duplicate',
    edits: [
      {
        file: 'conversation/verbs/operation.ts',
        find: 'if (!done) return undefined',
        replace: 'if (!done || Date.now() - done.at > 30_000) return undefined',
      },
      NO_UNIQUE_ID,
    ],
  },
  {
    name: 'seq reuse after delete',
    caughtAs: 'lost write',
    edits: [
      {
        file: 'conversation/store.ts',
        find: 'UPDATE conversation SET head = head + 1',
        replace: `UPDATE conversation SET head = 1 + (SELECT coalesce(max(seq), 0) FROM
      (SELECT seq FROM events UNION ALL SELECT seq FROM messages WHERE deleted_at IS NULL))`,
      },
    ],
  },
  {
    name: 'replay off by one',
    caughtAs: 'skip',
    edits: [
      {
        file: 'conversation/deliver.ts',
        find: '    session.sent = after\n',
        replace: '    session.sent = after + 1\n',
      },
    ],
  },
  {
    name: 'live before caught up',
    caughtAs: 'skip',
    edits: [
      {
        file: 'conversation/deliver.ts',
        find: '    session.sent = after\n    this.catchUp(session)',
        replace: `    session.goLive()
    this.#after(${REPLAY_TIMER_MS}, () => {
      session.sent = after
      this.catchUp(session)
    })`,
      },
    ],
  },
  {
    name: 'removal without close',
    caughtAs: 'read after removal',
    edits: [
      {
        file: 'conversation/membership.ts',
        find: "    { do: 'dismiss', userId, code: CLOSE.notMember, reason: isLeaving ? 'you left' : 'you were removed' },\n",
        replace: '',
      },
    ],
  },
  {
    name: 'index write without the rev guard',
    caughtAs: 'stale index',
    weather: LATE_INDEX_WRITE,
    edits: [
      {
        file: 'directory/directory.ts',
        find: `            setWhere: sql\`excluded.rev > \${conversations.rev}\`,\n`,
        replace: '',
      },
    ],
  },
  {
    name: 'outbox row deleted before it was taken',
    caughtAs: 'lost index write',
    edits: [
      {
        file: 'conversation/outbox.ts',
        find: `      const [isIndexed, missed] = await Promise.all([this.#tellIndex(plan), this.#tellInboxes(plan)])
      this.#store.transaction(() => this.#settle(plan, isIndexed, missed))`,
        replace: `      this.#store.transaction(() => this.#settle(plan, plan.index !== undefined, new Set()))
      await Promise.all([this.#tellIndex(plan), this.#tellInboxes(plan)])`,
      },
    ],
  },
]
