/** What the message search knows. Pure: answers name the query that they are for, and late ones change nothing. */
import type { AcrossState } from '../../src/client/search-across.ts'
import type { SearchHit } from '../../src/client/search-hit.ts'
import type { Message, SearchAnswer } from '../../src/protocol/index.ts'

/** Nobody is asked while somebody types. */
export const SEARCH_AFTER_MS = 300

/** A search as the panel shows it, wherever it looks. */
export type MessageSearch = Pick<SearchState, 'q' | 'phase' | 'hasOlder' | 'error'> & {
  /** Newest first. While a new query loads, those of the one before. */
  hits: readonly SearchHit[]
  /** How far the conversations have been asked; null where it is one. */
  progress: Omit<AcrossState, 'hits'> | null
  /** There is no network: these are among the messages that this device holds. */
  isOnDevice: boolean
  more: () => void
  retry: () => void
}

export type SearchState = {
  /** What was asked for; empty: nothing yet. */
  q: string
  phase: 'hint' | 'loading' | 'done' | 'failed' | 'loading_more' | 'more_failed'
  /** Newest first. While a new query loads, those of the one before. */
  hits: readonly Message[]
  hasOlder: boolean
  error: unknown
}

export type SearchStep =
  | { kind: 'asked'; q: string }
  | { kind: 'asked_more' }
  | { kind: 'answered'; q: string; answer: SearchAnswer }
  | { kind: 'failed'; q: string; error: unknown }

export const NOTHING_ASKED: SearchState = {
  q: '',
  phase: 'hint',
  hits: [],
  hasOlder: false,
  error: null,
}

export function searchAfter(state: SearchState, step: SearchStep): SearchState {
  switch (step.kind) {
    case 'asked':
      return step.q === '' ? NOTHING_ASKED : { ...state, q: step.q, phase: 'loading', error: null }
    case 'asked_more':
      return isPaging(state) ? { ...state, phase: 'loading_more', error: null } : state
    case 'answered':
      return step.q === state.q ? withAnswer(state, step.answer) : state
    case 'failed':
      if (step.q !== state.q) return state
      if (state.phase === 'loading_more') return { ...state, phase: 'more_failed', error: step.error }
      return { ...state, phase: 'failed', hits: [], hasOlder: false, error: step.error }
  }
}

function isPaging({ phase, hasOlder }: SearchState): boolean {
  return hasOlder && (phase === 'done' || phase === 'more_failed')
}

function withAnswer(state: SearchState, { messages, hasOlder }: SearchAnswer): SearchState {
  if (state.phase === 'loading') return { ...state, phase: 'done', hits: messages, hasOlder }
  if (state.phase !== 'loading_more') return state
  const oldest = state.hits.at(-1)?.seq ?? Number.POSITIVE_INFINITY
  const older = messages.filter(({ seq }) => seq < oldest)
  return { ...state, phase: 'done', hits: [...state.hits, ...older], hasOlder }
}
