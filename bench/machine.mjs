/** What it ran on: without it a number says nothing. No names of hosts, no paths. */
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'

export function describeMachine() {
  const processors = cpus()
  return [
    ['Cores', String(processors.length)],
    ['Processor', processors[0]?.model.trim() ?? 'unknown'],
    ['Memory', `${Math.round(totalmem() / 2 ** 30)} GB`],
    ['System', `Linux, Node ${process.versions.node}`],
    ['Packages', ['workerd', 'miniflare', 'ws', 'socket.io'].map(versionOf).join(', ')],
  ]
}

function versionOf(name) {
  const path = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  return `${name} ${JSON.parse(readFileSync(path, 'utf8')).version}`
}
