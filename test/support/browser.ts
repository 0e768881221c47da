/** Real Chromium profiles, each with its own directory and process: two people are two browsers. */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

/** `npm test` finds or installs one and names it; run alone, Debian's is taken. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
/** What Chromium does in the background would try to leave the machine, and time out where it cannot. */
const QUIET_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const DESKTOP = { width: 1280, height: 800 }
export const MOBILE = { width: 390, height: 844 }

export type Profile = { context: BrowserContext; page: Page; close(): Promise<void> }

export type ProfileOptions = {
  /** A phone: small, and pointed at with fingers. */
  isTouch?: boolean
}

export async function openProfile(url: string, { isTouch = false }: ProfileOptions = {}): Promise<Profile> {
  const directory = mkdtempSync(join(tmpdir(), 'edgewise-chromium-'))
  const context = await chromium.launchPersistentContext(directory, {
    executablePath: CHROMIUM,
    args: QUIET_FLAGS,
    baseURL: url,
    viewport: isTouch ? MOBILE : DESKTOP,
    hasTouch: isTouch,
    isMobile: isTouch,
    locale: 'en-US',
    reducedMotion: 'reduce',
  })
  const page = context.pages()[0] ?? (await context.newPage())
  return {
    context,
    page,
    async close() {
      await context.close()
      await rm(directory, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
