/** The secrets of one installation: made once, kept in `.dev.vars`, never overwritten. */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** A private Ed25519 JWK. Its `kid` follows from the key, so two keys never share one. */
export function newSigningKey() {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const kid = createHash('sha256').update(jwk.x).digest('base64url').slice(0, 16)
  return { ...jwk, kid, alg: 'EdDSA', use: 'sig' }
}

export function newPepper() {
  return randomBytes(32).toString('hex')
}

/**
 * Adds the secrets that `.dev.vars` lacks; what is there stays, because a new pepper would lock everyone out
 * and a new key would sign everyone out.
 */
export function ensureSecrets(path = '.dev.vars') {
  const held = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const lines = []
  if (!/^AUTH_KEYS=/m.test(held)) lines.push(`AUTH_KEYS='${JSON.stringify({ keys: [newSigningKey()] })}'`)
  if (!/^AUTH_PEPPER=/m.test(held)) lines.push(`AUTH_PEPPER=${newPepper()}`)
  if (lines.length === 0) return
  const gap = held === '' || held.endsWith('\n') ? '' : '\n'
  writeFileSync(path, `${held}${gap}${lines.join('\n')}\n`, { mode: 0o600 })
}
