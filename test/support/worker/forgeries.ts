/** Tokens that must not pass (F12): each is like ours but for what its name says. */
import { env } from 'cloudflare:workers'
import { type CryptoKey, generateKeyPair, importJWK, SignJWT } from 'jose'
import { mintLease } from '../../../src/auth/token.ts'
import { CLOCK_SKEW_S, uuidv7 } from '../../../src/protocol/index.ts'
import { type Person, person } from './people.ts'

type Header = { alg: string; kid?: string; typ?: string }
type SigningKey = CryptoKey | Uint8Array
type Change = { header?: Partial<Header>; claims?: Record<string, unknown>; key?: SigningKey }

const nowS = () => Math.floor(Date.now() / 1_000)
const firstKey = () => JSON.parse(env.AUTH_KEYS).keys[0]

/** A token like ours, signed with the key that signs now, but for what is said. */
export async function forge(who: Person, { header, claims, key }: Change = {}): Promise<string> {
  const jwk = firstKey()
  return new SignJWT({ ...claimsOf(who), ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: jwk.kid, typ: 'at+jwt', ...header })
    .sign(key ?? (await importJWK(jwk, 'EdDSA')))
}

export const FORGERIES: [string, (who: Person) => Promise<string>][] = [
  ['no signature (alg none)', async (who) => unsigned(who)],
  [
    'our public key as an HMAC secret',
    (who) => forge(who, { header: { alg: 'HS256' }, key: Buffer.from(firstKey().x, 'base64url') }),
  ],
  ['a key that is not ours', async (who) => forge(who, { key: (await generateKeyPair('EdDSA')).privateKey })],
  ['a key id that we do not have', (who) => forge(who, { header: { kid: 'another' } })],
  ['another audience', (who) => forge(who, { claims: { aud: 'chat-lease' } })],
  ['no audience', (who) => forge(who, { claims: { aud: undefined } })],
  ['another issuer', (who) => forge(who, { claims: { iss: 'https://evil.test' } })],
  ['another type', (who) => forge(who, { header: { typ: 'JWT' } })],
  ['no type', (who) => forge(who, { header: { typ: undefined } as never })],
  [
    'an end in the past',
    (who) => forge(who, { claims: { iat: nowS() - 400, exp: nowS() - CLOCK_SKEW_S - 1 } }),
  ],
  ['no end', (who) => forge(who, { claims: { exp: undefined } })],
  ['a life longer than ours', (who) => forge(who, { claims: { iat: nowS() - 3_600, exp: nowS() + 3_600 } })],
  ['a start in the future', (who) => forge(who, { claims: { nbf: nowS() + 60 } })],
  ['an issue in the future', (who) => forge(who, { claims: { iat: nowS() + 60 } })],
  ['no session', (who) => forge(who, { claims: { sid: undefined } })],
  ['a person that is not an id', (who) => forge(who, { claims: { sub: 'ada' } })],
  ['another person put in', tampered],
  ['a lease', async (who) => (await mintLease(env, who.identity, Date.now())).token],
  ['what a session cookie holds', async (who) => who.session],
  ['nothing', async () => ''],
  ['nonsense', async () => 'x.y.z'],
]

function claimsOf({ user, identity }: Person) {
  const now = nowS()
  return {
    iss: 'edgewise',
    aud: 'chat-api',
    sub: user.id,
    sid: identity.sessionId,
    jti: uuidv7(),
    iat: now,
    exp: now + 300,
  }
}

function unsigned(who: Person): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none', typ: 'at+jwt', kid: firstKey().kid })}.${part(claimsOf(who))}.`
}

async function tampered(who: Person): Promise<string> {
  const grace = await person('grace')
  const [head, body = '', signature] = who.accessToken.split('.')
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString())
  const other = Buffer.from(JSON.stringify({ ...claims, sub: grace.user.id })).toString('base64url')
  return [head, other, signature].join('.')
}
