/** The live inbox, as people see it: three Chromium profiles, one of them with two tabs, and no reload in between. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { OFFLINE_AFTER_MS } from '../../src/protocol/index.ts'
import { en as words } from '../../web/locales/en.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { type Visitor, visit } from '../support/visitor.ts'

const PASSWORD = 'three in one room'
/** What the contract promises between a message and its row on every tab of everyone. */
const ROW_WITHIN_MS = 2_000
const READ_WITHIN_MS = 1_000

let edgewise: Edgewise
let ada: Visitor
let grace: Visitor
let alan: Visitor
/** Ada's second tab. */
let tab: Page
const sockets: string[] = []

/** The rows of a tab's list as they read, from the top. */
async function rowsOf(page: Page): Promise<string[]> {
  const list = page.getByRole('navigation', { name: words.conversations }).getByRole('listitem')
  const texts = await list.getByRole('link').allInnerTexts()
  return texts.map((text) => text.replace(/\s+/g, ' '))
}

/** Whose conversations they are, from the top. */
async function namesOf(page: Page): Promise<(string | undefined)[]> {
  return (await rowsOf(page)).map((row) => /Grace|Alan/.exec(row)?.[0])
}

function rowOf(page: Page, name: string) {
  return page
    .getByRole('navigation', { name: words.conversations })
    .getByRole('link', { name: new RegExp(`^${name}`) })
}

beforeAll(async () => {
  edgewise = await startEdgewise()
  ;[ada, grace, alan] = await Promise.all([visit(edgewise.url), visit(edgewise.url), visit(edgewise.url)])
  ada.context.on('page', (page) => page.on('websocket', (socket) => sockets.push(socket.url())))
  ada.page.on('websocket', (socket) => sockets.push(socket.url()))
  for (const [visitor, name] of [
    [ada, 'Ada'],
    [grace, 'Grace'],
    [alan, 'Alan'],
  ] as const) {
    await visitor.signUp({ username: name.toLowerCase(), displayName: name, password: PASSWORD })
  }
  await grace.find('Ada')
  await grace.say('Hello from Grace')
  await alan.find('Ada')
  await alan.say('Hello from Alan')
  tab = await ada.context.newPage()
  await tab.goto('/')
  await rowOf(tab, 'Alan').waitFor()
})
afterAll(async () => {
  await Promise.all([ada?.close(), grace?.close(), alan?.close()])
  await edgewise?.stop()
})

it('a message in a conversation that is not open moves it to the top of both tabs, with preview and badge', async () => {
  await ada.choose('Alan')
  await grace.say('Are you both there?')
  for (const page of [ada.page, tab]) {
    await vi.waitFor(
      async () => {
        const [first] = await rowsOf(page)
        expect(await namesOf(page)).toEqual(['Grace', 'Alan'])
        expect(first).toContain('Are you both there?')
        expect(first).toContain(words.unread(2))
      },
      { timeout: ROW_WITHIN_MS },
    )
  }
})

it('reading it in one tab clears it in the other, and after a reload it is still right', async () => {
  await ada.choose('Grace')
  await ada.message('Are you both there?').waitFor()
  await vi.waitFor(async () => expect((await rowsOf(tab))[0]).not.toContain('unread'), {
    timeout: READ_WITHIN_MS,
  })
  await Promise.all([ada.page.reload(), tab.reload()])
  for (const page of [ada.page, tab]) {
    await rowOf(page, 'Grace').waitFor()
    expect(await namesOf(page)).toEqual(['Grace', 'Alan'])
    expect((await rowsOf(page)).join(' ')).not.toContain('unread')
  }
})

it('both tabs share one inbox socket, and a conversation that was left has none', async () => {
  sockets.length = 0
  await Promise.all([ada.page.reload(), tab.reload()])
  await rowOf(ada.page, 'Grace').waitFor()
  await rowOf(tab, 'Grace').waitFor()
  await grace.say('One more')
  await vi.waitFor(async () => expect((await rowsOf(tab))[0]).toContain('One more'), {
    timeout: ROW_WITHIN_MS,
  })
  expect(sockets.filter((url) => url.includes('/api/inbox/socket'))).toHaveLength(1)
})

it('shows who is there: through a reload without a flicker, and gone half a minute after the last tab', async () => {
  await ada.choose('Grace')
  const status = ada.page
    .getByRole('banner')
    .or(ada.page.getByRole('main'))
    .getByText(words.statuses.online)
    .first()
  await status.waitFor()
  await grace.page.reload()
  await grace.composer().waitFor()
  expect(await status.isVisible()).toBe(true)
  await grace.page.goto('about:blank')
  await status.waitFor({ state: 'detached', timeout: OFFLINE_AFTER_MS + 10_000 })
})
