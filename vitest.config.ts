import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-pool-workers'
import preact from '@preact/preset-vite'
import { defineConfig } from 'vitest/config'
import { newPepper, newSigningKey } from './scripts/lib/secrets.mjs'

/** A machine that is busy with something else must not fail what is right: what hangs is found all the same. */
const testTimeout = 20_000

export default defineConfig(async () => ({
  test: {
    projects: [
      { test: { name: 'core', include: ['test/core/**/*.test.ts'], testTimeout } },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations('./migrations'),
                AUTH_KEYS: JSON.stringify({ keys: [newSigningKey()] }),
                AUTH_PEPPER: newPepper(),
                // Room for the tests of order and windows; S4 is tested at exactly this number.
                LIMIT_SENDS_10S: '2000',
                LIMIT_SENDS_60S: '4000',
                /** One more private JWK, for the tests of key rotation. */
                TEST_SECOND_KEY: JSON.stringify(newSigningKey()),
              },
            },
          }),
        ],
        test: {
          name: 'worker',
          include: ['test/worker/**/*.test.ts'],
          setupFiles: ['./test/support/worker/setup.ts'],
          testTimeout,
        },
      },
      {
        plugins: [preact()],
        test: { name: 'client', include: ['test/client/**/*.test.{ts,tsx}'], testTimeout },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // Each file starts real servers and browsers: two at once on two cores measure each other.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'soak',
          include: ['test/soak/**/*.test.ts'],
          // Each file starts servers of its own and breaks them: one at a time.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Only `npm run soak`, the full tier: a server with a bug is bundled and started for each test.
        test: {
          name: 'seeded',
          include: ['test/seeded/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
}))
