import { plainDialect, plainRoom } from '../plain-dialect.mjs'
import { startServer } from '../server-process.mjs'

const SCRIPT = new URL('server.mjs', import.meta.url).pathname

export const bareObject = {
  name: 'bare object',
  cannot: [],
  dialect: plainDialect,
  start: (state) => startServer(SCRIPT, state),
  openRoom: plainRoom,
}
