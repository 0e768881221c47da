/**
 * Ids. User ids and client ids are UUIDs that their maker makes as version 7 (RFC 9562), so that they sort
 * by time in an index and in a log. Nothing trusts the time inside one: order is `seq`, never an id.
 */
import * as v from 'valibot'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** A UUID in lower case. Only its uniqueness is relied on, so any RFC 9562 version is taken. */
export const Uuid = v.pipe(v.string(), v.regex(UUID, 'must be a UUID in lower case'))

/** The hex name of a Durable Object, minted by the runtime: 64 digits that cannot be guessed or forged. */
export const ConversationId = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'is not a conversation id'))

/** A place in a conversation's log: 1, 2, 3, … */
export const Seq = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

/** A place to go on from: like {@link Seq}, and 0 for "before the first". */
export const Position = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

/** The name of the object of a direct conversation: its two members, in one order. */
export function directName(a: string, b: string): string {
  const [first, second] = [a, b].sort()
  return `direct:${first}:${second}`
}

/**
 * Makes a UUIDv7.
 * @param now ms since 1970, the first 48 bits
 * @param random fills the rest; the default is the platform's cryptographic source
 */
export function uuidv7(
  now: number = Date.now(),
  random: (bytes: Uint8Array<ArrayBuffer>) => void = fill,
): string {
  const bytes = new Uint8Array(16)
  random(bytes)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, Math.floor(now / 2 ** 32))
  view.setUint32(2, now % 2 ** 32)
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70)
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80)
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function fill(bytes: Uint8Array<ArrayBuffer>): void {
  crypto.getRandomValues(bytes)
}
