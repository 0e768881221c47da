import type { Context } from 'hono'
import type { AppEnv } from './app-env.ts'

/** The build names what is in here by its content, so it never changes under a name. */
const HASHED = '/assets/'

/** The web client: its files, and its page for every address that is not a file. */
export async function assets(c: Context<AppEnv>): Promise<Response> {
  const file = await c.env.ASSETS.fetch(c.req.raw)
  const { pathname } = new URL(c.req.url)
  const isPage = file.headers.get('content-type')?.startsWith('text/html') === true
  // The page in place of a missing script would be kept by caches, and run by nobody.
  if (isPage && isFileName(pathname)) return c.text('not found', 404)
  const answer = new Response(file.body, file)
  const isHashed = pathname.startsWith(HASHED) && file.ok
  answer.headers.set('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
  return answer
}

function isFileName(pathname: string): boolean {
  const name = pathname.slice(pathname.lastIndexOf('/') + 1)
  return name.includes('.') && !name.endsWith('.html')
}
