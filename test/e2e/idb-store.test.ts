/** The store of a browser, in a browser: what a test in Node takes from memory, IndexedDB must do the same. */
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type * as Module from '../../src/client/idb-store.ts'
import { type KeptTimeline, SHAPE } from '../../src/client/kept-timeline.ts'
import type { StoredOperation } from '../../src/client/store.ts'
import { TIMELINE_KEPT_MESSAGES, TIMELINES_KEPT_MESSAGES } from '../../src/protocol/index.ts'
import { openProfile, type Profile } from '../support/browser.ts'
import { inboxRow } from '../support/inbox-rows.ts'
import { message } from '../support/messages.ts'
import { ada, uuid } from '../support/people.ts'

type Tab = typeof globalThis & { kept: typeof Module; store: ReturnType<typeof Module.idbStore> }

const URL = 'http://store.test/'
const rows = Array.from({ length: 30 }, (_, n) => inboxRow(n, 1))
const [first = '', second = ''] = rows.map(({ id }) => id)
const operation: StoredOperation = {
  ...{
    type: 'send',
    id: uuid(1),
    userId: ada.id,
    conversationId: first,
    createdAt: 1,
    text: 'hi',
    replyTo: null,
  },
}

let profile: Profile
let page: Page
let code: string

beforeAll(async () => {
  const lib = { entry: 'src/client/idb-store.ts', formats: ['iife' as const], name: 'kept' }
  const built = await build({ configFile: false, logLevel: 'error', build: { lib, write: false } })
  const [output] = Array.isArray(built) ? built : []
  const chunk = output?.output[0]
  if (chunk?.type !== 'chunk') throw new Error('nothing was built')
  code = chunk.code
  profile = await openProfile(URL)
  await profile.context.route(`${URL}**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<title>store</title>' }),
  )
  page = profile.page
})
afterAll(() => profile?.close())

beforeEach(async () => {
  await page.goto(URL)
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        indexedDB.deleteDatabase('edgewise').onsuccess = () => resolve()
      }),
  )
  await open(page)
})

async function open(tab: Page): Promise<void> {
  await tab.goto(URL)
  await tab.evaluate(`${code}; globalThis.kept = kept; globalThis.store = kept.idbStore()`)
}

/** Calls one of the store's verbs in the page. */
function call(verb: keyof Tab['store'], ...args: unknown[]): Promise<unknown> {
  return page.evaluate(
    ([verb, args]) => (globalThis as Tab).store[verb as 'timelines'](...(args as [string])),
    [verb, args] as const,
  )
}

const put = (id: string, kept: KeptTimeline) => call('putTimeline', ada.id, id, kept)
const lastSeqs = async () =>
  page.evaluate(
    async (userId) =>
      [...(await (globalThis as Tab).store.timelines(userId))].map(([id, { lastSeq }]) => [id, lastSeq]),
    ada.id,
  )

function timeline(lastSeq: number, more: Partial<KeptTimeline> = {}, count = 1): KeptTimeline {
  const messages = Array.from({ length: count }, (_, n) => message(n + 1))
  const known = { epoch: 'e', hasOlder: false, members: [], pins: [], reads: {}, usedAt: 0, shape: SHAPE }
  return { ...known, lastSeq, messages, ...more }
}

it('D3 keeps a timeline as one piece, through a reload, and an older one never takes its place', async () => {
  await call('putRows', ada.id, rows)
  await put(first, timeline(5))
  await put(first, timeline(4))
  await open(page)
  expect(await call('timeline', ada.id, first)).toMatchObject(timeline(5))
  await put(first, timeline(2, { epoch: 'another' }))
  await put(second, timeline(1))
  expect(await lastSeqs()).toEqual([
    [first, 2],
    [second, 1],
  ])
})

it('D3 keeps nothing of a conversation that is not in the list, or has left it', async () => {
  await put(first, timeline(5))
  expect(await lastSeqs()).toEqual([])
  await call('putRows', ada.id, rows)
  await put(first, timeline(5))
  await put(second, timeline(5))
  await call('putRows', ada.id, [{ ...rows[0], removed: true }])
  await put(first, timeline(6))
  expect(await lastSeqs()).toEqual([[second, 5]])
  await call('clear')
  await put(second, timeline(7))
  expect(await lastSeqs()).toEqual([])
})

it('D3 those that were not used for longest make room', async () => {
  await call('putRows', ada.id, rows)
  const full = TIMELINES_KEPT_MESSAGES / TIMELINE_KEPT_MESSAGES
  for (const [n, { id }] of rows.slice(0, full + 2).entries()) {
    await put(id, timeline(n, { usedAt: n === 1 ? 1_000 : n }, TIMELINE_KEPT_MESSAGES))
  }
  const kept = new Set((await lastSeqs()).map(([id]) => id))
  expect(kept.size).toBe(full)
  expect(rows.slice(0, 4).map(({ id }) => kept.has(id))).toEqual([false, true, false, true])
})

it('D3 what an older version has left is still there', async () => {
  await page.evaluate(
    async ([operation, row, userId]) => {
      const store = (globalThis as Tab).store
      await store.clear()
      const asked = indexedDB.deleteDatabase('edgewise')
      await new Promise((resolve) => {
        asked.onsuccess = resolve
      })
      const old = indexedDB.open('edgewise', 2)
      old.onupgradeneeded = () => {
        old.result.createObjectStore('rows')
        const operations = old.result.createObjectStore('operations', {
          keyPath: 'position',
          autoIncrement: true,
        })
        operations.createIndex('id', 'id', { unique: true })
      }
      await new Promise((resolve) => {
        old.onsuccess = resolve
      })
      const transaction = old.result.transaction(['rows', 'operations'], 'readwrite')
      transaction.objectStore('rows').put(row, [userId, row.id])
      transaction.objectStore('operations').put(operation)
      await new Promise((resolve) => {
        transaction.oncomplete = resolve
      })
      old.result.close()
    },
    [operation, inboxRow(0, 1), ada.id] as const,
  )
  await open(page)
  expect(await call('operations', ada.id)).toEqual([operation])
  expect(await call('rows', ada.id)).toEqual([inboxRow(0, 1)])
  await put(first, timeline(3))
  expect(await lastSeqs()).toEqual([[first, 3]])
})
