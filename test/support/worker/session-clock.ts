/** Sessions in an object's real storage, by a clock that the test moves. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { Grant } from '../../../src/auth/session-secret.ts'
import { durableSql } from '../../../src/sqlite/sql.ts'
import { personStore } from '../../../src/user/store.ts'
import type { Turn } from '../../../src/user/turn.ts'
import { unique } from './people.ts'

export const T0 = Date.UTC(2026, 10, 1)

/** What time it is: a test adds to it, and sets it back to T0 before the next. */
export const clock = { now: T0 }

export type Held = Grant['session']

/** Runs in the object of somebody new; each turn is of the clock's time. */
export function inObject<T>(work: (turn: () => Turn) => T): Promise<T> {
  return runInDurableObject(env.USERS.getByName(unique('sessions')), (_, state) => {
    const store = personStore(durableSql(state.storage))
    store.open()
    return work(() => ({ store, pepper: env.AUTH_PEPPER, now: clock.now }))
  })
}

/** What a client claims by the secret that it holds. */
export function claimOf({ id, generation, secret }: Held) {
  return { sessionId: id, generation, secret }
}
