import { RECEIPTS_MEMBERS_MAX } from '../../protocol/index.ts'
import type { Effect } from '../effects.ts'
import { inboxKey } from '../outbox-keys.ts'
import { HIDES } from '../rows.ts'
import { quietUpTo, readThreads } from './thread.ts'
import type { Turn } from './turn.ts'

/** Up to where this member has read: a maximum, which never goes back and never passes the head. */
export function read(turn: Turn, frame: { seq: number; threads?: boolean | undefined }): Effect[] {
  const { store, member, now } = turn
  const seq = Math.min(frame.seq, store.conversation().head)
  const inThreads = frame.threads ? readThreads(turn) : undefined
  if (seq <= member.read_seq && member.unread_from === null && !inThreads) return []
  store.setRead(member.user_id, seq, quietUpTo(turn))
  const effects: Effect[] = inThreads ?? []
  if (store.outbox.put(inboxKey(member.user_id), now)) effects.push({ do: 'wake', at: now })
  const mark = { type: 'read', userId: member.user_id, seq: Math.max(seq, member.read_seq) } as const
  const isShown = (member.hides & HIDES.receipts) === 0 && !store.isLargerThan(RECEIPTS_MEMBERS_MAX)
  if (isShown) effects.push({ do: 'tell', frame: mark, about: 'receipts', except: member.user_id })
  effects.push({ do: 'tellOwn', userId: member.user_id, frame: mark })
  return effects
}
