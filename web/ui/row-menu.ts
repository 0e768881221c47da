/** The menu of a row in the list (CL-8): what can be done with a conversation without opening it. */
import type { InboxRow, Level, PutPreferencesBody } from '../../src/protocol/index.ts'
import { api } from '../state/api.ts'
import { forgetReadHere, isHeldUnread, open } from '../state/conversations.ts'
import { t } from '../state/i18n.ts'
import { putRow } from '../state/inbox.ts'
import { isMuted } from '../state/list-rows.ts'
import { isMarkedByHand } from '../state/marked-unread.ts'
import { ask } from '../state/question.ts'
import { showToast } from '../state/toasts.ts'
import { Explained, errorText, isCode } from './error-text.ts'
import type { MenuItem } from './Menu.tsx'

const HOUR_MS = 3_600_000

/** "Until I turn it on": later than any clock will say. */
export const MUTED_FOR_GOOD = Number.MAX_SAFE_INTEGER

type Context = { meId: string; now: number; name: string; onLeft: () => void }

export function rowActions(row: InboxRow, { meId, now, name, onLeft }: Context): MenuItem[] {
  const text = t()
  const change = (preferences: PutPreferencesBody) => void setPreferences(row, preferences)
  const mute = (label: string, mutedUntil: number): MenuItem => ({
    kind: 'action',
    label,
    icon: 'bell-off',
    run: () => change({ mutedUntil }),
  })
  const notify = (level: Level): MenuItem => ({
    kind: 'choice',
    label: text.levels[level],
    isChosen: row.level === level,
    run: () => change({ level }),
  })
  const isUnread = row.unread > 0 || isMarkedByHand(row)
  const reading: MenuItem[] = isUnread
    ? [{ kind: 'action', label: text.markRead, icon: 'mail-open', run: () => void markRead(row) }]
    : row.lastMessage
      ? [{ kind: 'action', label: text.markUnread, icon: 'mail', run: () => void markUnread(row) }]
      : []
  return [
    row.pinned
      ? { kind: 'action', label: text.unpin, icon: 'pin-off', run: () => change({ pinned: false }) }
      : { kind: 'action', label: text.pin, icon: 'pin', run: () => change({ pinned: true }) },
    ...reading,
    { kind: 'action', label: text.hide, icon: 'eye-off', run: () => change({ hidden: true }) },
    { kind: 'heading', label: text.mute },
    ...(isMuted(row, now)
      ? [
          {
            kind: 'action',
            label: text.unmute,
            icon: 'bell',
            run: () => change({ mutedUntil: null }),
          } as const,
        ]
      : [
          mute(text.muteHours(1), now + HOUR_MS),
          mute(text.muteHours(8), now + 8 * HOUR_MS),
          mute(text.muteForGood, MUTED_FOR_GOOD),
        ]),
    { kind: 'heading', label: text.notify },
    notify('all'),
    notify('mentions'),
    notify('none'),
    ...(row.kind === 'direct'
      ? []
      : [{ kind: 'heading', label: name } as const, leaveItem(row, meId, name, onLeft)]),
  ]
}

/** Shows at once; where the server says no, what was there comes back. */
async function setPreferences(row: InboxRow, change: PutPreferencesBody): Promise<void> {
  const { level = row.level, mutedUntil = row.mutedUntil, pinned = row.pinned, hidden = row.hidden } = change
  putRow({ ...row, level, mutedUntil: mutedUntil ?? 0, pinned, hidden })
  try {
    await api.setPreferences(row.id, change)
    if (hidden && !row.hidden) {
      showToast({
        text: t().hidden,
        action: { label: t().undo, run: () => void setPreferences({ ...row, hidden }, { hidden: false }) },
      })
    }
  } catch (error) {
    putRow(row)
    showToast({ text: errorText(error), isError: true })
  }
}

async function markRead(row: InboxRow): Promise<void> {
  if (open.value?.id === row.id) isHeldUnread.value = false
  await orToast(api.read(row.id, row.lastMessage?.seq ?? row.readSeq, true))
}

async function markUnread(row: InboxRow): Promise<void> {
  const from = row.lastMessage?.seq
  if (from === undefined) return
  if (open.value?.id === row.id) isHeldUnread.value = true
  await markUnreadFrom(row, from)
}

/** Marks as unread from a message on, for oneself alone. */
export async function markUnreadFrom(row: InboxRow, seq: number): Promise<void> {
  forgetReadHere(row.id)
  await orToast(api.markUnread(row.id, seq))
}

function leaveItem(row: InboxRow, meId: string, name: string, onLeft: () => void): MenuItem {
  const run = () =>
    ask({
      title: t().leaveGroup(name),
      lead: t().leaveLead,
      confirm: t().leave,
      isDanger: true,
      run: async () => {
        await api.removeMember(row.id, meId).catch((error: unknown) => {
          if (isCode(error, 'conflict')) throw new Explained(t().lastOwner)
          throw error
        })
        onLeft()
      },
    })
  return { kind: 'action', label: t().leave, icon: 'log-out', isDanger: true, run }
}

async function orToast(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => showToast({ text: errorText(error), isError: true }))
}
