/** What a run comes to, as a page: ratios first, since they outlive the machine. */
import { describeMachine } from './machine.mjs'
import { base, peers } from './peers/index.mjs'
import { ratioOf, spreadOf } from './statistics.ts'

/** @param results by measurement key, by peer name, by what was measured: the values of the rounds */
export function reportOf(plan, results, { seconds, at }) {
  const sections = plan.measurements.map((each) => section(each, results[each.key]))
  return `${head(plan, seconds, at)}\n${sections.join('\n')}`
}

function head({ rounds }, seconds, at) {
  const machine = describeMachine().map(([what, value]) => `| ${what} | ${value} |`)
  return `# Beside others

Written by \`npm run bench\` on ${at.toISOString().slice(0, 10)}, in ${Math.round(seconds / 60)} minutes. Each number is the median of ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, with
the least and the most; each ratio is to the ${base.name} in the same round, and their median. What is measured how, and
who the others are: [README.md](README.md).

| The machine | |
| --- | --- |
${machine.join('\n')}

Servers and load share its cores: where the load client takes a whole one, it may be what is slow. In every run each
socket got every message once and in order, or there would be no page.
`
}

function section({ key, title }, byPeer) {
  const names = peers.map(({ name }) => name)
  const whats = Object.keys(byPeer[base.name])
  const rows = whats.map((what) => [
    what,
    ...names.map((name) => cell(byPeer[name]?.[what], byPeer[base.name][what], name)),
  ])
  return `## ${title}\n\n${markdown([`\`${key}\``, ...names], rows)}\n`
}

/** A peer that has no such thing has a dash. */
function cell(values, baseValues, name) {
  if (!values) return '–'
  const { median, min, max } = spreadOf(values)
  const range = values.length === 1 ? '' : ` (${short(min)}–${short(max)})`
  const ratio = name === base.name ? '' : `**${ratioOf(values, baseValues).median.toFixed(2)}×** `
  return `${ratio}${short(median)}${range}`
}

function markdown(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, n) => (n === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

function short(value) {
  if (value >= 1_000) return Math.round(value).toLocaleString('en')
  return value >= 100 ? value.toFixed(0) : value.toPrecision(value >= 10 ? 3 : 2)
}
