import type { User } from '../protocol/index.ts'
import type { Effect } from './effects.ts'
import { SUMMARY } from './outbox-keys.ts'
import { HIDES } from './rows.ts'
import type { Store } from './store.ts'

/** What a person lets others see; true where they do. */
export type Privacy = { receipts: boolean; typing: boolean; presence: boolean }

/**
 * Keeps what a member hides as the person's own object has it. Who is seen here stops being seen at once, and
 * stops seeing: otherwise each screen would go on showing what it heard last.
 * @param present who has a socket here; asked only where something changed
 */
export function changePrivacy(
  store: Store,
  userId: string,
  privacy: Privacy,
  present: () => string[],
): Effect[] {
  const member = store.member(userId)
  const hides =
    (privacy.receipts ? 0 : HIDES.receipts) |
    (privacy.typing ? 0 : HIDES.typing) |
    (privacy.presence ? 0 : HIDES.presence)
  if (!member || member.hides === hides) return []
  store.setHides(userId, hides)
  const isPresenceChanged = ((member.hides ^ hides) & HIDES.presence) !== 0
  return isPresenceChanged ? presenceEffects(store, userId, privacy.presence, present()) : []
}

function presenceEffects(store: Store, userId: string, isShown: boolean, present: string[]): Effect[] {
  const status = isShown ? 'online' : 'offline'
  const hiding = store.membersHiding(HIDES.presence)
  const others = present.filter((each) => each !== userId && !hiding.has(each))
  const toThem: Effect[] = present.includes(userId)
    ? [{ do: 'tell', frame: { type: 'presence', userId, status }, about: 'presence', except: userId }]
    : []
  const toMe = others.map(
    (other): Effect => ({ do: 'tellOwn', userId, frame: { type: 'presence', userId: other, status } }),
  )
  return [...toThem, ...toMe]
}

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
  if (store.outbox.put(SUMMARY, now)) effects.push({ do: 'wake', at: now })
  return effects
}
