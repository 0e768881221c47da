/** The life of a session: how it ends, and whom that is told to. Its secrets: session-rotation.test.ts. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Grant } from '../../src/auth/session-secret.ts'
import { SESSION_IDLE_MS, SESSION_MAX_MS, SESSION_SEEN_MS, SESSIONS_MAX } from '../../src/protocol/index.ts'
import { durableSql } from '../../src/sqlite/sql.ts'
import { isStanding, registerSocket, startSession, useSession } from '../../src/user/sessions.ts'
import { personStore } from '../../src/user/store.ts'
import type { Turn } from '../../src/user/turn.ts'
import { unique } from '../support/worker/people.ts'

const T0 = Date.UTC(2026, 10, 1)
let clock = T0
beforeEach(() => {
  clock = T0
})

/** Runs in an object's real storage, with a clock that the test moves. */
function inObject<T>(work: (turn: () => Turn) => T): Promise<T> {
  return runInDurableObject(env.USERS.getByName(unique('sessions')), (_, state) => {
    const store = personStore(durableSql(state.storage))
    store.open()
    return work(() => ({ store, pepper: env.AUTH_PEPPER, now: clock }))
  })
}

type Held = Grant['session']
const claimOf = ({ id, generation, secret }: Held) => ({ sessionId: id, generation, secret })

describe('the life of a session', () => {
  it('ends after a week without use', () =>
    inObject((turn) => {
      const held = startSession(turn(), 'laptop')
      expect(held.expiresAt).toBe(T0 + SESSION_IDLE_MS)
      clock = held.expiresAt
      expect(useSession(turn(), claimOf(held), true)).toBeUndefined()
      expect(turn().store.session(held.id)).toBeUndefined()
    }))

  it('ends after a month, however much it is used', () =>
    inObject((turn) => {
      let held = startSession(turn(), 'laptop')
      while (clock < T0 + SESSION_MAX_MS - SESSION_IDLE_MS / 2) {
        clock += SESSION_IDLE_MS / 2
        held = useSession(turn(), claimOf(held), true) ?? held
      }
      expect(held.expiresAt).toBe(T0 + SESSION_MAX_MS)
      clock = held.expiresAt
      expect(isStanding(turn(), held.id)).toBe(false)
    }))

  it('writes its last use at most every ten minutes', () =>
    inObject((turn) => {
      const held = startSession(turn(), 'laptop')
      const { meter } = turn().store.sql
      const before = meter.rowsWritten
      for (let minute = 0; minute < 10; minute += 1) {
        clock = T0 + minute * 60_000
        useSession(turn(), claimOf(held), true)
      }
      expect(meter.rowsWritten).toBe(before)
      clock = T0 + SESSION_SEEN_MS
      useSession(turn(), claimOf(held), true)
      expect(meter.rowsWritten).toBe(before + 1)
    }))

  it('gives way when there are too many: the longest unused one goes', () =>
    inObject((turn) => {
      const all = Array.from({ length: SESSIONS_MAX + 1 }, () => {
        clock += 1
        return startSession(turn(), 'laptop')
      })
      expect(all.map(({ id }) => isStanding(turn(), id))).toEqual([false, ...Array(SESSIONS_MAX).fill(true)])
    }))

  it('G6 remembers each conversation to tell once, and leaves a letter for it at the end', () =>
    inObject((turn) => {
      const held = startSession(turn(), 'laptop')
      const { store } = turn()
      expect(registerSocket(turn(), held.id, 'aa')).toBe(true)
      const written = store.sql.meter.rowsWritten
      expect(registerSocket(turn(), held.id, 'aa')).toBe(true)
      expect(store.sql.meter.rowsWritten).toBe(written)
      registerSocket(turn(), held.id, 'bb')
      clock += SESSION_IDLE_MS
      expect(registerSocket(turn(), held.id, 'cc')).toBe(false)
      const letters = store.dueOutbox(clock, 10).map((row) => JSON.parse(row.payload))
      expect(letters).toEqual(
        ['aa', 'bb'].map((conversationId) => ({ kind: 'end', sessionId: held.id, conversationId })),
      )
    }))
})
