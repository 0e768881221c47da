/** A message where there is one line for it: in quotes, pins and lists. */
import {
  attachmentPreviewOf,
  excerpt,
  type Member,
  type Message,
  PREVIEW_MAX,
} from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { withoutMarks } from './plain-text.ts'

type Words = Pick<Message, 'deletedAt' | 'text' | 'attachments'>

export function authorName(userId: string, members: ReadonlyMap<string, Member>, meId: string): string {
  if (userId === meId) return t().you
  return members.get(userId)?.user.displayName ?? t().deletedPerson
}

/** What it says; of one that is only files, what they are: "Photo", "File: x.pdf" (CL-3). */
export function messageText({ deletedAt, text, attachments }: Words): string {
  if (deletedAt !== null) return t().messageDeleted
  const files = text === '' ? attachmentPreviewOf(attachments) : undefined
  return files ? t().attached(files) : withoutMarks(text)
}

export function messageLine(message: Words): string {
  return excerpt(messageText(message), PREVIEW_MAX)
}
