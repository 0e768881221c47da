/** Threads, as people have them: two Chromium profiles, live on both sides, through a reload and without a network. */
import type { Locator, WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { BACKOFF_MAX_MS } from '../../src/protocol/index.ts'
import { en as words } from '../../web/locales/en.ts'
import { accessibilityViolations } from '../support/axe.ts'
import { DESKTOP, MOBILE } from '../support/browser.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { type Visitor, visit } from '../support/visitor.ts'

const ADA = { username: 'ada', displayName: 'Ada', password: 'analytical engine' }
const GRACE = { username: 'grace', displayName: 'Grace', password: 'nanoseconds of wire' }
const ROOT = 'Shall we ship the compiler?'

let edgewise: Edgewise
let ada: Visitor
let grace: Visitor
/** Grace's sockets: what cuts her off. Chromium's own "offline" leaves those that are open alone. */
const sockets: WebSocketRoute[] = []
let isCutOff = false

beforeAll(async () => {
  edgewise = await startEdgewise()
  ada = await visit(edgewise.url)
  grace = await visit(edgewise.url)
  await grace.page.routeWebSocket(/\/socket/, (route) => {
    if (isCutOff) return void route.close({ code: 1001 })
    route.connectToServer()
    sockets.push(route)
  })
  await ada.signUp(ADA)
  await grace.signUp(GRACE)
  await ada.find('Grace')
  await ada.say(ROOT)
  await ada.say('And who brings the cake?')
  await grace.choose('Ada')
  await grace.message('And who brings the cake?').waitFor()
})
afterAll(async () => {
  await Promise.all([ada?.close(), grace?.close()])
  await edgewise?.stop()
})

const panel = ({ page }: Visitor) => page.getByRole('region', { name: words.threads.title })
const field = (who: Visitor) => panel(who).getByRole('textbox', { name: words.threads.write })
const inThread = (who: Visitor, text: string) => panel(who).getByRole('article').filter({ hasText: text })
const inMain = ({ page }: Visitor, text: string) =>
  page
    .getByRole('log', { name: words.messagesWith('').trim() })
    .getByRole('article')
    .filter({ hasText: text })
const rootLink = ({ page }: Visitor, count: number) =>
  page.getByRole('button', { name: new RegExp(`^${words.threads.replies(count)}`) })
const rowIn = ({ page }: Visitor, name: string) =>
  page
    .getByRole('navigation', { name: words.conversations })
    .getByRole('link', { name: new RegExp(`^${name}`) })

async function reply(who: Visitor, text: string): Promise<void> {
  await field(who).fill(text)
  await field(who).press('Enter')
  await inThread(who, text).waitFor()
}

async function isFocused(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => element === document.activeElement)
}

it('MA-2 MA-5 T on a message opens its thread; a reply is live on both sides and not among the messages', async () => {
  await grace.message(ROOT).focus()
  await grace.page.keyboard.press('t')
  await field(grace).waitFor()
  expect(await isFocused(field(grace))).toBe(true)
  await reply(grace, 'Only if the tests are green')

  await rootLink(ada, 1).waitFor()
  expect(await rootLink(ada, 1).innerText()).toContain(words.threads.hasNew)
  expect(await inMain(ada, 'Only if').count()).toBe(0)
  await rootLink(ada, 1).click()
  await inThread(ada, 'Only if the tests are green').waitFor()
  // Looked at is read, on this device and in the list.
  await vi.waitFor(async () => expect(await rootLink(ada, 1).innerText()).not.toContain(words.threads.hasNew))
  await reply(ada, 'They are')
  await inThread(grace, 'They are').waitFor()
  await rootLink(grace, 2).waitFor()
})

it('MA-5 "Also send to the conversation" says it in both places, once, and leads back to the thread', async () => {
  await panel(ada).getByRole('checkbox', { name: words.threads.alsoToDirect }).check()
  await reply(ada, 'Then Friday it is')
  const inBoth = inMain(grace, 'Then Friday it is')
  await inBoth.waitFor()
  await grace.page.keyboard.press('Escape')
  await panel(grace).waitFor({ state: 'detached' })
  await inBoth.getByRole('button', { name: words.threads.repliedIn }).click()
  await inThread(grace, 'Then Friday it is').waitFor()
  expect(await panel(ada).getByRole('checkbox').isChecked()).toBe(false)
  expect(await inMain(ada, 'They are').count()).toBe(0)
})

