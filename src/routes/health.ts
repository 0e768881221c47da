/** Whether the server is there, for monitors and for the connection test in the app. Needs no sign-in. */
import { Hono } from 'hono'
import { version } from '../../package.json'
import { type HealthAnswer, PING, PONG, TEST_SOCKET_LIFE_MS } from '../protocol/index.ts'
import type { AppEnv } from './app-env.ts'
import { subprotocolHeader } from './refuse-upgrade.ts'
import { requireUpgrade } from './upgrade.ts'

export const health = new Hono<AppEnv>()
  .get('/', (c) => c.json<HealthAnswer>({ ok: true, version }))
  .get('/socket', (c) => {
    requireUpgrade(c.req.raw)
    return openTestSocket(c.req.raw)
  })

/** Says pong to ping, so that a client can tell "no sockets get through" from "not allowed in here". */
function openTestSocket(request: Request): Response {
  const { 0: client, 1: server } = new WebSocketPair()
  server.accept()
  const ending = setTimeout(() => server.close(1000, 'the test is over'), TEST_SOCKET_LIFE_MS)
  server.addEventListener('message', ({ data }) => {
    if (data === PING) server.send(PONG)
  })
  server.addEventListener('close', () => clearTimeout(ending))
  return new Response(null, { status: 101, webSocket: client, headers: subprotocolHeader(request) })
}
