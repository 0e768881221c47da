/** Serves the bare object as `npm run serve` serves Edgewise: on Miniflare, without the development proxy. */
import { readFileSync } from 'node:fs'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { sayReady } from '../listen.mjs'

const [state] = process.argv.slice(2)
const contents = readFileSync(new URL('worker.mjs', import.meta.url), 'utf8')
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    host: '127.0.0.1',
    port: 0,
    cf: false,
    resourcePersistencePath: state,
    workers: [
      {
        name: 'bare-object',
        modules: [{ type: 'ESModule', path: 'worker.mjs', contents }],
        compatibilityDate: '2026-10-01',
        compatibilityFlags: ['no_web_socket_compression'],
        durableObjects: { ROOMS: { className: 'Room', useSQLite: true } },
      },
    ],
  }),
)
sayReady(new URL(await miniflare.ready).port)
