/** A Chromium for the real-browser tests: the one that is there, or Debian's. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
/** Without the fonts, Korean and emoji are boxes in the screenshots. */
const PACKAGES = ['chromium', 'fonts-noto-cjk', 'fonts-noto-color-emoji']

/** The browser's path, installing it where we may; undefined, with the reason printed, where we may not. */
export function ensureBrowser() {
  const found = findBrowser()
  if (found) return found
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log(`Installing the test browser (apt-get install ${PACKAGES.join(' ')})…`)
    const isInstalled = runApt('update') && runApt('install', '-y', '--no-install-recommends', ...PACKAGES)
    if (isInstalled) return findBrowser()
  }
  console.error('The real-browser tests need Chromium. Install it, or name its path in CHROMIUM.')
}

function findBrowser() {
  const paths = (process.env.PATH ?? '').split(delimiter)
  const candidates = NAMES.flatMap((name) => paths.map((path) => join(path, name)))
  return [process.env.CHROMIUM, ...candidates].find((path) => path !== undefined && isExecutable(path))
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function runApt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync('apt-get', ['-q', ...args], { stdio: 'inherit', env }).status === 0
}
