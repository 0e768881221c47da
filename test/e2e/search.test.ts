/** Finding what was said in twelve conversations, and reading and finding it without a server. */
import type { Page, Route, WebSocket } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createApi } from '../../src/client/api.ts'
import { signInProgram } from '../../src/client/program.ts'
import { SEARCHES_AT_ONCE, uuidv7 } from '../../src/protocol/index.ts'
import { en as words } from '../../web/locales/en.ts'
import { serveFromDisk } from '../support/app-files.ts'
import { accessibilityViolations } from '../support/axe.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { type Visitor, visit } from '../support/visitor.ts'

const ADA = { username: 'ada', password: 'twelve conversations' }
const CONVERSATIONS = 12
/** Slow enough to see that others wait. */
const SEARCH_TAKES_MS = 300

let edgewise: Edgewise
let ada: Visitor

/** On a machine that does other things, too. */
const soon = { timeout: 10_000 }

const field = (page: Page) => page.getByRole('combobox', { name: words.search.titleAll })
const hits = (page: Page) => page.getByRole('listbox', { name: words.results }).getByRole('option')
const texts = async (page: Page) =>
  (await hits(page).allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim())

/** What this browser has on disk of what was said. */
function keptOnDisk(page: Page): Promise<{ lastSeq: number; messages: { text: string }[] }[]> {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const asked = indexedDB.open('edgewise')
        asked.onerror = () => reject(asked.error)
        asked.onsuccess = () => {
          const all = asked.result.transaction('timelines').objectStore('timelines').getAll()
          all.onsuccess = () => {
            asked.result.close()
            resolve(all.result)
          }
        }
      }),
  )
}

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve' })
  ada = await visit(edgewise.url)
  await ada.signUp({ ...ADA, displayName: 'Ada' })
  const { authorize } = await signInProgram(edgewise.url, ADA)
  const api = createApi({ baseUrl: edgewise.url, fetch, authorize })
  const grace = await signInProgram(edgewise.url, { ...ADA, username: 'grace', displayName: 'Grace' })
  for (let n = 1; n <= CONVERSATIONS; n += 1) {
    const group = { id: uuidv7(Date.now()), name: `Team ${n}`, memberIds: [grace.user.id] }
    const { id } = await api.createGroup(group)
    for (const text of [`내일 점심회의는 ${n}층에서 합니다`, `Tea for team ${n}`]) {
      await api.send(id, { id: uuidv7(Date.now()), text })
    }
  }
  await ada.page.getByRole('link', { name: `Team ${CONVERSATIONS}` }).waitFor()
})
afterAll(async () => {
  await ada?.close()
  await edgewise?.stop()
})

it('SE-3 from the list: all conversations are asked, six at a time, and merged while they answer', async () => {
  const { page } = ada
  let [underWay, most] = [0, 0]
  const isSearch = ({ pathname }: URL) => pathname.endsWith('/search')
  const slowly = async (route: Route) => {
    underWay += 1
    most = Math.max(most, underWay)
    await new Promise((resolve) => setTimeout(resolve, SEARCH_TAKES_MS))
    underWay -= 1
    await route.continue()
  }
  await page.route(isSearch, slowly)
  await page.goto('/')
  await page.getByRole('link', { name: 'Team 12' }).waitFor()
  // The list stands a moment before the page hears keys.
  await vi.waitFor(async () => {
    await page.keyboard.press('Control+Shift+F')
    await field(page).waitFor({ timeout: 1_000 })
  }, soon)
  await field(page).fill('회의')
  await page.getByText(/Searching… \d+ of 12 conversations/).waitFor()
  await expect.poll(() => hits(page).count(), soon).toBeGreaterThan(0)
  expect(await hits(page).count()).toBeLessThan(CONVERSATIONS)
  await expect.poll(() => hits(page).count(), soon).toBe(CONVERSATIONS)
  expect(most).toBe(SEARCHES_AT_ONCE)
  expect((await texts(page)).map((text) => /Team (\d+)/.exec(text)?.[1])).toEqual(
    Array.from({ length: CONVERSATIONS }, (_, n) => String(CONVERSATIONS - n)),
  )
  await expect.poll(() => new URL(page.url()).search, soon).toMatch(/q=./)
  expect(await accessibilityViolations(page)).toEqual([])
  await page.unroute(isSearch, slowly)
})

