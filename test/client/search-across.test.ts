/** One question to many conversations (SE-3): who is asked when, and what of the answers is shown. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ApiError } from '../../src/client/api.ts'
import { SearchAcross } from '../../src/client/search-across.ts'
import { newestFirst } from '../../src/client/search-hit.ts'
import {
  SEARCH_CONVERSATIONS,
  SEARCH_WANTED,
  SEARCHES_AT_ONCE,
  type SearchAnswer,
} from '../../src/protocol/index.ts'
import { FakeClock, settle } from '../support/fake-clock.ts'
import { seededRandom } from '../support/fake-random.ts'
import { message } from '../support/messages.ts'

type Question = {
  id: string
  before: number | undefined
  answer: (answer: SearchAnswer | Error) => Promise<void>
}

/** A server whose answers a test gives one by one; without a word it holds the messages of `said`. */
type Times = Record<string, number>

function world(
  said: Record<string, number[]>,
  { page = 3, activity = {} as Times, replied = {} as Times } = {},
) {
  const clock = new FakeClock()
  const open: Question[] = []
  const asked: string[] = []
  let most = 0
  const search = (id: string, _q: string, before?: number, signal?: AbortSignal) =>
    new Promise<SearchAnswer>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason))
      const question: Question = {
        id,
        before,
        async answer(answer) {
          open.splice(open.indexOf(question), 1)
          if (answer instanceof Error) reject(answer)
          else resolve(answer)
          await settle()
        },
      }
      asked.push(before === undefined ? id : `${id} before ${before}`)
      open.push(question)
      most = Math.max(most, open.length)
    })
  const across = new SearchAcross({
    q: 'tea',
    conversations: Object.entries(said).map(([id, times]) => ({
      id,
      updatedAt: activity[id] ?? Math.max(0, ...times),
      repliedAt: replied[id],
    })),
    search,
    clock,
    onChange: () => {},
  })
  /** What the server holds: each time is a message's, and its seq. */
  const truth = ({ id, before = Number.POSITIVE_INFINITY }: Question): SearchAnswer => {
    const older = (said[id] ?? []).filter((time) => time < before).sort((a, b) => b - a)
    return { messages: older.slice(0, page).map((time) => message(time)), hasOlder: older.length > page }
  }
  const shown = () => across.state.hits.map((hit) => `${hit.conversationId}${hit.message.seq}`)
  return {
    ...{ across, clock, open, asked, truth, shown, most: () => most },
    question: (id: string) => {
      const found = open.find((each) => each.id === id)
      if (!found) throw new Error(`${id} was not asked`)
      return found
    },
    /** Answers everything, in an order of chance, until nobody asks any more. */
    async run(random = seededRandom(1)) {
      for (let next = open[0]; next; next = open[Math.floor(random() * open.length)]) {
        await next.answer(truth(next))
      }
    },
  }
}

/** `count` conversations, the first with the newest activity, each with one message that fits. */
function many(count: number): Record<string, number[]> {
  return Object.fromEntries(Array.from({ length: count }, (_, n) => [`c${n}.`, [10_000 - n]]))
}

const offline = new ApiError('offline', 'no way')

