/**
 * A person's account. This object decides about it; only who has a name is decided in D1, so a sign-up is
 * `claiming` from before it asks there until it has the answer, and a crash in between is made good by the
 * alarm (outbox.ts) or the next sign-in.
 */
import { hashPassword, isPassword, pretendToCheck } from '../auth/password.ts'
import type { Grant } from '../auth/session-secret.ts'
import { CLAIM_REPAIR_MS, type PatchMeBody, type User } from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'
import { post } from './letters.ts'
import { endAllSessions, startSession } from './sessions.ts'
import type { AccountRow } from './store.ts'
import { attemptSucceeded, beginAttempt } from './throttle.ts'
import type { Turn } from './turn.ts'

/** No username can look like this one, so nobody is taken for a person who left. */
const DELETED = { username: '[deleted]', displayName: 'Deleted user', avatarUrl: null } as const

export type SignUp = {
  user: Pick<User, 'id' | 'username' | 'displayName'>
  password: string
  device: string
  /** Asks the directory for the name: false when it is taken, a throw when there is no answer. */
  claim: (account: AccountRow) => Promise<boolean>
}

/**
 * Makes the account and its first session.
 * @returns undefined when the name is taken: nothing is to be kept
 * @throws Refusal `unavailable` from the directory; the account is then `abandoned`, without its password
 */
export async function signUp(
  turn: Turn,
  { user, password, device, claim }: SignUp,
): Promise<Grant | undefined> {
  const { store, pepper, now } = turn
  const passwordHash = await hashPassword(password, pepper)
  store.open()
  if (store.account()) throw new Refusal('conflict', 'there is such an account')
  const account: AccountRow = {
    state: 'claiming',
    userId: user.id,
    username: user.username,
    displayName: user.displayName,
    avatarUrl: null,
    passwordHash,
    createdAt: now,
    rev: 1,
  }
  store.transaction(() => {
    store.putAccount(account)
    post(store, { kind: 'claim' }, now + CLAIM_REPAIR_MS)
  })
  try {
    if (!(await claim(account))) return undefined
  } catch (error) {
    abandon(turn, account)
    throw error
  }
  activate(turn, account)
  return { user: userOf(account), session: startSession(turn, device) }
}

export function activate({ store }: Turn, account: AccountRow): void {
  store.transaction(() => {
    store.putAccount({ ...account, state: 'active' })
    store.dropOutbox('claim')
  })
}

/** D1 did not answer, which may mean that it took the name: it is told to forget it until it confirms. */
function abandon({ store, now }: Turn, account: AccountRow): void {
  store.transaction(() => {
    store.putAccount({ ...account, state: 'abandoned', passwordHash: '' })
    store.dropOutbox('claim')
    post(store, { kind: 'forget' }, now)
  })
}

/** @throws Refusal `rate_limited` before any work; `bad_credentials` for all else that is wrong */
export async function signIn(
  turn: Turn,
  { password, address, device }: { password: string; address: string; device: string },
): Promise<Grant> {
  await checkPassword(turn, password, address)
  const account = requireAccount(turn)
  return { user: userOf(account), session: startSession(turn, device) }
}

/** The same work and the same answers as {@link signIn} for a name that nobody has. */
export async function refuseSignIn(turn: Turn, password: string, key: string): Promise<never> {
  turn.store.open()
  beginAttempt(turn.store, key, turn.now)
  await pretendToCheck(password, turn.pepper)
  throw badCredentials()
}

/** The new profile, stored; the letters tell it to the directory and to every conversation of the inbox. */
export function changeProfile(turn: Turn, change: PatchMeBody): User {
  const { store, now } = turn
  const account = requireAccount(turn)
  const { displayName = account.displayName, avatarUrl = account.avatarUrl } = change
  if (displayName === account.displayName && avatarUrl === account.avatarUrl) return userOf(account)
  const changed = { ...account, displayName, avatarUrl, rev: account.rev + 1 }
  store.transaction(() => {
    store.putAccount(changed)
    post(store, { kind: 'profile' }, now)
    for (const conversationId of store.inboxIds()) post(store, { kind: 'rename', conversationId }, now)
  })
  return userOf(changed)
}

/** @throws Refusal `rate_limited` before any work; `bad_credentials` where the current one is wrong */
export async function changePassword(
  turn: Turn,
  { sessionId, current, next }: { sessionId: string; current: string; next: string },
): Promise<void> {
  await checkPassword(turn, current, `session:${sessionId}`)
  const passwordHash = await hashPassword(next, turn.pepper)
  turn.store.putAccount({ ...requireAccount(turn), passwordHash })
}

/**
 * Ends the account: sessions, name, password and profile are gone at once; a tombstone with the id stays to
 * tell conversations, also those that are heard of only later.
 */
export async function deleteAccount(turn: Turn, password: string, sessionId: string): Promise<void> {
  const { store, now } = turn
  await checkPassword(turn, password, `session:${sessionId}`)
  const account = requireAccount(turn)
  store.transaction(() => {
    endAllSessions(turn)
    store.putAccount({ ...account, ...DELETED, state: 'deleted', passwordHash: '', rev: account.rev + 1 })
    store.dropOutbox('profile')
    post(store, { kind: 'forget' }, now)
    for (const conversationId of store.inboxIds()) post(store, { kind: 'rename', conversationId }, now)
    store.clearInbox()
    store.saved.clear()
  })
}

/** @throws Refusal `unauthorized` when nobody lives here, or not any more */
export function requireAccount({ store }: Turn): AccountRow {
  const account = store.isOpen() ? store.account() : undefined
  if (account?.state !== 'active') throw new Refusal('unauthorized', 'there is no such account')
  return account
}

export function userOf({ userId, username, displayName, avatarUrl }: AccountRow): User {
  return { id: userId, username, displayName, avatarUrl }
}

/** Throttled by `key`. The attempt is counted first and taken back after, with no gap for parallel guesses. */
async function checkPassword(turn: Turn, password: string, key: string): Promise<void> {
  const { store, pepper } = turn
  const account = store.isOpen() ? store.account() : undefined
  if (!account?.passwordHash) {
    await pretendToCheck(password, pepper)
    throw badCredentials()
  }
  beginAttempt(store, key, turn.now)
  if (!(await isPassword(password, pepper, account.passwordHash))) throw badCredentials()
  attemptSucceeded(store, key)
  // The directory sent somebody here by this name, so the claim that was cut off had succeeded.
  if (account.state === 'claiming') activate(turn, account)
}

function badCredentials(): Refusal {
  return new Refusal('bad_credentials', 'the username or the password is wrong')
}
