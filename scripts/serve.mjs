/**
 * `npm run serve -- --port 9000 --state DIR --var NAME:VALUE`: the same build as a deployment's, on Miniflare
 * without Wrangler's development proxy, which costs more than the Worker itself: the target for load and
 * timing. Everything about the Worker comes from wrangler.toml.
 *
 * `--bug NAME` serves a copy of the sources with a bug in it (test/support/bugs), to prove what is to find it.
 *
 * SIGUSR2 makes every object forget what is only in its memory: `hibernate` keeps the sockets, as a sleep does,
 * `close` ends them, as each deploy does. Which one, the file `evict` in the state's directory says; without it
 * they take turns.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { claimPort } from './lib/address.mjs'
import { option, options } from './lib/args.mjs'
import { fail } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { ensureMigrated } from './lib/migrate.mjs'
import { onStopRequest } from './lib/process-group.mjs'
import { ensureSecrets } from './lib/secrets.mjs'
import { runToolQuietly } from './lib/tools.mjs'

const OUTPUT = 'dist/worker'
const BUNDLE = 'worker.js'

ensureInstalled()
if (Number.parseInt(process.versions.node, 10) < 22) fail('Run it with npm: npm run serve')
const port = await claimPort()
const state = option('--state') ?? '.wrangler/serve'
const bugs = options('--bug')

ensureSecrets()
ensureMigrated(state)
const { entry, output } = bugs.length > 0 ? await plantBugs() : { entry: [], output: OUTPUT }
if (!runToolQuietly('wrangler', ['deploy', ...entry, '--dry-run', '--outdir', output])) {
  fail("The Worker could not be bundled; Wrangler's message is above.")
}
const server = await serve()
onStopRequest(() => server.dispose())
let evictions = 0
process.on('SIGUSR2', () => void evictAll().catch((error) => console.error(error)))
console.log(`\nEdgewise is ready: http://localhost:${port}  (Ctrl-C stops it)\n`)

/** In a copy, and into a folder of its own: no bug is ever where a real build is looked for. */
async function plantBugs() {
  console.error(
    `\n!!! This Edgewise has a bug in it: ${bugs.join(', ')}. It is for tests and for nothing else. !!!\n`,
  )
  const { plant } = await import('../test/support/bugs/seed.ts')
  const { entry, output } = plant(bugs)
  return { entry: [entry], output }
}

async function serve() {
  const { convertV4MiniflareOptions, Miniflare } = await import('miniflare')
  const { unstable_getMiniflareWorkerOptions: workerOptionsOf, unstable_readConfig: readConfig } =
    await import('wrangler')
  const config = readConfig({ config: 'wrangler.toml' })
  // Rules say how to bundle, which is done: Miniflare is given the one module that came of it.
  const { modulesRules, ...options } = workerOptionsOf(config).workerOptions
  const contents = readFileSync(join(output, BUNDLE), 'utf8')
  const worker = {
    ...options,
    name: config.name,
    modules: [{ type: 'ESModule', path: BUNDLE, contents }],
    bindings: { ...options.bindings, ...readVars() },
  }
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port,
      cf: false,
      resourcePersistencePath: resolve(state, 'v3'),
      workers: [worker],
    }),
  )
  await miniflare.ready
  return miniflare
}

async function evictAll() {
  const { unstable_readConfig: readConfig } = await import('wrangler')
  const { name, durable_objects } = readConfig({ config: 'wrangler.toml' })
  const webSockets = evictionKind()
  for (const { class_name } of durable_objects.bindings) {
    const ids = await server.listDurableObjectIds(class_name)
    const evict = (id) => server.unsafeEvictDurableObject(name, class_name, { id, webSockets })
    // One that is not awake has nothing to forget, and says so.
    const evicted = (await Promise.allSettled(ids.map(evict))).filter(({ status }) => status === 'fulfilled')
    console.log(`${class_name}: ${evicted.length} of ${ids.length} evicted (${webSockets})`)
  }
  console.log(`All are evicted: ${webSockets}`)
}

function evictionKind() {
  const path = join(state, 'evict')
  if (existsSync(path)) return readFileSync(path, 'utf8').trim()
  return evictions++ % 2 === 0 ? 'hibernate' : 'close'
}

function readVars() {
  return Object.fromEntries(
    options('--var').map((pair) => {
      const colon = pair.indexOf(':')
      if (colon < 1) fail(`--var takes NAME:VALUE; this is not one: ${pair}`)
      return [pair.slice(0, colon), pair.slice(colon + 1)]
    }),
  )
}
