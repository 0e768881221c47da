import { describe, expect, test } from 'vitest'
import { NOTHING_ASKED, type SearchState, type SearchStep, searchAfter } from '../../web/ui/search-state.ts'
import { grace, message } from './web-stage.tsx'

const said = (...seqs: number[]) => seqs.map((seq) => message(seq, grace.id, seq))
const stateAfter = (...steps: SearchStep[]): SearchState => steps.reduce(searchAfter, NOTHING_ASKED)
const seqsOf = (state: SearchState) => state.hits.map(({ seq }) => seq)
const tea: SearchStep = { kind: 'asked', q: 'tea' }
const teaFound: SearchStep = { kind: 'answered', q: 'tea', answer: { messages: said(9, 7), hasOlder: true } }

describe('SE-3 the states of a search', () => {
  test('SE-3 hint, loading, done', () => {
    expect(NOTHING_ASKED.phase).toBe('hint')
    expect(stateAfter(tea).phase).toBe('loading')
    const state = stateAfter(tea, teaFound)
    expect(state).toMatchObject({ phase: 'done', hasOlder: true })
    expect(seqsOf(state)).toEqual([9, 7])
  })

  test('SE-3 an answer or failure that comes late changes nothing', () => {
    const state = stateAfter(tea, { kind: 'asked', q: 'teapot' })
    expect(searchAfter(state, teaFound)).toBe(state)
    expect(searchAfter(state, { kind: 'failed', q: 'tea', error: new Error('late') })).toBe(state)
    const none = stateAfter(tea, { kind: 'asked', q: '' })
    expect(searchAfter(none, teaFound)).toBe(none)
    expect(none).toBe(NOTHING_ASKED)
  })

  test('SE-3 an answer is taken once', () => {
    const state = stateAfter(tea, teaFound)
    expect(searchAfter(state, teaFound)).toBe(state)
  })

  test('SE-3 a failure leaves no hits behind that answer something else; asking again clears it', () => {
    const error = new Error('no way')
    const failed = stateAfter(
      tea,
      teaFound,
      { kind: 'asked', q: 'cake' },
      { kind: 'failed', q: 'cake', error },
    )
    expect(failed).toMatchObject({ phase: 'failed', hits: [], hasOlder: false, error })
    expect(searchAfter(failed, { kind: 'asked', q: 'cake' })).toMatchObject({ phase: 'loading', error: null })
  })

  test('M21 the next page joins below, without what was there already', () => {
    const answer = { messages: said(7, 4), hasOlder: false }
    const state = stateAfter(tea, teaFound, { kind: 'asked_more' }, { kind: 'answered', q: 'tea', answer })
    expect(seqsOf(state)).toEqual([9, 7, 4])
    expect(state).toMatchObject({ phase: 'done', hasOlder: false })
    expect(searchAfter(state, { kind: 'asked_more' })).toBe(state)
  })

  test('M21 a page that fails keeps what is there, and can be asked for again', () => {
    const error = new Error('no way')
    const state = stateAfter(tea, teaFound, { kind: 'asked_more' }, { kind: 'failed', q: 'tea', error })
    expect(state).toMatchObject({ phase: 'more_failed', error, hasOlder: true })
    expect(seqsOf(state)).toEqual([9, 7])
    expect(searchAfter(state, { kind: 'asked_more' }).phase).toBe('loading_more')
  })
})
