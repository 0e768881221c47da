import { fold, type Summary, type User } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'

/** The other person of a direct conversation; oneself in a note to self; null in a group. */
export function otherOf(summary: Pick<Summary, 'kind' | 'members'>, meId: string): User | null {
  if (summary.kind !== 'direct') return null
  return summary.members.find((user) => user.id !== meId) ?? summary.members[0] ?? null
}

/** What a conversation is called for the person who looks at it. */
export function conversationName(summary: Summary, meId: string): string {
  const other = otherOf(summary, meId)
  if (other) return other.id === meId ? t().noteToSelf(other.displayName) : other.displayName
  return summary.name ?? t().deletedPerson
}

/** Whether a person or conversation fits what was typed, without regard to case and accents. */
export function isMatch(query: string, ...names: (string | null | undefined)[]): boolean {
  const wanted = fold(query.trim().replace(/^@/, ''))
  return names.some((name) => name && fold(name).includes(wanted))
}
