/** Who may change who belongs here. One table, read by every call that adds, changes or removes a member. */
import { CLOSE, MEMBERS_MAX, type Role, type User } from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'
import type { Effect } from './effects.ts'
import { memberKey, SUMMARY } from './outbox-keys.ts'
import { type MemberRow, toUser } from './rows.ts'
import type { Store } from './store.ts'

export const ROLE_RIGHTS: Record<Role, { canAdd: Role[]; canRemove: Role[]; canSetRole: Role[] }> = {
  owner: {
    canAdd: ['owner', 'admin', 'member', 'guest'],
    canRemove: ['owner', 'admin', 'member', 'guest'],
    canSetRole: ['owner', 'admin', 'member', 'guest'],
  },
  admin: { canAdd: ['member', 'guest'], canRemove: ['member', 'guest'], canSetRole: ['member', 'guest'] },
  member: { canAdd: ['member'], canRemove: [], canSetRole: [] },
  guest: { canAdd: [], canRemove: [], canSetRole: [] },
}

export type MembershipTurn = { store: Store; actor: MemberRow; now: number }

/**
 * Adds someone, or changes their role. Doing it twice changes nothing.
 * Refuses: `conflict` (a direct conversation, a full one, the last owner), `forbidden`, `archived`.
 */
export function putMember(
  { store, actor, now }: MembershipTurn,
  user: User,
  role: Role | undefined,
): Effect[] {
  refuseDirect(store)
  const rights = ROLE_RIGHTS[actor.role]
  const present = store.member(user.id)
  if (present) {
    if (role === undefined || role === present.role) return []
    if (!rights.canSetRole.includes(role) || !rights.canSetRole.includes(present.role)) throw forbidden()
    refuseLastOwner(store, present)
    // Not the profile that came with the call: the directory may be behind what the person has told us.
    store.putMember(toUser(present), role, present.read_seq)
    const event = store.appendEvent({
      kind: 'member.changed',
      at: now,
      by: actor.user_id,
      userId: user.id,
      role,
    })
    return [{ do: 'publish', event }, ...tellIndex(store, user.id, now)]
  }
  const asRole = role ?? 'member'
  if (!rights.canAdd.includes(asRole)) throw forbidden()
  if (store.memberCount() >= MEMBERS_MAX) throw new Refusal('conflict', `at most ${MEMBERS_MAX} members`)
  // Who comes new has read what was said before: an unread badge of years is no welcome.
  store.putMember(user, asRole, store.conversation().head)
  const event = store.appendEvent({ kind: 'member.added', at: now, by: actor.user_id, user, role: asRole })
  return [{ do: 'publish', event }, ...tellIndex(store, user.id, now)]
}

/**
 * Removes someone, or oneself. Their sockets get the removal as their last event, in this very turn (G6).
 * Refuses: `conflict` (a direct conversation, the last owner), `forbidden`, `not_found`.
 */
export function deleteMember({ store, actor, now }: MembershipTurn, userId: string): Effect[] {
  refuseDirect(store)
  const target = store.member(userId)
  const isLeaving = userId === actor.user_id
  if (!target) throw new Refusal('not_found', 'not a member')
  if (!isLeaving && !ROLE_RIGHTS[actor.role].canRemove.includes(target.role)) throw forbidden()
  if (store.memberCount() > 1) refuseLastOwner(store, target)
  store.removeMember(userId, now)
  const event = store.appendEvent({
    kind: 'member.removed',
    at: now,
    by: actor.user_id,
    userId,
    reason: isLeaving ? 'left' : 'removed',
  })
  return [
    { do: 'publish', event },
    { do: 'dismiss', userId, code: CLOSE.notMember, reason: isLeaving ? 'you left' : 'you were removed' },
    ...tellIndex(store, userId, now),
  ]
}

/** A membership changes the person's own row and, through the count, everyone's. */
function tellIndex(store: Store, userId: string, now: number): Effect[] {
  const isNew = [store.outbox.put(memberKey(userId), now), store.outbox.put(SUMMARY, now)].includes(true)
  return isNew ? [{ do: 'wake', at: now }] : []
}

function refuseDirect(store: Store): void {
  const { kind, archived_at } = store.conversation()
  if (kind === 'direct') throw new Refusal('conflict', 'a direct conversation keeps its two members')
  if (archived_at !== null) throw new Refusal('archived', 'the conversation is archived')
}

function refuseLastOwner(store: Store, target: MemberRow): void {
  if (target.role === 'owner' && store.ownerCount() === 1) {
    throw new Refusal('conflict', 'the last owner hands over first')
  }
}

function forbidden(): Refusal {
  return new Refusal('forbidden', 'your role does not allow this')
}
