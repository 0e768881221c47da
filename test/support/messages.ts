import type { Message } from '../../src/protocol/index.ts'
import { ada, uuid } from './people.ts'

/** A plain text of Ada's, as the n-th event of a log. */
export function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    ...{
      seq,
      id: uuid(seq),
      authorId: ada.id,
      kind: 'text',
      text: `text ${seq}`,
      mentions: [],
      replyTo: null,
    },
    ...{ thread: null, attachments: [], reactions: [], createdAt: seq, editedAt: null, deletedAt: null },
    ...more,
  }
}
