/** docs/proof.md: a row for each scenario, under the command that made it, and one for each bug that was planted. */
import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'

export function proofPage({ rows, bugs, tier, seed, seconds }) {
  const held = rows.filter(({ failed }) => failed === 0)
  return `# What was seen to hold

Written by \`npm run soak\` on ${new Date().toISOString().slice(0, 10)}, at commit ${commit()}: ${held.length} of ${rows.length} scenarios
held, in ${Math.ceil(seconds / 60)} minutes, tier \`${tier}\`, seed ${seed}. A row again, with the same draws:
\`npm run soak -- --only F1 --seed ${seed}\`.

The machine: ${machine()}. Clients, faults and server share it, so times are upper bounds and noisy. Everything is
local \`workerd\`: one machine, no regions; D1 is a local SQLite file; an ack has waited for this machine's disk, not for
Cloudflare's replication; \`kill -9\` is not a power cut; the runtime's own limits of memory and CPU are not enforced here.

${rows.length > 0 ? scenariosPart(rows) : ''}${bugs ? bugsPart(bugs) : ''}`
}

function scenariosPart(rows) {
  return `| | What struck, and what it struck | What must hold | What was seen | Held | Seconds |
| --- | --- | --- | --- | --- | ---: |
${rows.map(lineOf).join('\n')}
`
}

function bugsPart({ rows, passed, failed }) {
  return `
## Seeded bugs: ${passed} of ${passed + failed} caught

What says that all is well must be able to say that it is not. Each bug is planted in a copy of the sources
(\`npm run serve -- --bug "no dedupe"\`), brought out on a real server, and counts as caught only where the checker
names it so, and finds nothing when the same is done without it. Again: \`npm run soak -- --only bugs\`.

| Bug | Brought out by | Caught as | What the checker said |
| --- | --- | --- | --- |
${rows.map(bugLineOf).join('\n')}
`
}

function bugLineOf({ name, by, caughtAs, says, isCaught }) {
  const caught = isCaught ? caughtAs : `**not caught** as ${caughtAs}`
  return `| ${[name, by, caught, withShortIds(says)].map(cell).join(' | ')} |`
}

/** Nobody reads the whole of an id; its end tells it from another. */
function withShortIds(text) {
  return text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => `…${id.slice(-4)}`)
}

function lineOf({ id, fault, target, loads, seen, passed, failed, seconds }) {
  const struck = [fault, ...loads].join('; ')
  const isHeld = failed === 0 ? `yes (${passed})` : `**no** (${failed} of ${passed + failed} failed)`
  return `| ${[id, struck, target, seen.join('; '), isHeld, seconds].map(cell).join(' | ')} |`
}

function cell(value) {
  return String(value).replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function machine() {
  const [{ model } = { model: 'unknown' }] = cpus()
  return `${cpus().length} cores (${model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`
}

function commit() {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
}
