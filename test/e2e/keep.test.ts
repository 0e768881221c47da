/** What is kept at hand, as two people see it: pins for both, saved messages for oneself on every tab. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { BACKOFF_MAX_MS } from '../../src/protocol/index.ts'
import { en as words } from '../../web/locales/en.ts'
import { en as kept } from '../../web/locales/kept/en.ts'
import { accessibilityViolations } from '../support/axe.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { type Visitor, visit } from '../support/visitor.ts'

const PASSWORD = 'kept at hand here'
/** So many that the first has left the screen. */
const TEXTS = Array.from({ length: 30 }, (_, n) => `Line number ${String(n + 1).padStart(2, '0')}`)
const NO_LIMITS = { LIMIT_SENDS_10S: 1_000, LIMIT_SENDS_60S: 1_000 }

let edgewise: Edgewise
let ada: Visitor
let grace: Visitor

const bar = (page: Page) => page.getByRole('region', { name: kept.pins })
const latest = (page: Page) => bar(page).getByRole('button').first()

/** Presses an entry of a message's menu. */
async function choose(page: Page, message: Locator, entry: string): Promise<void> {
  await message.click({ button: 'right', position: { x: 12, y: 8 } })
  await page.getByRole('menuitem', { name: entry, exact: true }).click()
}

/** Whether somebody who looks at the screen sees it. */
async function isOnScreen(message: Locator): Promise<boolean> {
  return message.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect()
    return top >= 0 && bottom <= innerHeight
  })
}

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve', vars: NO_LIMITS })
  ;[ada, grace] = await Promise.all([visit(edgewise.url), visit(edgewise.url)])
  await ada.signUp({ username: 'ada', displayName: 'Ada', password: PASSWORD })
  await grace.signUp({ username: 'grace', displayName: 'Grace', password: PASSWORD })
  await ada.find('Grace')
  for (const text of TEXTS) await ada.say(text)
  await ada.message('Line number 30').waitFor()
  await grace.choose('Ada')
  await grace.showNewest()
})
afterAll(async () => {
  await Promise.all([ada?.close(), grace?.close()])
  await edgewise?.stop()
})

describe('MA-6 pins', () => {
  it('MA-6 one pinned from the menu shows on both sides at once, and leads there', async () => {
    expect(await bar(grace.page).count()).toBe(0)
    await ada.page.getByRole('log').press('Home')
    await ada.message('Line number 02').scrollIntoViewIfNeeded()
    await choose(ada.page, ada.message('Line number 02'), words.pin)
    for (const { page } of [ada, grace]) {
      await latest(page).filter({ hasText: 'Line number 02' }).waitFor()
    }
    await ada.message('Line number 02').getByText(words.pinned).waitFor({ state: 'attached' })

    expect(await isOnScreen(grace.message('Line number 02'))).toBe(false)
    await latest(grace.page).click()
    await vi.waitFor(async () => expect(await isOnScreen(grace.message('Line number 02'))).toBe(true))
  })

  it('MA-6 P on a message pins it, and it is the latest; the list has both', async () => {
    await grace.showNewest()
    await grace.message('Line number 30').focus()
    await grace.page.keyboard.press('p')
    for (const { page } of [ada, grace]) {
      await latest(page).filter({ hasText: 'Line number 30' }).waitFor()
    }
    expect(await grace.composer().inputValue()).toBe('')

    await ada.page.getByRole('button', { name: kept.showPins(2) }).click()
    const dialog = ada.page.getByRole('dialog', { name: kept.pins })
    await dialog.getByRole('listitem').nth(1).waitFor()
    const rows = await dialog.getByRole('listitem').allInnerTexts()
    expect(rows.map((row) => /Line number \d\d/.exec(row)?.[0])).toEqual(['Line number 30', 'Line number 02'])
    expect(await accessibilityViolations(ada.page)).toEqual([])

    await dialog.getByRole('button', { name: kept.unpin('Line number 30') }).click()
    await latest(grace.page).filter({ hasText: 'Line number 02' }).waitFor()
    await dialog.getByRole('button', { name: kept.unpin('Line number 02') }).click()
    await dialog.getByText(kept.noPins).waitFor()
    await ada.page.keyboard.press('Escape')
    for (const { page } of [ada, grace]) await bar(page).waitFor({ state: 'detached' })
  })

  it('MA-6 what is pinned without a server goes out when it is back, also after the page was left', async () => {
    const address = ada.page.url()
    await ada.showNewest()
    await edgewise.stop()
    await ada.page.getByRole('button', { name: words.tryNow }).waitFor()
    await choose(ada.page, ada.message('Line number 29'), words.pin)
    await latest(ada.page).filter({ hasText: 'Line number 29' }).waitFor()
    await ada.page.goto('about:blank')
    edgewise = await startEdgewise({
      ...{ mode: 'serve', vars: NO_LIMITS, state: edgewise.state, port: edgewise.port },
    })
    await ada.page.goto(address)
    for (const { page } of [ada, grace]) {
      await latest(page)
        .filter({ hasText: 'Line number 29' })
        .waitFor({ timeout: 2 * BACKOFF_MAX_MS })
    }
  })

  it('C7 a pin far back says what it is after a reload, too', async () => {
    await latest(grace.page).waitFor()
    for (let n = 0; n < 60; n += 1) await ada.say(`More of it ${n}`)
    await grace.message('More of it 59').waitFor()
    await grace.page.reload()
    await latest(grace.page).filter({ hasText: 'Line number 29' }).waitFor()
    await latest(grace.page).filter({ hasText: 'Ada' }).waitFor()
    await latest(grace.page).click()
    await vi.waitFor(async () => expect(await isOnScreen(grace.message('Line number 29'))).toBe(true))
  })
})

