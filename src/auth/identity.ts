/** Who is asking, as the Worker has proven it. Objects trust this and nothing that a client says. */
import * as v from 'valibot'
import { Time, Uuid } from '../protocol/index.ts'

export const Identity = v.object({
  userId: Uuid,
  sessionId: Uuid,
  /** Until when the session is known to stand: the access token's issue plus LEASE_MS. */
  leaseExpiresAt: Time,
})
export type Identity = v.InferOutput<typeof Identity>

/**
 * The header that carries an identity to an object with a socket upgrade, the one call that cannot be an
 * RPC. The Worker builds that request anew, so that nothing a client sends can be taken for it.
 */
export const IDENTITY_HEADER = 'x-edgewise-identity'

export function identityHeader(identity: Identity): string {
  return JSON.stringify(identity)
}

export function readIdentityHeader(headers: Headers): Identity {
  return v.parse(Identity, JSON.parse(headers.get(IDENTITY_HEADER) ?? 'null'))
}
