import { plainDialect, plainRoom } from '../plain-dialect.mjs'
import { startServer } from '../server-process.mjs'

const SCRIPT = new URL('server.mjs', import.meta.url).pathname

export const ws = {
  name: 'ws',
  /** It keeps nothing, so there is nothing to come back to. */
  cannot: ['history', 'resume'],
  dialect: plainDialect,
  start: () => startServer(SCRIPT),
  openRoom: plainRoom,
}