it('MA-6 a conversation stands without the script of its pins, which is tried again', async () => {
  const tab = await ada.context.newPage()
  const script = /assets\/PinBar/
  let refused = 0
  await tab.route(script, (route) => {
    refused += 1
    return route.abort()
  })
  await tab.goto(ada.page.url())
  const message = tab.getByRole('log').getByRole('article').filter({ hasText: 'More of it 59' })
  await message.waitFor()
  await vi.waitFor(() => expect(refused).toBeGreaterThan(0))
  expect(await bar(tab).count()).toBe(0)
  await tab.unroute(script)
  await choose(tab, message, words.pin)
  await latest(tab).filter({ hasText: 'More of it 59' }).waitFor()
  await choose(tab, message, words.unpin)
  await latest(tab).filter({ hasText: 'Line number 29' }).waitFor()
  await tab.close()
})

describe('K saved messages', () => {
  const mark = (message: Locator) => message.getByText(words.savedMark)

  it('K3 what is saved in one tab shows in the other, and not to the other person', async () => {
    const tab = await grace.context.newPage()
    await tab.goto(grace.page.url())
    const inTab = tab.getByRole('log').getByRole('article').filter({ hasText: 'Line number 29' })
    await tab.getByRole('region', { name: kept.pins }).getByRole('button').first().click()
    await inTab.waitFor()
    await choose(grace.page, grace.message('Line number 29'), words.saveMessage)
    await mark(grace.message('Line number 29')).waitFor({ state: 'attached' })
    await mark(inTab).waitFor({ state: 'attached' })
    expect(await ada.page.getByText(words.savedMark).count()).toBe(0)

    await tab.getByRole('button', { name: words.listActions }).click()
    await tab.getByRole('menuitem', { name: words.savedMessages }).click()
    const row = tab.getByRole('main').getByRole('listitem')
    await row.filter({ hasText: 'Line number 29' }).waitFor()
    expect(await row.innerText()).toContain('Ada')
    expect(await accessibilityViolations(tab)).toEqual([])

    await choose(grace.page, grace.message('More of it 10'), words.saveMessage)
    await row.filter({ hasText: 'More of it 10' }).waitFor()
    await tab.close()
  })

  it('K2 the page leads to the message, survives a reload, and lets go', async () => {
    const { page } = grace
    await page.goto('/saved')
    await page
      .getByRole('main')
      .getByRole('link', { name: /Line number 29/ })
      .click()
    expect(page.url()).toMatch(/\/m\/29$/)
    await vi.waitFor(async () => expect(await isOnScreen(grace.message('Line number 29'))).toBe(true))
    await page.goBack()
    await page.reload()
    const rows = page.getByRole('main').getByRole('listitem')
    await rows.nth(1).waitFor()
    await page.getByRole('button', { name: kept.unsave('Line number 29') }).click()
    await vi.waitFor(async () => expect(await rows.count()).toBe(1))
    await page.getByRole('button', { name: kept.unsave('More of it 10') }).click()
    await page.getByText(kept.noSaved).waitFor()
  })
})