it('SE-3 a hit opens its conversation at the message, and the search stays', async () => {
  const { page } = ada
  await field(page).press('ArrowDown')
  await field(page).press('Enter')
  await ada.message('내일 점심회의는 11층').waitFor()
  expect(new URL(page.url()).pathname).toMatch(/^\/c\/[0-9a-f]+\/m\/1$/)
  expect(await hits(page).count()).toBe(CONVERSATIONS)
  expect(await field(page).evaluate((element) => element === document.activeElement)).toBe(true)
  // The same in the conversation that is open, and in the one that is named.
  await page.getByRole('button', { name: words.search.scopes.this, exact: true }).click()
  await expect.poll(() => hits(page).count(), soon).toBe(1)
  await page.getByRole('combobox', { name: words.search.title }).fill('tea in:"Team 3"')
  await expect.poll(async () => (await texts(page)).join(), soon).toContain('Tea for team 3')
  await page.reload()
  await expect.poll(async () => (await texts(page)).join(), soon).toContain('Tea for team 3')
  await field(page).press('Escape')
  await field(page).press('Escape')
  await field(page).waitFor({ state: 'detached' })
})

it('D3 reloads without a server: the list and the messages are there, and are searched by Korean words', async () => {
  const { page, context } = ada
  // What was looked at is on this device.
  for (const name of ['Team 3', 'Team 5']) {
    await page.getByRole('link', { name: new RegExp(`^${name}`) }).click()
    await ada.message(`Tea for team ${name.slice(-1)}`).waitFor()
  }
  await page.getByRole('link', { name: /^Team 11/ }).click()
  await ada.message('Tea for team 11').waitFor()
  await expect.poll(async () => (await keptOnDisk(page)).length, soon).toBeGreaterThanOrEqual(3)
  const fromServer = await serveFromDisk(context)
  await edgewise.stop()
  await page.reload()
  await page.getByRole('link', { name: /^Team 1\b/ }).waitFor()
  await ada.message('내일 점심회의는 11층').waitFor()
  await ada.message('Tea for team 11').waitFor()

  await page.keyboard.press('Control+Shift+F')
  await page.getByRole('combobox', { name: words.search.title }).fill('회의')
  await page.getByText(words.search.onDevice).waitFor()
  await expect.poll(() => texts(page), soon).toEqual([expect.stringContaining('11층')])
  await page.getByRole('button', { name: words.search.scopes.all }).click()
  await expect.poll(() => hits(page).count(), soon).toBe(3)
  await field(page).fill('점심 in:"Team 5"')
  await expect.poll(() => texts(page), soon).toEqual([expect.stringMatching(/Team 5.*5층/)])
  await field(page).press('Enter')
  await ada.message('내일 점심회의는 5층').waitFor()
  await field(page).fill('')

  // It goes on from what was on disk, and does not ask for everything again.
  const isOfConversation = (socket: WebSocket) => socket.url().includes('/api/conversations/')
  const socket = page.waitForEvent('websocket', { predicate: isOfConversation, timeout: 60_000 })
  expect(new URL((await socket).url()).searchParams.get('after')).toBe('2')
  edgewise = await startEdgewise({ mode: 'serve', state: edgewise.state, port: edgewise.port })
  await fromServer()
})

it('AU-5 signing out leaves no message on this device', async () => {
  const { page } = ada
  await page.goto('/settings')
  const before = (await keptOnDisk(page)).flatMap(({ messages }) => messages.map(({ text }) => text))
  expect(before).toContain('Tea for team 5')
  await page.getByRole('button', { name: words.signOut, exact: true }).last().click()
  await page.waitForURL('**/sign-in')
  await vi.waitFor(async () => expect(await keptOnDisk(page)).toEqual([]))
})
