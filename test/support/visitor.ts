/** A person at a browser: finds things by role and label only, as a person or a screen reader does. */
import type { Locator } from 'playwright-core'
import { expect, vi } from 'vitest'
import { en as words } from '../../web/locales/en.ts'
import { openProfile, type Profile, type ProfileOptions } from './browser.ts'

export type Credentials = { username: string; displayName: string; password: string }

export type Visitor = Profile & {
  signUp(credentials: Credentials): Promise<void>
  signIn(credentials: Omit<Credentials, 'displayName'>): Promise<void>
  /** Searches for a person by name and opens the conversation with them. */
  find(displayName: string): Promise<void>
  /** Opens a conversation from the list. */
  choose(name: string): Promise<void>
  /** Scrolls to the newest message, and goes back to writing. */
  showNewest(): Promise<void>
  composer(): Locator
  say(text: string): Promise<void>
  /** A message in the open conversation, once it stands there. */
  message(text: string): Locator
  /** Chooses from the menu of a message. */
  act(text: string, item: string): Promise<void>
}

export async function visit(url: string, options: ProfileOptions = {}): Promise<Visitor> {
  const profile = await openProfile(url, options)
  const { page } = profile
  const list = page.getByRole('navigation', { name: words.conversations })
  const composer = () => page.getByRole('textbox', { name: new RegExp(`^${words.writeTo('')}`) })
  const message = (text: string) => page.getByRole('log').getByRole('article').filter({ hasText: text })

  return {
    ...profile,
    composer,

    async signUp({ username, displayName, password }) {
      await page.goto('/sign-up')
      await page.getByLabel(words.displayName).fill(displayName)
      await page.getByLabel(words.username).fill(username)
      await page.getByLabel(words.password, { exact: true }).fill(password)
      await page.getByRole('button', { name: words.signUp }).click()
      await list.waitFor()
    },

    async signIn({ username, password }) {
      await page.getByLabel(words.username).fill(username)
      await page.getByLabel(words.password, { exact: true }).fill(password)
      await page.getByRole('button', { name: words.signIn }).click()
      await page.getByRole('button', { name: words.signIn }).waitFor({ state: 'detached' })
    },

    async find(displayName) {
      await page.getByRole('search').getByRole('button', { name: words.findPeople }).click()
      await page.getByRole('combobox', { name: words.findLabel }).fill(displayName)
      await page.getByRole('option', { name: displayName }).click()
      await composer().waitFor()
    },

    async choose(name) {
      // From its start: another row's preview may quote this name.
      await list.getByRole('link', { name: new RegExp(`^${name}`) }).click()
      await composer().waitFor()
    },

    async showNewest() {
      await page.getByRole('log').getByRole('article').first().waitFor()
      await vi.waitFor(async () => {
        await page.getByRole('log').press('End')
        expect(await page.getByRole('button', { name: words.jumpToNewest }).count()).toBe(0)
      })
      await composer().focus()
    },

    async say(text) {
      await composer().fill(text)
      await composer().press('Enter')
    },

    message,

    async act(text, item) {
      // At its edge: what stands in the middle may be a link or a picture, which have menus of their own.
      await message(text)
        .first()
        .click({ button: 'right', position: { x: 12, y: 12 } })
      await page.getByRole('menuitem', { name: item, exact: true }).click()
    },
  }
}
