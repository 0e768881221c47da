/** The built web client, for a browser whose server is gone: what its cache would hold in real life. */
import { readFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import type { BrowserContext } from 'playwright-core'

const BUILT = resolve(import.meta.dirname, '../../dist/web')
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** @returns lets the files come from the server again */
export async function serveFromDisk(context: BrowserContext): Promise<() => Promise<void>> {
  const isFile = ({ pathname }: URL) => !pathname.startsWith('/api/')
  await context.route(isFile, (route) => {
    const { pathname } = new URL(route.request().url())
    const path = pathname.startsWith('/assets/') ? pathname : '/index.html'
    const contentType = TYPES[extname(path)] ?? 'application/octet-stream'
    return route.fulfill({ contentType, body: readFileSync(`${BUILT}${path}`) })
  })
  return () => context.unroute(isFile)
}
