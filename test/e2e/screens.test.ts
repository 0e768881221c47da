/**
 * The screens that a person should look at, in both themes and sizes, filled by the seed script, each without
 * an accessibility violation. `UPDATE_SCREENS=1` writes the pictures where the README shows them.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { en as words } from '../../web/locales/en.ts'
import { accessibilityViolations } from '../support/axe.ts'
import { DESKTOP, MOBILE } from '../support/browser.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { type Visitor, visit } from '../support/visitor.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const PICTURES = resolve(ROOT, process.env.UPDATE_SCREENS === '1' ? 'docs/screens' : 'test-results/screens')
const MESSAGES = 400
const SIZES = { desktop: DESKTOP, mobile: MOBILE }
const NO_LIMITS = { LIMIT_SENDS_10S: 1_000_000, LIMIT_SENDS_60S: 1_000_000 }

let edgewise: Edgewise
let guest: Visitor
let ada: Visitor

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true })
  edgewise = await startEdgewise({ mode: 'serve', vars: NO_LIMITS })
  const credentials = seed(edgewise.url)
  guest = await visit(edgewise.url)
  ada = await visit(edgewise.url)
  await ada.page.goto('/sign-in')
  await ada.signIn(credentials)
})
afterAll(async () => {
  await Promise.all([guest?.close(), ada?.close()])
  await edgewise?.stop()
})

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  it.each(['desktop', 'mobile'] as const)('AX-6 sign-in, list and conversation on %s', async (size) => {
    for (const { page } of [guest, ada]) {
      await page.setViewportSize(SIZES[size])
      await page.emulateMedia({ colorScheme: theme })
    }
    const violations: string[] = []

    await guest.page.goto('/sign-in')
    await guest.page.getByRole('button', { name: 'Sign in' }).waitFor()
    violations.push(...(await look(guest, `sign-in-${size}-${theme}`)))

    await ada.page.goto('/')
    // Previews come through the index, a moment after the messages.
    await expect.poll(() => ada.page.getByText(words.noMessages).count(), { timeout: 10_000 }).toBe(0)
    await ada.page.getByRole('link', { name: 'Launch week' }).waitFor()
    violations.push(...(await look(ada, `list-${size}-${theme}`)))

    await ada.choose('Grace Kim')
    await ada.showNewest()
    violations.push(...(await look(ada, `conversation-${size}-${theme}`)))

    expect(violations).toEqual([])
  })
})

/** Takes the picture first: a screen with a violation is one to look at. */
async function look({ page }: Visitor, name: string): Promise<string[]> {
  await page.screenshot({ path: resolve(PICTURES, `${name}.png`), animations: 'disabled' })
  return (await accessibilityViolations(page)).map((violation) => `${name}: ${violation}`)
}

/** @returns whom the script says to sign in as */
function seed(url: string): { username: string; password: string } {
  const run = spawnSync('npm', ['run', 'seed', '--', '--url', url, '--messages', String(MESSAGES)], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  const [, username, password] = /as (\S+) with the password (\S+)/.exec(run.stdout) ?? []
  if (!username || !password) throw new Error(`The seed script failed:\n${run.stdout}${run.stderr}`)
  return { username, password }
}
