/** The life of a session: how it ends, and whom that is told to. Its secrets: session-rotation.test.ts. */
import { beforeEach, describe, expect, it } from 'vitest'
import { SESSION_IDLE_MS, SESSION_MAX_MS, SESSION_SEEN_MS, SESSIONS_MAX } from '../../src/protocol/index.ts'
import { isStanding, registerSocket, startSession, useSession } from '../../src/user/sessions.ts'
import { claimOf, clock, inObject, T0 } from '../support/worker/session-clock.ts'

beforeEach(() => {
  clock.now = T0
})

describe('the life of a session', () => {
  it('ends after a week without use', () =>
    inObject((turn) => {
      const held = startSession(turn(), 'laptop')
      expect(held.expiresAt).toBe(T0 + SESSION_IDLE_MS)
      clock.now = held.expiresAt
      expect(useSession(turn(), claimOf(held), true)).toBeUndefined()
      expect(turn().store.session(held.id)).toBeUndefined()
    }))

  it('ends after a month, however much it is used', () =>
    inObject((turn) => {
      let held = startSession(turn(), 'laptop')
      while (clock.now < T0 + SESSION_MAX_MS - SESSION_IDLE_MS / 2) {
        clock.now += SESSION_IDLE_MS / 2
        held = useSession(turn(), claimOf(held), true) ?? held
      }
      expect(held.expiresAt).toBe(T0 + SESSION_MAX_MS)
      clock.now = held.expiresAt
      expect(isStanding(turn(), held.id)).toBe(false)
    }))

  it('writes its last use at most every ten minutes', () =>
    inObject((turn) => {
      const held = startSession(turn(), 'laptop')
      const { meter } = turn().store.sql
      const before = meter.rowsWritten
      for (let minute = 0; minute < 10; minute += 1) {
        clock.now = T0 + minute * 60_000
        useSession(turn(), claimOf(held), true)
      }
      expect(meter.rowsWritten).toBe(before)
      clock.now = T0 + SESSION_SEEN_MS
      useSession(turn(), claimOf(held), true)
      expect(meter.rowsWritten).toBe(before + 1)
    }))

  it('gives way when there are too many: the longest unused one goes', () =>
    inObject((turn) => {
      const all = Array.from({ length: SESSIONS_MAX + 1 }, () => {
        clock.now += 1
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
      clock.now += SESSION_IDLE_MS
      expect(registerSocket(turn(), held.id, 'cc')).toBe(false)
      const letters = store.dueOutbox(clock.now, 10).map((row) => JSON.parse(row.payload))
      expect(letters).toEqual(
        ['aa', 'bb'].map((conversationId) => ({ kind: 'end', sessionId: held.id, conversationId })),
      )
    }))
})
