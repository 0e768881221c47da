import type { Presence } from '../../src/client/inbox.ts'
import { t } from '../state/i18n.ts'
import { lastSeen } from './dates.ts'

/** PR-2: "Online", "Away", "Busy", "Last seen 5 min ago"; null where nothing is known, or shown. */
export function presenceText(presence: Presence | undefined, now: number, locale: string): string | null {
  if (!presence) return null
  if (presence.status !== 'offline') return t().statuses[presence.status]
  return presence.lastSeenAt === undefined ? null : t().lastSeen(lastSeen(presence.lastSeenAt, now, locale))
}
