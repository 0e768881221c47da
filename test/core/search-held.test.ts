/** What a device finds by itself is what the server would find among the same messages (SE-3). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HeldTimeline } from '../../src/client/kept-timeline.ts'
import { searchHeld } from '../../src/client/search-held.ts'
import { messagesPage } from '../../src/conversation/http.ts'
import { askedFor } from '../../src/conversation/search.ts'
import type { Message } from '../../src/protocol/index.ts'
import { Bench } from '../support/conversation.ts'
import { message } from '../support/messages.ts'
import { ada, alan, grace, uuid } from '../support/people.ts'

const people = [ada, grace, alan]
const members = people.map((user) => ({ user, role: 'member' as const }))

function find(messages: Message[], q: string, conversationId = 'one', more: HeldTimeline[] = []) {
  const held = [{ conversationId, members, messages }, ...more]
  const rest = () => Promise.resolve()
  return searchHeld(held, q, { signal: new AbortController().signal, rest })
}

const seqs = async (messages: Message[], q: string) => (await find(messages, q)).map((hit) => hit.message.seq)

describe('SE-3 searching what is held', () => {
  const korean = [
    message(1, { text: '내일 점심회의는 어디서 하나요?' }),
    message(2, { text: '회사에서 만나요' }),
  ]

  it.each([
    ['점심', [1]],
    ['회의', [1]],
    ['심회', [1]],
    ['만나요', [2]],
    ['점심 만나', []],
    ['심점', []],
    ['', []],
  ])('Q1 finds Korean wherever two syllables of it stand: %j', async (q, found) => {
    expect(await seqs(korean, q)).toEqual(found)
  })

  it('Q3 finds nothing that was deleted, and everything newest first, over all conversations', async () => {
    const mine = [message(1, { text: 'tea', createdAt: 10 }), message(2, { text: 'tea', createdAt: 30 })]
    const gone = message(3, { text: '', createdAt: 40, deletedAt: 50 })
    const other = { conversationId: 'two', members, messages: [message(7, { text: 'Tea!', createdAt: 20 })] }
    const hits = await find([...mine, gone], 'tea', 'one', [other])
    expect(hits.map((hit) => [hit.conversationId, hit.message.seq])).toEqual([
      ['one', 2],
      ['two', 7],
      ['one', 1],
    ])
    expect(await seqs([gone], 'after:1970-01-01')).toEqual([])
  })

  it('gives up when nobody wants it any more', async () => {
    const stopping = new AbortController()
    const held = [1, 2].map((n) => ({
      conversationId: `${n}`,
      members,
      messages: [message(n, { text: 'tea' })],
    }))
    const rest = async () => stopping.abort()
    expect(await searchHeld(held, 'tea', { signal: stopping.signal, rest })).toEqual([])
  })
})

it('Q1 Q2 finds the same as the index of the server', async () => {
  const word = fc.constantFrom(
    ...[
      'tea',
      'Teapot',
      'Zoë',
      'ＡＢＣ',
      'abcd',
      '안녕',
      '안녕하세요',
      '세요',
      '녕',
      '東京',
      '東京都',
      '京',
      'v2',
      '출시v2',
    ],
    ...['https://a.example', 'HTTP://B.example', '100%', "it's", 'a-b', '🙂', 'カタカナー', 'मराठी'],
  )
  const filter = fc.constantFrom(
    ...['from:@grace', 'from:ada', 'from:nobody', 'has:link', 'has:file', 'has:image'],
    ...[
      'before:2027-01-16',
      'after:2027-01-16',
      'has:nothing',
      'from:',
      'tea"',
      '*',
      'AND',
      'te',
      '안',
      'zo',
    ],
  )
  const file = (name: string, mediaType: string) => [{ id: uuid(1), name, mediaType, size: 1 }]
  const files = fc.constantFrom([], file('tea plan.pdf', 'application/pdf'), file('東京.png', 'image/png'))
  const said = fc.record({
    files,
    by: fc.nat(2),
    words: fc.array(word, { minLength: 1, maxLength: 4 }),
    days: fc.nat(3),
  })
  const query = fc.array(fc.oneof(word, filter), { maxLength: 3 }).map((words) => words.join(' '))
  await fc.assert(
    fc.asyncProperty(fc.array(said, { maxLength: 8 }), query, async (all, q) => {
      const bench = new Bench({ sends10s: 1_000, sends60s: 1_000 })
      for (const [n, { by, words, days, files }] of all.entries()) {
        bench.now += days * 86_400_000
        bench.send(people[by] ?? ada, { text: words.join(' ') })
        bench.store.sql.run('UPDATE messages SET attachments = ? WHERE seq = ?', JSON.stringify(files), n + 1)
      }
      const { store } = bench
      const { messages } = messagesPage(store, {}, 100)
      while (!store.search.step(store.conversation().head));
      const asked = askedFor(q)
      const theirs = asked
        ? store.search.find(asked, store.peopleNamed(asked.from), Number.MAX_SAFE_INTEGER, 100).messages
        : []
      expect(await seqs(messages, q)).toEqual(theirs.map(({ seq }) => seq))
    }),
    { numRuns: 300, seed: 20_261_122 },
  )
})
