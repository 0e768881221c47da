/**
 * F25: rotation by confirm-on-use. A lost answer signs nobody out, however many tabs ask at once; a copied secret
 * ends the session and everything that is open under it.
 *
 * Seen to fail where a replaced secret ends nothing, and where tabs that were late to hear of the next one have no
 * time to come back with theirs.
 */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sessionSecret } from '../../src/auth/session-secret.ts'
import { CLOSE, SESSION_GRACE_MS, SESSION_MAX_MS, SESSION_ROTATE_MS } from '../../src/protocol/index.ts'
import { isStanding, startSession, useSession } from '../../src/user/sessions.ts'
import { seededRandom } from '../support/fake-random.ts'
import { TestInbox } from '../support/worker/inbox-sockets.ts'
import { call, cookieHeader, type Person, person, setCookiesOf, signIn } from '../support/worker/people.ts'
import { claimOf, clock, type Held, inObject, T0 } from '../support/worker/session-clock.ts'
import { group, live } from '../support/worker/sockets.ts'

beforeEach(() => {
  clock.now = T0
})
afterEach(() => {
  vi.useRealTimers()
})

describe('F25 rotation', () => {
  it('offers the same next secret until it is used, and then only that one counts', () =>
    inObject((turn) => {
      const first = startSession(turn(), 'laptop')
      clock.now += SESSION_ROTATE_MS - 1
      expect(useSession(turn(), claimOf(first), true)).toMatchObject({ generation: 1, secret: first.secret })
      clock.now += 1
      const offered = useSession(turn(), claimOf(first), true)
      expect(offered?.generation).toBe(2)
      clock.now += SESSION_ROTATE_MS
      // The answer was lost: the old one is still current, and the offer is the same.
      expect(useSession(turn(), claimOf(first), true)).toMatchObject({
        generation: 2,
        secret: offered?.secret,
      })
      expect(offered && useSession(turn(), claimOf(offered), true)).toMatchObject({ generation: 2 })
      clock.now += SESSION_GRACE_MS
      expect(useSession(turn(), claimOf(first), true)).toMatchObject({
        generation: 2,
        secret: offered?.secret,
      })
      expect(isStanding(turn(), first.id)).toBe(true)
    }))

  it('offers nothing where no cookie can be set, but takes what was offered', () =>
    inObject((turn) => {
      const first = startSession(turn(), 'laptop')
      clock.now += SESSION_ROTATE_MS
      expect(useSession(turn(), claimOf(first), false)).toMatchObject({ generation: 1 })
      expect(turn().store.session(first.id)?.isNextOffered).toBe(0)
      const offered = useSession(turn(), claimOf(first), true)
      expect(useSession(turn(), claimOf(first), false)).toMatchObject({ generation: 1 })
      expect(offered && useSession(turn(), claimOf(offered), false)).toMatchObject({ generation: 2 })
    }))

  it('signs nobody out in 1,000 rounds of lost answers and five tabs at once', () =>
    inObject((turn) => {
      const random = seededRandom(25)
      let held: Held = startSession(turn(), 'laptop')
      let rotations = 0
      for (let round = 0; round < 1_000; round += 1) {
        clock.now += Math.floor(random() * 0.6 * SESSION_ROTATE_MS)
        if (clock.now - T0 > SESSION_MAX_MS - SESSION_ROTATE_MS) {
          held = startSession(turn(), 'laptop')
          clock.now = T0
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
          clock.now += Math.floor(random() * 5_000)
        }
      }
      expect(rotations).toBeGreaterThan(100)
    }))

  it('ends the session when a replaced secret comes back: it was copied', () =>
    inObject((turn) => {
      const stolen = startSession(turn(), 'laptop')
      clock.now += SESSION_ROTATE_MS
      const next = present(useSession(turn(), claimOf(stolen), true))
      useSession(turn(), claimOf(next), true)
      clock.now += SESSION_GRACE_MS + 1
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

describe('F25 through the door', () => {
  it('five tabs at once, half of the answers lost, for a month of rotations: nobody is signed out', async () => {
    const ada = await person('ada')
    const random = seededRandom(25)
    const from = Date.now()
    let held = ada.session
    let rotations = 0
    for (let round = 0; round < 100; round += 1) {
      clock.now = from + round * SESSION_ROTATE_MS * 0.6
      vi.useFakeTimers({ toFake: ['Date'], now: clock.now })
      const headers = { cookie: cookieHeader({ session: held }) }
      const answers = await Promise.all(Array.from({ length: 5 }, () => call('GET', '/api/me', { headers })))
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
      for (const answer of answers) {
        const next = setCookiesOf(answer)['__Host-session']?.value
        if (!next || random() < 0.5) continue
        if (next !== held) rotations += 1
        held = next
      }
    }
    expect(rotations).toBeGreaterThan(20)
  }, 30_000)

  it('G6 a stolen secret that comes back late ends the session, and closes all its sockets within 2 s', async () => {
    const [ada, grace] = [await person('ada'), await person('grace')]
    const { id } = await group(ada, grace)
    const elsewhere = setCookiesOf(await signIn(ada.user.username))['__Host-session']?.value ?? ''
    const stolen = ada.session
    await letPass(ada, SESSION_ROTATE_MS)
    const offered = await used(stolen)
    await used(offered)
    const own = { ...ada, bearer: { cookie: cookieHeader({ session: offered }) } }
    const other = { ...ada, bearer: { cookie: cookieHeader({ session: elsewhere }) } }
    const sockets = [await live(own, id), await live(own, id)]
    const tab = await TestInbox.connect(own)
    const stays = await live(other, id)

    await letPass(ada, SESSION_GRACE_MS + 1_000)
    const thiefAt = performance.now()
    const headers = { cookie: cookieHeader({ session: stolen }) }
    expect((await call('GET', '/api/me', { headers })).status).toBe(401)
    const closed = await Promise.all([...sockets, tab].map(async (socket) => (await socket.closed).code))
    expect(closed).toEqual([CLOSE.sessionEnded, CLOSE.sessionEnded, CLOSE.sessionEnded])
    expect(performance.now() - thiefAt).toBeLessThan(2_000)
    // The owner's copy, the thief's and the next one: the whole family.
    for (const session of [stolen, offered]) {
      const again = { cookie: cookieHeader({ session }) }
      expect((await call('GET', '/api/me', { headers: again })).status).toBe(401)
    }
    await stays.say('this device was not copied')
  })
})

/** Makes the last rotation of somebody's sessions that much older: a clock set forward would hold up the alarms. */
async function letPass({ user }: Person, ms: number): Promise<void> {
  await runInDurableObject(env.USERS.getByName(user.id), (_, state) => {
    state.storage.sql.exec('UPDATE sessions SET confirmed_at = confirmed_at - ?', ms)
  })
}

/** Uses a session's secret. @returns the one to use next */
async function used(session: string): Promise<string> {
  const answer = await call('GET', '/api/me', { headers: { cookie: cookieHeader({ session }) } })
  expect(answer.status).toBe(200)
  return setCookiesOf(answer)['__Host-session']?.value ?? ''
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected a value')
  return value
}
