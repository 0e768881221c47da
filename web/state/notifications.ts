/** Says what is new outside the page (NO-3): one tab does, for what nobody is looking at. */
import { signal } from '@preact/signals'
import type { InboxRow } from '../../src/protocol/index.ts'
import { chime } from './chime.ts'
import { inboxState } from './conversations.ts'
import { isNewsOf, isReplyNews, noticeFor } from './notice.ts'
import { preferences } from './preferences.ts'
import { privacy } from './privacy.ts'
import { joinTabs } from './tabs.ts'

export type Permission = NotificationPermission | 'unsupported'

/** What the browser lets this page do. */
export const permission = signal<Permission>(readPermission())

/** Only from a click (NO-2): browsers ignore, and people resent, a question that comes by itself. */
export async function askPermission(): Promise<void> {
  if (permission.value === 'unsupported') return
  permission.value = await Notification.requestPermission()
}

type Options = {
  meId: string
  /** What a notification says of a row, or of a reply in one of its threads. */
  words: (row: InboxRow, isReply: boolean) => { title: string; body: string }
  /** A notification was pressed. */
  open: (conversationId: string) => void
}

/** @returns stops it */
export function followNews({ meId, words, open }: Options): () => void {
  const tabs = joinTabs()
  const shown = new Map<string, Notification>()
  let seen: ReadonlyMap<string, InboxRow> | null = null
  let soundedAt = 0

  const tell = async (row: InboxRow, before: InboxRow | undefined) => {
    const isWatched = await tabs.isWatchedAnywhere(row.id)
    const { notifies, sounds } = preferences.value
    const notice = noticeFor({
      ...{ row, before, meId, isWatched, soundedAt },
      now: Date.now(),
      status: privacy.value?.status ?? 'online',
      device: { notifies, sounds, isPermitted: readPermission() === 'granted' },
    })
    if (notice.isHeard) {
      soundedAt = Date.now()
      chime()
    }
    if (notice.isShown) show(row, isReplyNews({ row, before }))
  }

  const show = (row: InboxRow, isReply: boolean) => {
    const { title, body } = words(row, isReply)
    try {
      // The same tag replaces the one before: a conversation has one notification, however much is said.
      const notification = new Notification(title, { body, tag: row.id, icon: '/favicon.svg', silent: true })
      notification.onclick = () => {
        focus()
        open(row.id)
        notification.close()
      }
      shown.set(row.id, notification)
    } catch {
      // Android's Chrome notifies only through a service worker.
    }
  }

  const unsubscribe = inboxState.subscribe((inbox) => {
    // What came while nobody was connected is in the badges already: a reload must not ring for it.
    if (!inbox || (seen === null && inbox.connection.phase !== 'live')) return
    const before = seen
    seen = inbox.rows
    if (before === null || before === seen) return
    for (const row of seen.values()) {
      const known = before.get(row.id)
      if (known === row) continue
      if (row.unread === 0) close(row.id)
      if (tabs.isSpeaker() && isNewsOf({ row, before: known, meId })) void tell(row, known)
    }
  })
  const close = (id: string) => {
    shown.get(id)?.close()
    shown.delete(id)
  }

  return () => {
    unsubscribe()
    for (const id of [...shown.keys()]) close(id)
    tabs.leave()
  }
}

function readPermission(): Permission {
  return 'Notification' in globalThis ? Notification.permission : 'unsupported'
}
