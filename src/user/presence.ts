/**
 * Whether a person is there, and who may know. Read from the sockets whenever somebody asks; written down only
 * when the last one closes, so that being there costs nothing.
 */
import { OFFLINE_AFTER_MS, type PatchPreferencesBody, type PresenceStatus } from '../protocol/index.ts'
import type { InboxSockets } from './inbox-sockets.ts'
import { post } from './letters.ts'
import type { PresenceRow, Store } from './store.ts'
import type { Turn } from './turn.ts'

export type Presence = { status: PresenceStatus; lastSeenAt?: number }
export type Privacy = { receipts: boolean; typing: boolean; presence: boolean }

const UNSET: PresenceRow = {
  chosen: 'online',
  lastSeenAt: 0,
  offlineAt: null,
  showsReceipts: 1,
  showsTyping: 1,
  showsPresence: 1,
}

export function presenceRow(store: Store): PresenceRow {
  return store.presence() ?? UNSET
}

export function privacyOf(store: Store): Privacy {
  const { showsReceipts, showsTyping, showsPresence } = presenceRow(store)
  return { receipts: showsReceipts === 1, typing: showsTyping === 1, presence: showsPresence === 1 }
}

export function hidesAnything(store: Store): boolean {
  return Object.values(privacyOf(store)).includes(false)
}

/** What others may see from now on; the letters tell every conversation. */
export function changePrivacy({ store, now }: Turn, change: PatchPreferencesBody): Privacy {
  return store.transaction(() => {
    const row = presenceRow(store)
    store.putPresence({
      ...row,
      showsReceipts: Number(change.receipts ?? row.showsReceipts === 1),
      showsTyping: Number(change.typing ?? row.showsTyping === 1),
      showsPresence: Number(change.presence ?? row.showsPresence === 1),
    })
    for (const conversationId of store.inboxIds()) post(store, { kind: 'rename', conversationId }, now)
    return privacyOf(store)
  })
}

/** How others see this person now. Who hides it is offline to everyone, since never. */
export function presenceNow(store: Store, sockets: InboxSockets, now: number): Presence {
  const { chosen, lastSeenAt, offlineAt, showsPresence } = presenceRow(store)
  if (showsPresence === 0 || chosen === 'offline') return { status: 'offline' }
  const alive = sockets.alive(now)
  // Just gone may be a reload: nobody flickers for it.
  const isLingering = offlineAt !== null && offlineAt > now
  if (alive.length === 0 && !isLingering) return { status: 'offline', ...seen(store, sockets, lastSeenAt) }
  if (chosen !== 'online') return { status: chosen }
  const isInUse = alive.length === 0 || alive.some((socket) => sockets.of(socket).status === 'online')
  return { status: isInUse ? 'online' : 'away' }
}

/** The last socket closed: remembered, and looked at again when a reload would long be over. */
export function lastSocketClosed(store: Store, now: number): void {
  store.putPresence({ ...presenceRow(store), lastSeenAt: now, offlineAt: now + OFFLINE_AFTER_MS })
}

/** @returns whether the time had come to say that somebody is gone */
export function offlineIsDue(store: Store, now: number): boolean {
  const row = presenceRow(store)
  if (row.offlineAt === null || row.offlineAt > now) return false
  store.putPresence({ ...row, offlineAt: null })
  return true
}

/** The last sign of life: of a socket that died without a word, or what was written down. */
function seen(store: Store, sockets: InboxSockets, writtenAt: number): { lastSeenAt?: number } {
  const lastSeenAt = Math.max(writtenAt, ...sockets.all().map((socket) => sockets.lastSignAt(socket)))
  if (lastSeenAt === 0) return {}
  if (lastSeenAt > writtenAt) store.putPresence({ ...presenceRow(store), lastSeenAt })
  return { lastSeenAt }
}
