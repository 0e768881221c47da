import type { AuthEnv } from '../auth/middleware.ts'

/** What every handler finds on its Hono context. `identity` is there behind `signedIn` only. */
export type AppEnv = {
  Bindings: AuthEnv['Bindings']
  Variables: AuthEnv['Variables'] & { requestId: string }
}
