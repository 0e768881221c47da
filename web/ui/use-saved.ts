import { useEffect, useRef, useState } from 'preact/hooks'
import type { SavedMarks } from '../../src/client/saved.ts'
import type { SavedAnswer, SavedMessage } from '../../src/protocol/index.ts'
import { api } from '../state/api.ts'
import { saved } from '../state/saved.ts'
import { saveMessage } from './save-message.ts'
import { useAction } from './use-action.ts'

export type SavedList = {
  /** Null until the first page has come. */
  rows: readonly SavedMessage[] | null
  hasMore: boolean
  isBusy: boolean
  error: string | null
  /** Loads the first page, or the next. */
  load: () => void
  remove: (row: SavedMessage) => void
}

/** The list of what is saved, page by page. What another tab or device does with it shows here, too. */
export function useSaved(): SavedList {
  const [pages, setPages] = useState<SavedAnswer | null>(null)
  const { isBusy, error, run } = useAction()
  const marks = saved.value
  const before = useRef(marks)

  const loadFirst = () =>
    run(async () => {
      const first = await api.saved()
      setPages((known) => withFirst(first, known))
    })
  const load = () => {
    const next = pages?.next
    if (typeof next !== 'number') return void loadFirst()
    void run(async () => {
      const page = await api.saved(next)
      setPages((known) => known && { saved: [...known.saved, ...page.saved], next: page.next })
    })
  }
  useEffect(() => void loadFirst(), [])
  useEffect(() => {
    const known = before.current
    before.current = marks
    if (known === marks) return
    const isGone = (row: SavedMessage) => isIn(known, row) && !isIn(marks, row)
    setPages((now) => now && { ...now, saved: now.saved.filter((row) => !isGone(row)) })
    if (pages && hasNews(marks, known, pages.saved)) void loadFirst()
  }, [marks])

  const remove = async (row: SavedMessage) => {
    setPages((now) => now && { ...now, saved: now.saved.filter((each) => each !== row) })
    if (!(await saveMessage(row.conversationId, row.seq, false))) void loadFirst()
  }
  return {
    rows: pages?.saved ?? null,
    hasMore: pages !== null && pages.next !== null,
    ...{ isBusy, error, load },
    remove: (row) => void remove(row),
  }
}

/** A first page before what is known: it replaces what it covers, and what lies further back stays. */
function withFirst(first: SavedAnswer, known: SavedAnswer | null): SavedAnswer {
  const last = first.saved.at(-1)
  if (!known || first.next === null || !last) return first
  const older = known.saved.filter((row) => row.savedAt < last.savedAt)
  return older.length > 0 ? { saved: [...first.saved, ...older], next: known.next } : first
}

function isIn(marks: SavedMarks, { conversationId, seq }: { conversationId: string; seq: number }): boolean {
  return marks.get(conversationId)?.has(seq) === true
}

/** Whether something was saved meanwhile that the list does not show. */
function hasNews(marks: SavedMarks, known: SavedMarks, rows: readonly SavedMessage[]): boolean {
  const listed = new Set(rows.map(({ conversationId, seq }) => `${conversationId} ${seq}`))
  for (const [conversationId, seqs] of marks) {
    for (const seq of seqs) {
      const isNew = !isIn(known, { conversationId, seq })
      if (isNew && !listed.has(`${conversationId} ${seq}`)) return true
    }
  }
  return false
}
