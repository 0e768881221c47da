/**
 * `npm start`: Edgewise on this machine, from a fresh clone with nothing but Node and npm. Installs, then
 * runs `wrangler dev` with what follows `--`; its build command (build.mjs) makes the secrets, the database
 * and the client where they are missing. Ctrl-C ends everything that it started.
 */
import { claimPort, healthOf } from './lib/address.mjs'
import { args, option } from './lib/args.mjs'
import { fail } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { onStopRequest, startGroup } from './lib/process-group.mjs'
import { ensureNode, toolEnv, toolPath } from './lib/tools.mjs'

ensureInstalled()
ensureNode()
const port = await claimPort()
const state = option('--persist-to') ?? '.wrangler/state'

const wrangler = startGroup(toolPath('wrangler'), ['dev', '--show-interactive-dev-session=false', ...args], {
  env: toolEnv({ EDGEWISE_STATE: state }),
})
let isStopping = false
onStopRequest(() => {
  isStopping = true
  wrangler.stop()
})

const url = `http://localhost:${port}`
const health = await healthOf(url, wrangler.ended)
if (health === 'healthy') console.log(`\nEdgewise is ready: ${url}  (Ctrl-C stops it)\n`)
if (health === 'failing') {
  await wrangler.stop()
  fail('Edgewise started, but answers with errors. The reason is above: often a --var with a wrong value.')
}

const { code, error } = await wrangler.ended
await wrangler.stop()
if (!isStopping) fail(error?.message ?? `wrangler dev ended by itself (code ${code}); its message is above.`)
