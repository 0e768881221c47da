/** What a request tells about its caller, as coarse as what it is used for. */
import { createHmac } from 'node:crypto'
import { excerpt } from '../protocol/index.ts'

const DECOYS = 64
const DEVICE_MAX = 200
const NO_ADDRESS = 'unknown'

/**
 * The network that a request comes from: /24, or /64 for IPv6. One person can have a whole one at hand, and
 * a throttle by the single address would be none.
 */
export function addressOf(request: Request): string {
  const address = request.headers.get('cf-connecting-ip') ?? ''
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  const v4 = /^(\d+\.\d+\.\d+)\.\d+$/.exec(mapped ?? address)?.[1]
  if (v4) return `${v4}.0/24`
  return address.includes(':') ? `${networkOfV6(address)}::/64` : NO_ADDRESS
}

/** What a list of sessions shows: the browser's own words about itself. */
export function deviceOf(request: Request): string {
  return excerpt(request.headers.get('user-agent') ?? '', DEVICE_MAX)
}

/**
 * Which object stands in for a name that nobody has, and under which key it counts. Keyed with the pepper:
 * what was typed as a name may have been a password, and nobody shall aim at one decoy.
 */
export function decoyFor(pepper: string, username: string): { name: string; nameKey: string } {
  const digest = createHmac('sha256', Buffer.from(pepper, 'hex')).update(`decoy|${username}`).digest()
  return { name: `decoy:${digest.readUInt8(0) % DECOYS}`, nameKey: digest.toString('base64url') }
}

function networkOfV6(address: string): string {
  const [head = '', tail] = address.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
