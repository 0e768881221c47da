/**
 * O3: the index cannot be written for a whole minute of a real server: another process holds D1's file locked.
 * Everyone goes on talking, every list is true meanwhile, and the index has all of it soon after.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Client, createClient, type OpenConversation } from '../../src/client/client.ts'
import { signInProgram } from '../../src/client/program.ts'
import { type User, uuidv7 } from '../../src/protocol/index.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'

const DOWN_FOR_MS = 60_000
const SEND_EVERY_MS = 500
/** An ack waits for the conversation's own disk and for nothing else. */
const ACK_WITHIN_MS = 1_000
/** What the contract promises of every inbox. */
const ROW_WITHIN_MS = 2_000
/** O2: the longest pause between two tries in the first two minutes, with its spread, and the try itself. */
const INDEXED_WITHIN_MS = 10_000

type Person = { user: User; client: Client }

let edgewise: Edgewise
let index: DatabaseSync
let ada: Person
let grace: Person
let conversation: OpenConversation

beforeAll(async () => {
  edgewise = await startEdgewise({
    mode: 'serve',
    vars: { LIMIT_SENDS_10S: 1_000, LIMIT_SENDS_60S: 10_000 },
  })
  ;[ada, grace] = [await person('ada'), await person('grace')]
  const { id } = await ada.client.api.createGroup({
    id: uuidv7(Date.now()),
    name: 'While the index is away',
    memberIds: [grace.user.id],
  })
  conversation = ada.client.conversation(id, ada.user)
  index = openIndex(edgewise.state)
})
afterAll(async () => {
  conversation?.close()
  index?.close()
  await edgewise?.stop()
})

it('a minute without D1: every send is acked at once, the other’s list follows, and the index catches up', async () => {
  const inbox = grace.client.inbox(grace.user)
  const row = () => inbox.state.rows.get(conversation.id)
  await vi.waitFor(() => expect(conversation.state.connection.phase).toBe('live'), 10_000)
  expect(indexedHead(conversation.id)).toBe(0)

  index.exec('BEGIN EXCLUSIVE')
  const lockedAt = Date.now()
  let sent = 0
  let slowest = 0
  while (Date.now() - lockedAt < DOWN_FOR_MS) {
    const sentAt = performance.now()
    conversation.send(`message ${++sent}`)
    await vi.waitFor(() => expect(conversation.state.pending).toEqual([]), {
      timeout: ACK_WITHIN_MS,
      interval: 2,
    })
    slowest = Math.max(slowest, performance.now() - sentAt)
    if (sent % 20 === 0) {
      await vi.waitFor(() => expect(row()?.unread).toBe(Math.min(sent, 100)), {
        timeout: ROW_WITHIN_MS + SEND_EVERY_MS,
        interval: 20,
      })
    }
    await wait(SEND_EVERY_MS)
  }
  await expect(person('edsger')).rejects.toMatchObject({ code: 'unavailable' })
  expect(indexedHead(conversation.id)).toBe(0)
  index.exec('ROLLBACK')

  await vi.waitFor(() => expect(indexedHead(conversation.id)).toBe(sent), {
    timeout: INDEXED_WITHIN_MS,
    interval: 250,
  })
  console.log(`${sent} sends without D1, the slowest until its own event ${slowest.toFixed(0)} ms`)
  expect(row()).toMatchObject({ unread: 100, lastMessage: { seq: sent } })
  await person('edsger')
  inbox.close()
}, 200_000)

async function person(username: string): Promise<Person> {
  const credentials = { username, displayName: username, password: 'long enough for a test' }
  const { user, authorize } = await signInProgram(edgewise.url, credentials)
  return { user, client: createClient({ baseUrl: edgewise.url, authorize }) }
}

function openIndex(state: string): DatabaseSync {
  const files = readdirSync(join(state, 'v3'), { recursive: true, encoding: 'utf8' })
  const path = files.find((file) => /D1DatabaseObject.[0-9a-f]{64}\.sqlite$/.test(file))
  if (path === undefined) throw new Error('no D1 database in the state directory')
  return new DatabaseSync(join(state, 'v3', path))
}

/** Up to where D1 knows of it; 0 where it does not. */
function indexedHead(id: string): number {
  const row = index.prepare('SELECT last_seq FROM conversations WHERE id = ?').get(id)
  return Number(row?.last_seq ?? 0)
}
