/** MA-1 on a phone: a finger held on a message brings what can be done with it up from below. */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { en as words } from '../../web/locales/en.ts'
import { accessibilityViolations } from '../support/axe.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { type Visitor, visit } from '../support/visitor.ts'

const PICTURES = resolve(import.meta.dirname, '../../test-results/screens')
const PASSWORD = 'a thumb will do for it'
/** Longer than what opens the sheet. */
const HELD_MS = 600

let edgewise: Edgewise
let ada: Visitor

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true })
  edgewise = await startEdgewise({ mode: 'serve' })
  ada = await visit(edgewise.url, { isTouch: true })
  await ada.signUp({ username: 'ada', displayName: 'Ada', password: PASSWORD })
  const grace = await visit(edgewise.url)
  await grace.signUp({ username: 'grace', displayName: 'Grace', password: PASSWORD })
  await grace.find('Ada')
  await grace.say('Can you hold this?')
  await ada.choose('Grace')
  await ada.message('Can you hold this?').waitFor()
  await grace.close()
})
afterAll(async () => {
  await ada?.close()
  await edgewise?.stop()
})

it('a long press opens the sheet, and its emoji react', async () => {
  await hold('Can you hold this?')
  const sheet = ada.page.getByRole('menu')
  await sheet.waitFor()
  const box = await sheet.boundingBox()
  const size = ada.page.viewportSize()
  expect(Math.round((box?.y ?? 0) + (box?.height ?? 0))).toBe(size?.height)
  expect(box?.width).toBe(size?.width)
  expect(await sheet.getByRole('menuitemcheckbox').count()).toBe(6)
  for (const theme of ['light', 'dark'] as const) {
    await ada.page.emulateMedia({ colorScheme: theme })
    await ada.page.screenshot({
      path: resolve(PICTURES, `sheet-mobile-${theme}.png`),
      animations: 'disabled',
    })
    expect(await accessibilityViolations(ada.page)).toEqual([])
  }
  await sheet.getByRole('menuitemcheckbox').first().tap()
  await ada.message('Can you hold this?').getByRole('button', { name: /👍/ }).waitFor()
  expect(await sheet.count()).toBe(0)
})

it('a press beside it closes it, and a finger that moves opens none', async () => {
  await hold('Can you hold this?')
  await ada.page.getByRole('menu').waitFor()
  await ada.page.touchscreen.tap(200, 80)
  await ada.page.getByRole('menu').waitFor({ state: 'detached' })
  await hold('Can you hold this?', 30)
  expect(await ada.page.getByRole('menu').count()).toBe(0)
})

it('what it offers works: a reply stands above the composer', async () => {
  await hold('Can you hold this?')
  await ada.page.getByRole('menuitem', { name: words.reply, exact: true }).tap()
  // Enter is a new line where fingers write.
  await ada.composer().fill('With one thumb')
  await ada.page.getByRole('button', { name: words.send, exact: true }).tap()
  await ada.message('With one thumb').getByText('Can you hold this?').waitFor()
})

/** @param slip how far the finger moves meanwhile, in CSS pixels */
async function hold(text: string, slip = 0): Promise<void> {
  const box = await ada.message(text).first().boundingBox()
  if (!box) throw new Error(`nothing on the screen says ${text}`)
  const cdp = await ada.context.newCDPSession(ada.page)
  const at = { x: box.x + 30, y: box.y + 15 }
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] })
  if (slip > 0) {
    await cdp.send('Input.dispatchTouchEvent', {
      type: 'touchMove',
      touchPoints: [{ ...at, y: at.y - slip }],
    })
  }
  await ada.page.waitForTimeout(HELD_MS)
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}
