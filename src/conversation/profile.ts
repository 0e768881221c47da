import type { User } from '../protocol/index.ts'
import type { Effect } from './effects.ts'
import { SUMMARY } from './outbox-keys.ts'
import type { Store } from './store.ts'

/** Keeps a member's name and picture as the person's own object has them; everyone sees the change live. */
export function changeProfile(store: Store, user: User, now: number): Effect[] {
  const member = store.member(user.id)
  if (!member) return []
  const isSame =
    member.username === user.username &&
    member.display_name === user.displayName &&
    member.avatar_url === user.avatarUrl
  if (isSame) return []
  store.setProfile(user)
  const { id: userId } = user
  const event = store.appendEvent({
    kind: 'member.changed',
    at: now,
    by: userId,
    userId,
    role: member.role,
    user,
  })
  const effects: Effect[] = [{ do: 'publish', event }]
  if (store.putOutbox(SUMMARY, now)) effects.push({ do: 'wake', at: now })
  return effects
}
