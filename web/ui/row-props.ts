import type { InboxRow, User } from '../../src/protocol/index.ts'
import { inboxState, open, unsent } from '../state/conversations.ts'
import { drafts } from '../state/drafts.ts'
import { t } from '../state/i18n.ts'
import { isMarkedByHand } from '../state/marked-unread.ts'
import type { RowProps } from './ConversationRow.tsx'
import { otherOf } from './names.ts'
import { rowMenu } from './open-row-menu.ts'

const NOBODY: readonly string[] = []
/** Conversation id → the name of who types in it: the same array until somebody else does. */
const typists = new Map<string, readonly [string]>()

/** Gathers what a row shows from all that the page knows. Read while drawing the list: it then follows. */
export function rowProps(row: InboxRow, me: User, isOpen: boolean): RowProps {
  const live = isOpen && open.value?.id === row.id ? open.value.state : null
  const other = otherOf(row, me.id)
  const inbox = inboxState.value
  const nameOf = (id: string) => live?.members.get(id)?.user.displayName ?? t().someone
  return {
    row,
    me,
    isOpen,
    isMenuOpen: rowMenu.value?.id === row.id,
    isMarked: isMarkedByHand(row),
    // Nobody is told that they themselves are there.
    presence: other && other.id !== me.id ? inbox?.presence.get(other.id)?.status : undefined,
    // What waits for the network is not a failure; what the server refused is.
    unsent: live
      ? live.pending.filter(({ state }) => state === 'failed').length
      : (unsent.value.get(row.id) ?? 0),
    typing: live ? live.typing.map(nameOf) : typistOf(row, inbox?.typing.get(row.id)),
    draft: drafts.value.get(row.id),
  }
}

export function isSameRow(a: RowProps, b: RowProps): boolean {
  for (const key in a) if (a[key as keyof RowProps] !== b[key as keyof RowProps]) return false
  return true
}

function typistOf(row: InboxRow, userId: string | undefined): readonly string[] {
  if (userId === undefined) return NOBODY
  const name = row.members.find(({ id }) => id === userId)?.displayName ?? t().someone
  const known = typists.get(row.id)
  if (known?.[0] === name) return known
  const next = [name] as const
  typists.set(row.id, next)
  return next
}
