/** The two secrets, checked before anything is built on them (CONTRACT 7): a weak one is worse than none. */
import * as v from 'valibot'
import type { Env } from '../env.ts'
import { logError } from '../log.ts'
import { Refusal } from '../refusal.ts'

export type Secrets = Pick<Env, 'AUTH_KEYS' | 'AUTH_PEPPER'>

const KEYS_MAX = 3
/** 32 bytes of Ed25519 in base64url, and 32 bytes or more in hex. */
const KEY_BYTES = /^[A-Za-z0-9_-]{43}$/
const PEPPER = /^(?:[0-9a-f]{2}){32,}$/i
/** Fewer different digits than any 64 random ones have: "0000…", "0123456789abcdef" four times over. */
const PEPPER_DIGITS_MIN = 8
/** The example key of RFC 8037, appendix A: what people copy first. */
const SAMPLE_KEYS: ReadonlySet<string> = new Set(['nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A'])

const KeyBytes = v.pipe(v.string(), v.regex(KEY_BYTES, 'is not 32 bytes in base64url'))

const SigningKey = v.object({
  kty: v.literal('OKP'),
  crv: v.literal('Ed25519'),
  kid: v.pipe(v.string(), v.minLength(1)),
  x: KeyBytes,
  d: v.pipe(
    KeyBytes,
    v.check((d) => !SAMPLE_KEYS.has(d) && isVaried(d), 'is a sample'),
  ),
})
export type SigningKey = v.InferOutput<typeof SigningKey>

const KeySet = v.pipe(
  v.string('is missing'),
  v.parseJson(undefined, 'is not JSON'),
  v.object({
    keys: v.pipe(
      v.array(SigningKey),
      v.minLength(1, 'holds no key'),
      v.maxLength(KEYS_MAX, `holds more than ${KEYS_MAX} keys`),
      v.check((keys) => new Set(keys.map((key) => key.kid)).size === keys.length, 'holds one kid twice'),
    ),
  }),
)

const CheckedSecrets = v.object({
  AUTH_KEYS: KeySet,
  AUTH_PEPPER: v.pipe(
    v.string('is missing'),
    v.regex(PEPPER, 'is not 32 bytes in hex'),
    v.check((pepper) => isVaried(pepper) && !isRepeated(pepper), 'is a sample'),
  ),
})

let known: { secrets: Secrets; keys: SigningKey[] } | undefined

/**
 * The signing keys, the first one first; both secrets have been checked.
 * @throws Refusal `unavailable`, after a log line that names the secret and never shows it
 */
export function signingKeys(secrets: Secrets): SigningKey[] {
  const isKnown =
    known?.secrets.AUTH_KEYS === secrets.AUTH_KEYS && known?.secrets.AUTH_PEPPER === secrets.AUTH_PEPPER
  if (known && isKnown) return known.keys
  const { AUTH_KEYS, AUTH_PEPPER } = secrets
  const checked = v.safeParse(CheckedSecrets, { AUTH_KEYS, AUTH_PEPPER })
  if (!checked.success) {
    const [issue] = checked.issues
    logError(
      'secrets',
      new Error(`${v.getDotPath(issue)} ${problemOf(issue)}: set it with "wrangler secret put"`),
    )
    throw new Refusal('unavailable', 'this server is not set up yet')
  }
  known = { secrets: { AUTH_KEYS, AUTH_PEPPER }, keys: checked.output.AUTH_KEYS.keys }
  return known.keys
}

/** valibot's own messages quote what was received; only the ones written here may reach a log. */
function problemOf(issue: v.BaseIssue<unknown>): string {
  const isOurs = issue.kind === 'validation' || issue.message.startsWith('is ')
  return isOurs ? issue.message : 'is not a set of Ed25519 keys'
}

function isVaried(text: string): boolean {
  return new Set(text.toLowerCase()).size >= PEPPER_DIGITS_MIN
}

/** True for a short text over and over, however varied it is by itself. */
function isRepeated(text: string): boolean {
  return (text + text).indexOf(text, 1) < text.length
}
