import type { InboxRow } from '../../src/protocol/index.ts'
import { ada, grace } from './people.ts'

/** Ada's row for her n-th conversation. */
export function inboxRow(n: number, rev: number, more: Partial<InboxRow> = {}): InboxRow {
  return {
    id: n.toString(16).padStart(64, '0'),
    ...{
      kind: 'direct',
      name: null,
      description: null,
      role: 'member',
      members: [ada, grace],
      memberCount: 2,
    },
    ...{
      lastMessage: null,
      unread: 0,
      mentions: 0,
      readSeq: 0,
      level: 'all',
      archivedAt: null,
      updatedAt: rev,
    },
    ...{ rev, mutedUntil: 0, pinned: false, hidden: false, draft: null },
    ...more,
  }
}
