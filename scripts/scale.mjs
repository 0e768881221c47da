/**
 * `npm run scale`: where each object saturates, what happens then, and how far one deployment goes; what can be
 * simulated on one machine is, the rest is counted facts times published limits. Writes docs/scale.md.
 */
import { writeFileSync } from 'node:fs'
import { fail } from './lib/fail.mjs'
import { ensureInstalled } from './lib/install.mjs'

ensureInstalled()
if (Number.parseInt(process.versions.node, 10) < 22) fail('Run it with npm: npm run scale')
const { directoryBytes } = await import('../bench/scale/directory.mjs')
const { scalePage } = await import('../bench/scale/page.mjs')
const { refusals } = await import('../bench/scale/refusals.mjs')
const { fillRooms } = await import('../bench/scale/room.mjs')

const SIZES = [100, 500, 1_000]

const start = Date.now()
const directory = directoryBytes()
const rooms = await fillRooms(SIZES, (line) => console.log(line))
const refused = await refusals()
const seconds = (Date.now() - start) / 1_000
const page = scalePage({ rooms, refused, directory, seconds, at: new Date() })
console.log(`\n${page}`)
writeFileSync(new URL('../docs/scale.md', import.meta.url), page)
