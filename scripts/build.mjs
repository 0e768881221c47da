/**
 * What Wrangler runs before it bundles the Worker, and again when the client's sources change
 * (wrangler.toml, [build]). In development it also makes what a fresh clone lacks, so that
 * `npx wrangler dev` alone works; with another `--persist-to`, name it in EDGEWISE_STATE too.
 */
import { buildClient } from './lib/client-build.mjs'
import { fail } from './lib/fail.mjs'
import { ensureMigrated } from './lib/migrate.mjs'
import { ensureSecrets } from './lib/secrets.mjs'

const isDev = process.env.WRANGLER_COMMAND === 'dev'

if (isDev) {
  ensureSecrets()
  ensureMigrated(process.env.EDGEWISE_STATE ?? '.wrangler/state')
}
if (!buildClient({ always: !isDev })) fail('The client could not be built; the message is above.')
