/**
 * `npm run cost`: what Edgewise costs on Cloudflare in a month, for named loads, from counts that tests hold
 * and prices that are published; beside what the same load costs where chat is rented. Writes bench/COST.md; with `--print`, only says it.
 */
import { writeFileSync } from 'node:fs'
import { counts } from '../bench/cost/counts.ts'
import { loads } from '../bench/cost/loads.mjs'
import { cloudflare, hosted, readOn } from '../bench/cost/prices.mjs'

const DAYS = 30
/** An object is billed for 128 MB while it works; how long that is for one request or frame is assumed. */
const MEMORY_GB = 0.128
const WORK_S = 0.01
/** Things that people do by a call of the Worker, which calls an object; the rest comes over a socket. */
const CALLED = ['openList', 'openConversation', 'lease']
const FRAMED = ['text', 'read', 'typing']

const table = loads
  .map((load) => ({ load, use: useOf(load) }))
  .map(({ load, use }) => ({ load, use, price: priceOf(use) }))
const page = `${head()}\n${uses()}\n\n${prices()}\n\n${notes()}`
if (process.argv.includes('--print')) process.stdout.write(page)
else {
  writeFileSync(new URL('../bench/COST.md', import.meta.url), page)
  console.log(page)
}

/** A month of a load, in what the platform bills. */
function useOf({ day, conversations, keptTexts, deliveries }) {
  const times = Object.entries(day)
  const sum = (value) =>
    DAYS * times.reduce((all, [name, count]) => all + count * value(counts[name], name), 0)
  const workerRequests = sum((_, name) => (CALLED.includes(name) ? 1 : 0))
  const frames = sum((_, name) => (FRAMED.includes(name) ? 1 : 0))
  const calls = workerRequests + sum((count) => count.requests)
  return {
    workerRequests,
    objectRequests: calls + frames / cloudflare.framesPerRequest,
    duration: (calls + frames) * WORK_S * MEMORY_GB,
    rowsRead: sum((count) => count.rowsRead),
    rowsWritten: sum((count) => count.rowsWritten),
    stored: (conversations * counts.bytes.conversation + keptTexts * counts.bytes.text) / 1e9,
    deliveries: DAYS * deliveries,
  }
}

function priceOf(use) {
  const over = (key) => (Math.max(0, use[key] - cloudflare[key].included) / 1e6) * cloudflare[key].perMillion
  const billed = ['workerRequests', 'objectRequests', 'duration', 'rowsRead', 'rowsWritten'].map(over)
  const stored = Math.max(0, use.stored - cloudflare.stored.included) * cloudflare.stored.each
  return cloudflare.plan + stored + billed.reduce((all, each) => all + each, 0)
}

/** Whether a day of it stays within what the free plan gives. */
function isFree(use) {
  return use.stored <= 5 && Object.entries(cloudflare.free).every(([key, limit]) => use[key] / DAYS <= limit)
}

function head() {
  return `# What it costs

Written by \`npm run cost\`. What each thing uses is counted and asserted in \`test/worker/cost-counts.test.ts\`
(\`bench/cost/counts.ts\`); what people do in a day is assumed (\`bench/cost/loads.mjs\`); prices are as published and read
on ${readOn} (\`bench/cost/prices.mjs\`). Nothing here was seen on a bill.
`
}

function uses() {
  const rows = table.map(({ load, use }) => [
    load.name,
    ...[use.workerRequests, use.objectRequests, use.rowsRead, use.rowsWritten].map(short),
    `${short(use.duration)} GB-s`,
    `${use.stored < 0.1 ? use.stored.toFixed(3) : use.stored.toFixed(1)} GB`,
  ])
  return markdown(
    ['In a month', 'Worker requests', 'Object requests', 'Rows read', 'Rows written', 'Duration', 'Stored'],
    rows,
  )
}

function prices() {
  const rows = table.map(({ load, use, price }) => [
    load.name,
    isFree(use) ? 'nothing (free plan)' : dollars(price),
    ...hosted.map((service) => dollars(service.price({ ...load, ...use }))),
  ])
  return markdown(['A month costs', 'Edgewise on Cloudflare', ...hosted.map(({ name }) => name)], rows)
}

function notes() {
  return `- Every text is taken to be alone, so that each member is told of each one: in a busy conversation a member is told
  once in 2 s, and above 256 members nobody is.
- ${WORK_S * 1_000} ms of work for each request and frame is assumed, as in Cloudflare's own examples; a list is taken to
  hold one conversation. Files are not in it.
- Cloudflare: ${cloudflare.source}.
${hosted.map(({ name, source }) => `- ${name}: ${source}`).join('\n')}
`
}

function markdown(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, n) => (n === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

function short(value) {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)} G`
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`
  return value >= 1e3 ? `${(value / 1e3).toFixed(0)} k` : value.toFixed(0)
}

function dollars(value) {
  return value === 0 ? 'nothing (free plan)' : `$${value.toFixed(value < 100 ? 2 : 0)}`
}
