/**
 * Conversations that were marked as unread by hand: their badge is a dot, because a number would be a lie
 * about what is new (CL-5). Kept on this device; others show the number.
 */
import { signal } from '@preact/signals'
import * as v from 'valibot'
import type { InboxRow } from '../../src/protocol/index.ts'
import { PRIVATE_PREFIX, readStored, writeStored } from './storage.ts'

const KEY = `${PRIVATE_PREFIX}marked-unread`
/** Conversation id → from which seq, and the newest message then. */
const Marks = v.record(v.string(), v.object({ from: v.number(), newest: v.number() }))
type Marks = v.InferOutput<typeof Marks>

const marks = signal<Marks>({})

export function followMarks(): () => void {
  marks.value = read()
  const changed = (event: StorageEvent) => {
    if (event.key === KEY) marks.value = read()
  }
  addEventListener('storage', changed)
  return () => removeEventListener('storage', changed)
}

/** @param from the first message that counts as unread again */
export function markByHand(row: InboxRow, from: number): void {
  put({ ...marks.value, [row.id]: { from, newest: row.lastMessage?.seq ?? 0 } })
}

export function unmark(id: string): void {
  if (!(id in marks.value)) return
  const { [id]: _, ...others } = marks.value
  put(others)
}

/** Until something new is said, or it is read anywhere. */
export function isMarkedByHand(row: InboxRow): boolean {
  const mark = marks.value[row.id]
  return mark !== undefined && row.readSeq < mark.from && (row.lastMessage?.seq ?? 0) <= mark.newest
}

function put(next: Marks): void {
  marks.value = next
  writeStored(KEY, next)
}

function read(): Marks {
  const kept = v.safeParse(Marks, readStored(KEY))
  return kept.success ? kept.output : {}
}
