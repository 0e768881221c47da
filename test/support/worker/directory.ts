/** D1 out of order, as its callers see it. */
import { env } from 'cloudflare:workers'
import { vi } from 'vitest'

/** Every write to D1 fails from now on, as with another process on its file; `mockRestore` ends it. */
export function lockDirectory() {
  return vi.spyOn(env.DB, 'batch').mockImplementation(() => {
    throw new Error('D1_ERROR: database is locked: SQLITE_BUSY')
  })
}