describe('SE-3 across conversations: asking', () => {
  it(`asks the most recent first, and ${SEARCHES_AT_ONCE} at a time`, async () => {
    const { across, asked, most, run } = world(many(20))
    across.start()
    expect(asked).toEqual([0, 1, 2, 3, 4, 5].map((n) => `c${n}.`))
    await run()
    expect(most()).toBe(SEARCHES_AT_ONCE)
    expect(asked).toHaveLength(20)
    expect(across.state).toMatchObject({
      isBusy: false,
      answered: 20,
      planned: 20,
      total: 20,
      hasMore: false,
    })
  })

  it('a busy thread counts: where the conversation itself is quiet, its newest reply is found all the same', async () => {
    const said = { ...many(30), 'quiet.': [20_000] }
    const quiet = world(said, { activity: { 'quiet.': 1 }, replied: { 'quiet.': 20_000 } })
    quiet.across.start()
    expect(quiet.asked[0]).toBe('quiet.')
    await quiet.run()
    expect(quiet.shown()[0]).toBe('quiet.20000')
  })

  it('says how far it is', async () => {
    const { across, question, truth } = world(many(12))
    across.start()
    expect(across.state).toMatchObject({ isBusy: true, answered: 0, planned: 12 })
    await question('c3.').answer(truth(question('c3.')))
    expect(across.state).toMatchObject({ isBusy: true, answered: 1, planned: 12 })
  })

  it('asks no further than where nothing newer can come', async () => {
    const times = Array.from({ length: SEARCH_WANTED + 1 }, (_, n) => 9_000 + n)
    const { across, asked, question, truth } = world(
      { ...many(0), busy: times, quiet: [10], quieter: [9], quietest: [8], still: [7], mute: [6], last: [5] },
      { page: 100 },
    )
    across.start()
    expect(asked).toHaveLength(SEARCHES_AT_ONCE)
    await question('busy').answer(truth(question('busy')))
    expect(asked).not.toContain('last')
  })

  it(`rests after ${SEARCH_CONVERSATIONS}, and goes on where it is told to`, async () => {
    const said = Object.fromEntries(Object.keys(many(50)).map((id) => [id, [] as number[]]))
    const activity = Object.fromEntries(Object.keys(said).map((id, n) => [id, 1_000 - n]))
    const { across, asked, run } = world(said, { activity })
    across.start()
    await run()
    expect(asked).toHaveLength(SEARCH_CONVERSATIONS)
    expect(across.state).toMatchObject({ isBusy: false, planned: 40, total: 50, hasMore: true })
    across.more()
    await run()
    expect(asked).toHaveLength(50)
    expect(across.state).toMatchObject({ answered: 50, planned: 50, hasMore: false })
  })

  it('waits as long as it is told to, and then asks the same one again', async () => {
    const { across, asked, clock, question, run } = world(many(8))
    across.start()
    await question('c0.').answer(new ApiError('rate_limited', 'slow', 429, { retryAfterMs: 3_000 }))
    await run()
    expect(asked).toHaveLength(SEARCHES_AT_ONCE)
    expect(across.state).toMatchObject({ isBusy: true, failed: 0 })
    await clock.advance(3_000)
    await run()
    expect(asked.filter((id) => id === 'c0.')).toHaveLength(2)
    expect(across.state).toMatchObject({ isBusy: false, answered: 8, failed: 0 })
  })

  it('one that fails is counted, keeps nobody waiting, and can be asked again', async () => {
    const { across, question, run, shown } = world(many(3))
    across.start()
    await question('c1.').answer(new ApiError('internal', 'oh'))
    await run()
    expect(across.state).toMatchObject({ isBusy: false, failed: 1, error: null, answered: 3 })
    expect(shown()).toEqual(['c0.10000', 'c2.9998'])
    across.retry()
    await run()
    expect(across.state.failed).toBe(0)
    expect(shown()).toEqual(['c0.10000', 'c1.9999', 'c2.9998'])
  })

  it('stops where nobody can be reached, and takes it up again', async () => {
    const { across, asked, question, run } = world(many(20))
    across.start()
    for (let n = 0; n < SEARCHES_AT_ONCE; n += 1) await question(`c${n}.`).answer(offline)
    expect(asked).toHaveLength(SEARCHES_AT_ONCE)
    expect(across.state).toMatchObject({ isBusy: false, error: offline, failed: 0 })
    across.retry()
    await run()
    expect(across.state).toMatchObject({ error: null, answered: 20, failed: 0 })
  })

  it('one that this person has left since has nothing, and did not fail', async () => {
    const { across, question, run, shown } = world(many(2))
    across.start()
    await question('c0.').answer(new ApiError('not_found', 'no'))
    await run()
    expect(across.state).toMatchObject({ failed: 0, hasMore: false })
    expect(shown()).toEqual(['c1.9999'])
  })

  it('after stop nothing is asked, and what comes late is dropped', async () => {
    const { across, asked, question, truth, shown } = world(many(20))
    across.start()
    const late = question('c0.')
    across.stop()
    await late.answer(truth(late))
    expect(shown()).toEqual([])
    expect(asked).toHaveLength(SEARCHES_AT_ONCE)
  })
})

describe('SE-3 across conversations: merging', () => {
  it('shows answers as they come, newest first', async () => {
    const { across, question, truth, shown } = world({ a: [50, 20], b: [40, 10], c: [45] })
    across.start()
    await question('b').answer(truth(question('b')))
    expect(shown()).toEqual(['b40', 'b10'])
    await question('a').answer(truth(question('a')))
    await question('c').answer(truth(question('c')))
    expect(shown()).toEqual(['a50', 'c45', 'b40', 'a20', 'b10'])
  })

  it('what was shown stays, also where a busier conversation pushes in between', async () => {
    const { across, question, truth, shown } = world({ a: [90, 80, 70, 60], b: [10] })
    across.start()
    await question('b').answer(truth(question('b')))
    void across.state
    await question('a').answer(truth(question('a')))
    expect(shown()).toEqual(['a90', 'a80', 'a70', 'b10'])
  })

  it('holds back what lies behind a page that is not asked for yet', async () => {
    const { across, question, truth, shown } = world({ a: [90, 80, 70, 60], b: [10] })
    across.start()
    await question('a').answer(truth(question('a')))
    await question('b').answer(truth(question('b')))
    expect(shown()).toEqual(['a90', 'a80', 'a70'])
    await question('a').answer(truth(question('a')))
    expect(shown()).toEqual(['a90', 'a80', 'a70', 'a60', 'b10'])
  })

  it('in the end shows everything there is, once and in order, whatever came first and however often it failed', async () => {
    const conversations = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,2}$/),
      fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { maxLength: 12 }),
      { maxKeys: 60 },
    )
    await fc.assert(
      fc.asyncProperty(conversations, fc.nat(), async (said, seed) => {
        const random = seededRandom(seed)
        const { across, open, truth, most } = world(said)
        const failing = [new ApiError('internal', 'oh'), offline]
        across.start()
        for (let turn = 0; turn < 500; turn += 1) {
          const next = open[Math.floor(random() * open.length)]
          const before = across.state.hits
          const error = random() < 0.1 ? failing[Math.floor(random() * 2)] : undefined
          if (next) await next.answer(error ?? truth(next))
          else if (across.state.failed > 0 || across.state.error) across.retry()
          else if (across.state.hasMore) across.more()
          else break
          const now = across.state.hits
          expect(before.filter((hit) => !now.includes(hit))).toEqual([])
          expect([...now].sort(newestFirst)).toEqual(now)
        }
        expect(most()).toBeLessThanOrEqual(SEARCHES_AT_ONCE)
        const found = across.state.hits.map((hit) => `${hit.conversationId} ${hit.message.seq}`)
        const all = Object.entries(said).flatMap(([id, times]) => times.map((time) => `${id} ${time}`))
        expect([...found].sort()).toEqual([...all].sort())
      }),
      { numRuns: 100, seed: 20_261_122 },
    )
  })
})
