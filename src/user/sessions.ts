/**
 * A person's sessions, and their secrets' rotation: confirm on use. A new secret is offered as often as
 * needed and counts only once it comes back, so a lost answer signs nobody out; one that was replaced and
 * comes back late was copied, and ends the session.
 */
import { type Grant, isGenuine, type SessionClaim, sessionSecret } from '../auth/session-secret.ts'
import {
  SESSION_GRACE_MS,
  SESSION_IDLE_MS,
  SESSION_MAX_MS,
  SESSION_ROTATE_MS,
  SESSION_SEEN_MS,
  SESSIONS_MAX,
  type SessionView,
  uuidv7,
} from '../protocol/index.ts'
import { post } from './letters.ts'
import type { SessionRow } from './store.ts'
import type { Turn } from './turn.ts'

type GrantedSession = Grant['session']

export function startSession(turn: Turn, device: string): GrantedSession {
  const { store, now } = turn
  const row: SessionRow = {
    id: uuidv7(now),
    device,
    createdAt: now,
    lastSeenAt: now,
    generation: 1,
    confirmedAt: now,
    isNextOffered: 0,
  }
  store.transaction(() => {
    const others = store.sessions()
    const surplus = Math.max(0, others.length + 1 - SESSIONS_MAX)
    for (const oldest of others.slice(0, surplus)) endSession(turn, oldest.id)
    store.putSession(row)
  })
  return granted(turn, row, row.generation)
}

/**
 * Accepts a session's secret and hands out the one to use from now on, mostly the same.
 * @param mayRotate false where no cookie can be set on the answer
 * @returns undefined for a session or secret that does not stand; a copied one is ended by the way
 */
export function useSession(turn: Turn, claim: SessionClaim, mayRotate: boolean): GrantedSession | undefined {
  const { store, pepper, now } = turn
  const row = store.session(claim.sessionId)
  if (!row || !isGenuine(pepper, claim)) return undefined
  if (now >= expiresAt(row)) {
    endSession(turn, row.id)
    return undefined
  }
  const steps = row.generation - claim.generation
  if (steps === 0) {
    const used = touch(turn, row, mayRotate)
    return granted(turn, used, mayRotate && used.isNextOffered === 1 ? used.generation + 1 : used.generation)
  }
  if (steps === -1 && row.isNextOffered) {
    const confirmed = {
      ...row,
      generation: claim.generation,
      confirmedAt: now,
      lastSeenAt: now,
      isNextOffered: 0,
    }
    store.putSession(confirmed)
    return granted(turn, confirmed, confirmed.generation)
  }
  if (steps === 1 && now - row.confirmedAt <= SESSION_GRACE_MS) return granted(turn, row, row.generation)
  if (steps > 0) endSession(turn, row.id)
  return undefined
}

/** True while a session stands. Ends it when its time is over. */
export function isStanding(turn: Turn, sessionId: string): boolean {
  const row = turn.store.session(sessionId)
  if (!row) return false
  if (turn.now < expiresAt(row)) return true
  endSession(turn, sessionId)
  return false
}

/** Ends a session at once; the letters make the conversations that hold its sockets close them. */
export function endSession(turn: Turn, sessionId: string): void {
  const { store, now } = turn
  store.transaction(() => {
    for (const conversationId of store.conversationsOfSession(sessionId)) {
      post(store, { kind: 'end', sessionId, conversationId }, now)
    }
    store.deleteSession(sessionId)
  })
}

/** The devices of this person, the last used first. `current`: the one that asks. */
export function listSessions({ store, now }: Turn, current: string): SessionView[] {
  return store
    .sessions()
    .filter((row) => now < expiresAt(row))
    .reverse()
    .map(({ id, device, createdAt, lastSeenAt }) => ({
      id,
      device,
      createdAt,
      lastSeenAt: id === current ? now : lastSeenAt,
      current: id === current,
    }))
}

export function endOtherSessions(turn: Turn, current: string): void {
  for (const { id } of turn.store.sessions()) if (id !== current) endSession(turn, id)
}

export function endAllSessions(turn: Turn): void {
  for (const session of turn.store.sessions()) endSession(turn, session.id)
}

/** Remembers whom to tell when the session ends. @returns whether it stands */
export function registerSocket(turn: Turn, sessionId: string, conversationId: string): boolean {
  if (!isStanding(turn, sessionId)) return false
  turn.store.addSessionConversation(sessionId, conversationId)
  return true
}

/** The row after a use of its current secret: seen, and its next secret offered when it is time. */
function touch({ store, now }: Turn, row: SessionRow, mayRotate: boolean): SessionRow {
  const isRotationDue = mayRotate && now - row.confirmedAt >= SESSION_ROTATE_MS
  const isSeenLate = now - row.lastSeenAt >= SESSION_SEEN_MS
  const used = {
    ...row,
    lastSeenAt: isSeenLate ? now : row.lastSeenAt,
    isNextOffered: isRotationDue ? 1 : row.isNextOffered,
  }
  if (isSeenLate || used.isNextOffered !== row.isNextOffered) store.putSession(used)
  return used
}

function granted({ pepper }: Turn, row: SessionRow, generation: number): GrantedSession {
  return {
    id: row.id,
    generation,
    secret: sessionSecret(pepper, row.id, generation),
    expiresAt: expiresAt(row),
  }
}

function expiresAt(row: SessionRow): number {
  return Math.min(row.lastSeenAt + SESSION_IDLE_MS, row.createdAt + SESSION_MAX_MS)
}