it('CO-6 a thread has a draft of its own, which survives closing and a reload', async () => {
  await ada.composer().fill('for everyone')
  await field(ada).fill('for the thread')
  await vi.waitFor(async () =>
    expect(await ada.page.evaluate(() => JSON.stringify(localStorage))).toContain('for the thread'),
  )
  await ada.page.reload()
  await inThread(ada, 'They are').waitFor()
  expect(await field(ada).inputValue()).toBe('for the thread')
  expect(await ada.composer().inputValue()).toBe('for everyone')
  await field(ada).fill('')
  await ada.composer().fill('')
})

it('TH5 a reply to me counts until its thread is read, also when the conversation was', async () => {
  await grace.page.goto('/')
  await reply(ada, 'Are you still there?')
  await rowIn(grace, 'Ada').getByText(words.unread(1)).waitFor({ state: 'attached' })
  await grace.choose('Ada')
  await rootLink(grace, 4).waitFor()
  expect(await rootLink(grace, 4).innerText()).toContain(words.threads.hasNew)
  // Every message on the screen is read, and this is not among them.
  await grace.page.waitForTimeout(1_500)
  expect(await rowIn(grace, 'Ada').innerText()).toContain(words.unread(1))
  await grace.page.getByRole('button', { name: words.threads.waiting }).click()
  await inThread(grace, 'Are you still there?').waitFor()
  await rowIn(grace, 'Ada').getByText(words.unread(1)).waitFor({ state: 'detached' })
})

it('TH1 written without a network it goes out when there is one, and what came meanwhile is there', async () => {
  isCutOff = true
  for (const socket of sockets.splice(0)) await socket.close({ code: 1001 })
  await field(grace).fill('Written in a tunnel')
  await field(grace).press('Enter')
  await inThread(grace, 'Written in a tunnel').waitFor()
  await reply(ada, 'Said meanwhile')
  expect(await inThread(ada, 'Written in a tunnel').count()).toBe(0)
  isCutOff = false
  for (const person of [ada, grace]) {
    await inThread(person, 'Said meanwhile').waitFor({ timeout: 2 * BACKOFF_MAX_MS })
    await inThread(person, 'Written in a tunnel').waitFor({ timeout: 2 * BACKOFF_MAX_MS })
    await rootLink(person, 6).waitFor()
  }
})

it('SE-3 a reply is found by the search, which leads into its thread', async () => {
  await grace.page.keyboard.press('Escape')
  await grace.page.getByRole('button', { name: words.search.title }).click()
  await grace.page.getByRole('combobox', { name: words.search.title }).fill('tests green')
  await grace.page.getByRole('option').filter({ hasText: 'Only if' }).click()
  await inThread(grace, 'Only if the tests are green').waitFor()
  await grace.page.goBack()
  await grace.page.getByRole('combobox', { name: words.search.title }).waitFor()
  await grace.page.keyboard.press('Escape')
})

it('ML-12 a link to a reply opens its thread at it; Back leaves it', async () => {
  const conversation = grace.page.url().replace(/\?.*/, '')
  await grace.page.goto('/')
  await grace.page.goto(`${conversation}/m/3`)
  await inThread(grace, 'Only if the tests are green').waitFor()
  expect(new URL(grace.page.url()).search).toBe('?thread=1&at=3')
  await grace.page.goBack()
  await panel(grace).waitFor({ state: 'detached' })
})

it('MA-5 MO-1 below 1,200 px the thread is the page; Esc and the phone’s Back close it', async () => {
  await ada.page.setViewportSize(MOBILE)
  await ada.page.getByRole('heading', { level: 1, name: words.threads.title }).waitFor()
  expect(await ada.composer().evaluate((element) => element.closest('[inert]') !== null)).toBe(true)
  for (const colorScheme of ['light', 'dark'] as const) {
    await ada.page.emulateMedia({ colorScheme })
    expect(await accessibilityViolations(ada.page)).toEqual([])
  }
  await field(ada).press('Escape')
  await ada.composer().waitFor()
  expect(await accessibilityViolations(ada.page)).toEqual([])
  await rootLink(ada, 6).click()
  await field(ada).waitFor()
  await ada.page.goBack()
  await ada.composer().waitFor()
  await ada.page.setViewportSize(DESKTOP)
})
