/** Finding what was said: in the conversation's own SQLite, the moment it is acked, in any script. */
import { runInDurableObject } from 'cloudflare:test'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Message, type Summary, uuidv7 } from '../../src/protocol/index.ts'
import { call, type Person, person } from '../support/worker/people.ts'
import { group, live, objectOf, type TestSocket } from '../support/worker/sockets.ts'

let ada: Person
let grace: Person
beforeAll(async () => {
  ;[ada, grace] = [await person('ada'), await person('grace')]
})

async function room(...texts: string[]): Promise<{ id: string; socket: TestSocket }> {
  const { id }: Summary = await group(ada, grace)
  const socket = await live(ada, id)
  for (const text of texts) await socket.say(text)
  return { id, socket }
}

async function find(id: string, q: string, more = '', who = grace): Promise<Message[]> {
  const path = `/api/conversations/${id}/search?q=${encodeURIComponent(q)}${more}`
  const answer = await call('GET', path, { headers: who.bearer })
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`)
  return (await answer.json<{ messages: Message[] }>()).messages
}

const texts = (messages: Message[]) => messages.map((message) => message.text)

describe('search', () => {
  it.each([
    ['a word, in any case', 'HELLO', ['hello world']],
    ['the start of a word', 'wor', ['hello world']],
    ['without accents', 'cafe zoe', ['Zoë at the café']],
    ['full width', 'ＡＢＣ', ['abc']],
    ['two syllables of Korean, inside a longer word', '민지', ['김민지씨 안녕하세요']],
    ['a Korean word with its ending', '안녕', ['김민지씨 안녕하세요']],
    ['two characters of Chinese', '上海', ['我在上海工作']],
    ['two characters of Japanese', '東京', ['東京都に住んでいます']],
    ['katakana', 'ラーメン', ['ラーメンが好き']],
    ['mixed scripts', 'v2출시', ['v2출시일은 금요일']],
    ['several words, in any order', 'world hello', ['hello world']],
    ['numbers', '2026', ['see you in 2026']],
  ])('M21 finds %s', async (_, q, expected) => {
    const all = [
      ...[
        'hello world',
        'Zoë at the café',
        'abc',
        '김민지씨 안녕하세요',
        '我在上海工作',
        '東京都に住んでいます',
      ],
      ...['ラーメンが好き', 'v2출시일은 금요일', 'see you in 2026'],
    ]
    const { id } = await room(...all)
    expect(texts(await find(id, q))).toEqual(expected)
  })

  it.each([
    '"',
    '*',
    'OR',
    'hello OR',
    'NEAR(a b)',
    '(',
    "'; DROP TABLE messages; --",
    '-',
    'a AND',
    '^x',
    '{}:',
    '\\',
    'tokens:x',
  ])('M21 any punctuation is safe: %j', async (q) => {
    const { id } = await room('hello or what')
    await find(id, q)
    expect(texts(await find(id, 'hello'))).toEqual(['hello or what'])
  })

  it('finds a message the moment it is acked, as it says now, and not once it is deleted', async () => {
    const { id, socket } = await room('first draft')
    expect(texts(await find(id, 'draft'))).toEqual(['first draft'])
    const { seq: target } = await socket.say('second draft')
    expect(texts(await find(id, 'draft'))).toEqual(['second draft', 'first draft'])
    socket.send({ type: 'edit', id: uuidv7(), target, text: 'final version' })
    await socket.next('ack')
    expect(texts(await find(id, 'draft'))).toEqual(['first draft'])
    expect(texts(await find(id, 'version'))).toEqual(['final version'])
    socket.send({ type: 'delete', id: uuidv7(), target })
    await socket.next('ack')
    expect(await find(id, 'version')).toEqual([])
  })

  it('filters by who, what and when', async () => {
    const { id } = await room('see https://example.com', 'plain')
    const g = await live(grace, id)
    await g.say('plain too')
    expect(texts(await find(id, `from:@${grace.user.username}`))).toEqual(['plain too'])
    expect(texts(await find(id, `plain from:${ada.user.username}`))).toEqual(['plain'])
    expect(texts(await find(id, 'has:link'))).toEqual(['see https://example.com'])
    expect(await find(id, 'plain before:2020-01-01')).toEqual([])
    expect(texts(await find(id, 'plain after:2020-01-01'))).toEqual(['plain too', 'plain'])
    expect(await find(id, 'from:nobody_here')).toEqual([])
    expect(await find(id, ' ')).toEqual([])
  })

  it('pages newest first, and is for members only', async () => {
    const { id } = await room(...Array.from({ length: 45 }, (_, n) => `number ${n}`))
    const first = await find(id, 'number')
    expect(first).toHaveLength(20)
    expect(first[0]?.text).toBe('number 44')
    const second = await find(id, 'number', `&before=${first.at(-1)?.seq}&limit=30`)
    expect(second.map(({ seq }) => seq)).toEqual(Array.from({ length: 25 }, (_, n) => 25 - n))
    const mallory = await person('mallory')
    await expect(find(id, 'number', '', mallory)).rejects.toThrow('404')
  })

  it('costs nothing where nobody searches', async () => {
    const { id, socket } = await room('one')
    const tables = () =>
      runInDurableObject(objectOf(id), (_, state) =>
        state.storage.sql.exec("SELECT name FROM sqlite_master WHERE name LIKE 'search%'").toArray(),
      )
    expect(await tables()).toEqual([])
    socket.send({ type: 'edit', id: uuidv7(), target: 1, text: 'two' })
    await socket.next('ack')
    expect(await tables()).toEqual([])
  })

  it('100,000 messages, half Korean: the first search makes the index without holding up a send, then it answers at once', async () => {
    const { id, socket } = await room('the needle in 안녕하세요')
    await runInDurableObject(objectOf(id), (_, state) => {
      state.storage.sql.exec(
        `INSERT INTO messages (seq, author_id, client_id, payload_hash, kind, text, mentions, attachments, created_at)
          WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
          SELECT i, ?, printf('%08d-0000-7000-8000-000000000000', i), '', 'text',
            CASE WHEN i % 2 THEN '오늘 회의는 ' || i || '번 방에서 합니다' ELSE 'the meeting is in room number ' || i END,
            '[]', '[]', i FROM n`,
        ada.user.id,
      )
      state.storage.sql.exec('UPDATE conversation SET head = 100000')
    })
    const before = await objectOf(id).costs()
    const building = find(id, 'needle')
    const waits: number[] = []
    for (let n = 0; n < 10; n += 1) {
      const sentAt = performance.now()
      await socket.say(`meanwhile ${n}`)
      waits.push(performance.now() - sentAt)
    }
    expect(texts(await building)).toEqual(['the needle in 안녕하세요'])
    const built = await objectOf(id).costs()
    const times: number[] = []
    for (const q of [
      '회의',
      'room',
      'needle',
      '99999',
      '방에서',
      '없는말',
      'room 77777',
      '안녕',
      '오늘 회의',
      'meeting',
    ]) {
      const askedAt = performance.now()
      await find(id, q)
      times.push(performance.now() - askedAt)
    }
    const answered = await objectOf(id).costs()
    const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
    console.log(
      `index of 100,000: ${built.rowsWritten - before.rowsWritten} rows written, ${built.rowsRead - before.rowsRead} read; ` +
        `sends meanwhile ${median(waits).toFixed(0)} ms median, ${Math.max(...waits).toFixed(0)} ms worst; ` +
        `a search ${median(times).toFixed(1)} ms median, ${(answered.rowsRead - built.rowsRead) / 10} rows read`,
    )
    expect(median(times)).toBeLessThan(100)
    expect(median(waits)).toBeLessThan(50)
  }, 60_000)
})
