/** Pictures of a screen in both sizes and themes, for a person to look at, each without an accessibility violation. */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { accessibilityViolations } from './axe.ts'
import { DESKTOP, MOBILE } from './browser.ts'

const PICTURES = resolve(import.meta.dirname, '../../test-results/screens')
const LOOKS = (['light', 'dark'] as const).flatMap((theme) =>
  (['desktop', 'mobile'] as const).map((size) => ({ theme, size })),
)

/** @param ready done again for each look: a menu, for one, does not outlive another size of the window */
export async function look(page: Page, name: string, ready = async () => {}): Promise<void> {
  mkdirSync(PICTURES, { recursive: true })
  const violations: string[] = []
  for (const { theme, size } of LOOKS) {
    await page.setViewportSize(size === 'desktop' ? DESKTOP : MOBILE)
    await page.emulateMedia({ colorScheme: theme })
    await ready()
    await page.screenshot({ path: resolve(PICTURES, `${name}-${size}-${theme}.png`), animations: 'disabled' })
    violations.push(...(await accessibilityViolations(page)).map((each) => `${size} ${theme}: ${each}`))
  }
  await page.setViewportSize(DESKTOP)
  expect(violations).toEqual([])
}
