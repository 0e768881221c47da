/** The operator's token: signed with the server's own key, good for one minute (src/auth/token.ts verifies it). */
import { createPrivateKey, randomUUID, sign } from 'node:crypto'

const LIFETIME_S = 60

/** @param authKeys what AUTH_KEYS holds: private JWKs, of which the first one signs */
export function operatorToken(authKeys) {
  const [jwk] = JSON.parse(authKeys).keys
  const now = Math.floor(Date.now() / 1_000)
  const claims = { iss: 'edgewise', aud: 'chat-operator', jti: randomUUID(), iat: now, exp: now + LIFETIME_S }
  const signed = [{ alg: 'EdDSA', kid: jwk.kid, typ: 'operator+jwt' }, claims].map(encoded).join('.')
  const signature = sign(null, Buffer.from(signed), createPrivateKey({ key: jwk, format: 'jwk' }))
  return `${signed}.${signature.toString('base64url')}`
}

function encoded(part) {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
