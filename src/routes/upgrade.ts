/** Hands a socket over to the object that will hold it. */
import type { Context } from 'hono'
import { IDENTITY_HEADER, identityHeader } from '../auth/identity.ts'
import { isUpgrade } from '../auth/origin.ts'
import { CLOSE, type CloseCode, SUBPROTOCOL } from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'
import type { AppEnv } from './app-env.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'

/** Refuses with `invalid` what does not ask for a socket. */
export function requireUpgrade(request: Request): void {
  if (isUpgrade(request)) return
  throw new Refusal('invalid', 'this address is a WebSocket', { fields: { upgrade: 'must be websocket' } })
}

/**
 * The object gets a request that is made here, with the identity that was proven here and nothing else of the
 * client's. What it refuses is accepted and closed with its code: browsers hide a failed upgrade's status.
 */
export async function connect(
  c: Context<AppEnv>,
  object: { fetch(url: string, init: RequestInit): Promise<Response> },
  query: Record<string, string | undefined>,
): Promise<Response> {
  const request = c.req.raw
  requireUpgrade(request)
  const offered = (request.headers.get('sec-websocket-protocol') ?? '').split(',').map((name) => name.trim())
  if (!offered.includes(SUBPROTOCOL))
    return refuseUpgrade(request, CLOSE.noCommonVersion, 'no common version')
  const url = new URL('https://object/socket')
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value)
  const headers = { upgrade: 'websocket', [IDENTITY_HEADER]: identityHeader(c.var.identity) }
  const answer = await object.fetch(url.toString(), { headers })
  if (answer.webSocket) return answer
  const { closeCode, reason } = await answer.json<{ closeCode: CloseCode; reason: string }>()
  return refuseUpgrade(request, closeCode, reason)
}
