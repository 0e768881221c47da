/** F25: rotation by confirm-on-use. A lost answer signs nobody out; a copied secret ends the session. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Grant, sessionSecret } from '../../src/auth/session-secret.ts'
import {
  SESSION_GRACE_MS,
  SESSION_IDLE_MS,
  SESSION_MAX_MS,
  SESSION_ROTATE_MS,
  SESSION_SEEN_MS,
  SESSIONS_MAX,
} from '../../src/protocol/index.ts'
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

describe('F25 rotation', () => {
  it('offers the same next secret until it is used, and then only that one counts', () =>
    inObject((turn) => {
      const first = startSession(turn(), 'laptop')
      clock += SESSION_ROTATE_MS - 1
      expect(useSession(turn(), claimOf(first), true)).toMatchObject({ generation: 1, secret: first.secret })
      clock += 1
      const offered = useSession(turn(), claimOf(first), true)
      expect(offered?.generation).toBe(2)
      clock += SESSION_ROTATE_MS
      // The answer was lost: the old one is still current, and the offer is the same.
      expect(useSession(turn(), claimOf(first), true)).toMatchObject({
        generation: 2,
        secret: offered?.secret,
      })
      expect(offered && useSession(turn(), claimOf(offered), true)).toMatchObject({ generation: 2 })
      clock += SESSION_GRACE_MS
      expect(useSession(turn(), claimOf(first), true)).toMatchObject({
        generation: 2,
        secret: offered?.secret,
      })
      expect(isStanding(turn(), first.id)).toBe(true)
    }))

  it('offers nothing where no cookie can be set, but takes what was offered', () =>
    inObject((turn) => {
      const first = startSession(turn(), 'laptop')
      clock += SESSION_ROTATE_MS
      expect(useSession(turn(), claimOf(first), false)).toMatchObject({ generation: 1 })
      expect(turn().store.session(first.id)?.isNextOffered).toBe(0)
      const offered = useSession(turn(), claimOf(first), true)
      expect(useSession(turn(), claimOf(first), false)).toMatchObject({ generation: 1 })
      expect(offered && useSession(turn(), claimOf(offered), false)).toMatchObject({ generation: 2 })
    }))

  it('signs nobody out in 1,000 rounds of lost answers and five tabs at once', () =>
    inObject((turn) => {
      const random = seeded(25)
      let held: Held = startSession(turn(), 'laptop')
      let rotations = 0
      for (let round = 0; round < 1_000; round += 1) {
        clock += Math.floor(random() * 0.6 * SESSION_ROTATE_MS)
        if (clock - T0 > SESSION_MAX_MS - SESSION_ROTATE_MS) {
          held = startSession(turn(), 'laptop')
          clock = T0
          turn().store.putSession({
            ...present(turn().store.session(held.id)),
            createdAt: T0,
            confirmedAt: T0,
            lastSeenAt: T0,
          })
        }
        // Five tabs share one jar: all send what it held when they started, some answers are lost on the way.
        const sent = held
        for (let tab = 0; tab < 5; tab += 1) {
          const answer = useSession(turn(), claimOf(sent), true)
          expect(answer, `round ${round}, tab ${tab}`).toBeDefined()
          if (answer && random() > 0.7) {
            if (answer.generation > held.generation) rotations += 1
            held = answer
          }
          clock += Math.floor(random() * 5_000)
        }
      }
      expect(rotations).toBeGreaterThan(100)
    }))

  it('ends the session when a replaced secret comes back: it was copied', () =>
    inObject((turn) => {
      const stolen = startSession(turn(), 'laptop')
      clock += SESSION_ROTATE_MS
      const next = present(useSession(turn(), claimOf(stolen), true))
      useSession(turn(), claimOf(next), true)
      clock += SESSION_GRACE_MS + 1
      expect(useSession(turn(), claimOf(stolen), true)).toBeUndefined()
      expect(useSession(turn(), claimOf(next), true)).toBeUndefined()
      expect(isStanding(turn(), stolen.id)).toBe(false)
    }))

  it('changes nothing for a secret that is not genuine: nobody can be signed out by guessing', () =>
    inObject((turn) => {
      const held = startSession(turn(), 'laptop')
      const written = turn().store.sql.meter.rowsWritten
      for (const generation of [0, 1, 2, 999]) {
        const claim = { sessionId: held.id, generation, secret: 'A'.repeat(43) }
        expect(useSession(turn(), claim, true)).toBeUndefined()
      }
      expect(turn().store.sql.meter.rowsWritten).toBe(written)
      expect(useSession(turn(), claimOf(held), true)).toBeDefined()
    }))

  it('does not take a next secret that was never offered', () =>
    inObject((turn) => {
      const held = startSession(turn(), 'laptop')
      const next = { sessionId: held.id, generation: 2, secret: sessionSecret(env.AUTH_PEPPER, held.id, 2) }
      expect(useSession(turn(), next, true)).toBeUndefined()
      expect(isStanding(turn(), held.id)).toBe(true)
    }))
})

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

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected a value')
  return value
}

/** mulberry32: the same rounds on every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
