/**
 * `npm run reindex -- --url http://localhost:8787 --state .wrangler/state`: has every object of a running server
 * tell D1 anew what it is to hold, usernames first (SPEC O4). Nobody notices, and twice does no harm.
 *
 * Which objects there are only the platform knows. Locally they are files below `--state`; of a deployment, list
 * them with Cloudflare's API (durable_objects/namespaces/:id/objects), and give the ids, one a line, as
 * `--people FILE --conversations FILE`, with the keys of that server in the variable AUTH_KEYS.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { option } from './lib/args.mjs'
import { fail } from './lib/fail.mjs'
import { operatorToken } from './lib/operator.mjs'

/** REINDEX_MAX: what one call may name. */
const AT_ONCE = 40
const TRIES = 5
const RETRY_MS = 2_000

const url = option('--url') ?? 'http://localhost:8787'
const state = option('--state') ?? '.wrangler/state'
const authKeys = process.env.AUTH_KEYS ?? /^AUTH_KEYS='?(.*?)'?$/m.exec(read('.dev.vars'))?.[1]
if (!authKeys) fail('There are no keys: set AUTH_KEYS, or start the server here once.')

const people = option('--people') ? linesOf(option('--people')) : objectsOf('UserDO')
const conversations = option('--conversations')
  ? linesOf(option('--conversations'))
  : objectsOf('ConversationDO')
if (people.length + conversations.length === 0) fail(`There are no objects below ${state}.`)

const counts = { told: 0, taken: 0, nobody: 0 }
for (const ids of chunked(people)) await tell({ people: ids })
for (const ids of chunked(conversations)) await tell({ conversations: ids })
console.log(
  `${counts.told} of ${people.length + conversations.length} objects have told the index what it is to hold.`,
)
if (counts.taken > 0) fail(`${counts.taken} people have lost their username to somebody who came since.`)

async function tell(body) {
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch(`${url}/api/operator/index`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${operatorToken(authKeys)}` },
      body: JSON.stringify(body),
    }).catch(() => fail(`Nothing answers at ${url}.`))
    const told = await answer.json()
    if (answer.ok) {
      for (const outcome of Object.values(told)) counts[outcome] += 1
      return
    }
    if (answer.status < 500 || tries === TRIES) fail(`${answer.status}: ${told.error?.message}`)
    await wait(RETRY_MS)
  }
}

/** The ids of a class's objects, by the files that they are kept in. */
function objectsOf(name) {
  if (!existsSync(state)) return []
  return readdirSync(state, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes(name))
    .flatMap((path) => /([0-9a-f]{64})\.sqlite$/.exec(path)?.[1] ?? [])
}

function linesOf(path) {
  return read(path).split('\n').filter(Boolean)
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

function chunked(ids) {
  return Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, at) =>
    ids.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
  )
}
