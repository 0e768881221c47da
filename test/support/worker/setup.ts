/** Runs before each test file in workerd: storage is per file, so each one starts with an empty, migrated D1. */
import { applyD1Migrations, type D1Migration } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { Env as EdgewiseEnv } from '../../../src/env.ts'

declare global {
  namespace Cloudflare {
    interface Env extends EdgewiseEnv {
      TEST_MIGRATIONS: D1Migration[]
      /** A private JWK beside the one in AUTH_KEYS. */
      TEST_SECOND_KEY: string
    }
  }
}

await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
