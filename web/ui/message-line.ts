/** A message where there is one line for it: in quotes, pins and lists. */
import { excerpt, type Member, type Message, PREVIEW_MAX } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { withoutMarks } from './plain-text.ts'

export function authorName(userId: string, members: ReadonlyMap<string, Member>, meId: string): string {
  if (userId === meId) return t().you
  return members.get(userId)?.user.displayName ?? t().deletedPerson
}

/** What it says; of one that is only files, what they are called. */
export function messageLine({
  deletedAt,
  text,
  attachments,
}: Pick<Message, 'deletedAt' | 'text' | 'attachments'>): string {
  if (deletedAt !== null) return t().messageDeleted
  return excerpt(withoutMarks(text) || attachments.map(({ name }) => name).join(', '), PREVIEW_MAX)
}
