/** NO-1 to NO-3 in a real browser: its own notifications and its own sound, for what nobody is looking at. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { en as words } from '../../web/locales/en.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { type Visitor, visit } from '../support/visitor.ts'

const PASSWORD = 'tell me when it rings'
const WITHIN_MS = 5_000

/** What the page had the browser do. */
type Seen = { shown: { title: string; body: string; tag: string }[]; closed: string[]; tones: number }
declare global {
  interface Window {
    seen: Seen
    press(): void
  }
}

let edgewise: Edgewise
let ada: Visitor
let grace: Visitor

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve' })
  ;[ada, grace] = await Promise.all([visit(edgewise.url), visit(edgewise.url)])
  // The real ones, watched: a notification counts once the browser says that it has shown it.
  await ada.context.addInitScript(watch)
  await ada.signUp({ username: 'ada', displayName: 'Ada', password: PASSWORD })
  await grace.signUp({ username: 'grace', displayName: 'Grace', password: PASSWORD })
  await ada.find('Grace')
})
afterAll(async () => {
  await Promise.all([ada?.close(), grace?.close()])
  await edgewise?.stop()
})

it('NO-2 asks only after the first message, and only when the question is pressed', async () => {
  const turnOn = ada.page.getByRole('button', { name: words.turnOn })
  expect(await ada.page.evaluate(() => Notification.permission)).toBe('default')
  expect(await turnOn.count()).toBe(0)
  await ada.say('Hello Grace')
  await turnOn.waitFor()
  expect(await ada.page.evaluate(() => Notification.permission)).toBe('default')
  await ada.context.grantPermissions(['notifications'], { origin: edgewise.url })
  await turnOn.click()
  await turnOn.waitFor({ state: 'detached' })
  expect(await ada.page.evaluate(() => Notification.permission)).toBe('granted')
})

it('NO-3 what is on the screen rings nobody; elsewhere the browser shows who said what, once per conversation', async () => {
  await grace.find('Ada')
  await grace.say('You are looking at this')
  await ada.message('You are looking at this').waitFor()
  await ada.page.getByRole('link', { name: words.settings }).click()
  await ada.page.getByRole('heading', { name: words.notifications }).waitFor()
  await grace.say('And not at this')
  await expect.poll(() => seen().then(({ shown }) => shown.length), { timeout: WITHIN_MS }).toBe(1)
  expect(await seen()).toMatchObject({
    shown: [{ title: 'Grace', body: 'And not at this', tag: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    tones: 1,
  })
  expect(await ada.page.title()).toMatch(/^\(1\)/)
  await grace.say('Nor at this')
  await expect
    .poll(() => seen().then(({ shown }) => shown.at(-1)?.body), { timeout: WITHIN_MS })
    .toBe('Nor at this')
  const { shown, tones } = await seen()
  expect(new Set(shown.map(({ tag }) => tag)).size).toBe(1)
  // At most one in 3 s.
  expect(tones).toBeLessThanOrEqual(2)
})

it('NO-3 pressing it opens the conversation, and reading it takes the notification away', async () => {
  await ada.page.evaluate(() => window.press())
  await ada.message('Nor at this').waitFor()
  await expect
    .poll(() => seen().then(({ closed }) => closed.length), { timeout: WITHIN_MS })
    .toBeGreaterThan(0)
  await expect.poll(() => ada.page.title()).not.toMatch(/^\(/)
})

it('NO-3 a muted conversation shows and sounds nothing', async () => {
  await ada.page
    .getByRole('navigation', { name: words.conversations })
    .getByRole('link', { name: /^Grace/ })
    .click({ button: 'right' })
  await ada.page.getByRole('menuitem', { name: words.muteForGood }).click()
  await ada.page.getByRole('link', { name: words.settings }).click()
  await ada.page.getByRole('heading', { name: words.notifications }).waitFor()
  const before = await seen()
  await grace.say('Shh')
  await ada.page.getByRole('navigation', { name: words.conversations }).getByText('Shh').waitFor()
  await ada.page.waitForTimeout(500)
  expect(await seen()).toEqual(before)
})

function seen(): Promise<Seen> {
  return ada.page.evaluate(() => window.seen)
}

function watch(): void {
  const seen: Seen = { shown: [], closed: [], tones: 0 }
  const Real = window.Notification
  let last: Notification | undefined
  class Watched extends Real {
    constructor(title: string, options: NotificationOptions = {}) {
      super(title, options)
      last = this
      this.addEventListener('show', () => {
        seen.shown.push({ title, body: options.body ?? '', tag: options.tag ?? '' })
      })
    }
    override close(): void {
      seen.closed.push(this.tag)
      super.close()
    }
  }
  window.Notification = Watched
  window.seen = seen
  window.press = () => void last?.onclick?.(new Event('click'))
  const start = OscillatorNode.prototype.start
  OscillatorNode.prototype.start = function (when) {
    if (this.context.state === 'running') seen.tones += 1
    start.call(this, when)
  }
}
