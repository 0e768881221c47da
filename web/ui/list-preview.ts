/** The second line of a row in the list. What needs the person most comes first (CL-4). */
import { type AttachmentPreview, excerpt, type InboxRow, PREVIEW_MAX } from '../../src/protocol/index.ts'
import { withoutMarks } from './plain-text.ts'

export type ListPreview =
  | { kind: 'unsent'; count: number }
  | { kind: 'typing'; names: readonly string[] }
  | { kind: 'draft'; text: string }
  /** `from`: null for the other person of a direct conversation, who needs no name. */
  | { kind: 'message'; from: 'me' | string | null; text: string }
  | { kind: 'attachment'; from: 'me' | string | null; attachment: AttachmentPreview }
  | { kind: 'empty' }

export function listPreview(input: {
  row: InboxRow
  meId: string
  unsent: number
  typing: readonly string[]
  draft: string | undefined
  isOpen: boolean
}): ListPreview {
  const { row, meId, unsent, typing, draft, isOpen } = input
  if (unsent > 0) return { kind: 'unsent', count: unsent }
  if (typing.length > 0) return { kind: 'typing', names: typing }
  // What is being typed in the open conversation stands in its composer already.
  if (draft && !isOpen) return { kind: 'draft', text: excerpt(draft, PREVIEW_MAX) }
  const last = row.lastMessage
  if (last === null) return { kind: 'empty' }
  const from = fromWhom(row, last.authorId, meId)
  // Words say more than "Photo" does.
  if (last.preview === '' && last.attachment) {
    return { kind: 'attachment', from, attachment: last.attachment }
  }
  return { kind: 'message', from, text: withoutMarks(last.preview) }
}

function fromWhom(row: InboxRow, authorId: string, meId: string): 'me' | string | null {
  if (authorId === meId) return 'me'
  const author = row.members.find((user) => user.id === authorId)
  return row.kind === 'direct' ? null : (author?.displayName ?? null)
}
