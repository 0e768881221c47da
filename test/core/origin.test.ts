/** CONTRACT 2: unsafe methods and upgrades from a foreign Origin are refused; a missing one is for programs. */
import { describe, expect, it } from 'vitest'
import { isForeign } from '../../src/auth/origin.ts'

const OWN = 'https://edgewise.test'
const LISTED = 'https://partner.test'
const bearer = { authorization: 'Bearer x' }

function from(headers: Record<string, string>, more: { method?: string; isUpgrade?: boolean } = {}): boolean {
  return isForeign({
    own: OWN,
    allowed: [LISTED],
    method: 'POST',
    isUpgrade: false,
    headers: new Headers(headers),
    ...more,
  })
}

describe.each([
  ['an unsafe method', {}],
  ['an upgrade', { method: 'GET', isUpgrade: true }],
])('CONTRACT 2 %s', (_, kind) => {
  it.each([
    ['our own page', { origin: OWN, 'sec-fetch-site': 'same-origin' }],
    ['our own page in a browser without fetch metadata', { origin: OWN }],
    ['a listed origin', { origin: LISTED, 'sec-fetch-site': 'cross-site' }],
    ['a program with a Bearer token', bearer],
    ['a program with cookies', { cookie: 'session=x' }],
  ])('is open to %s', (_who, headers) => {
    expect(from(headers, kind)).toBe(false)
  })

  it.each([
    ['another site', { origin: 'https://evil.test' }],
    ['another site, also with a Bearer token', { origin: 'https://evil.test', ...bearer }],
    ['our host without TLS', { origin: 'http://edgewise.test' }],
    ['our host on another port', { origin: 'https://edgewise.test:8443' }],
    ['a subdomain of ours', { origin: 'https://x.edgewise.test' }],
    ['a host that ends like ours', { origin: 'https://notedgewise.test' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['an empty origin', { origin: '' }],
    ['what says that it is us from elsewhere', { origin: OWN, 'sec-fetch-site': 'cross-site' }],
    ['what says that it is us from a sibling', { origin: OWN, 'sec-fetch-site': 'same-site' }],
    ['a browser that does not say from where', { 'sec-fetch-site': 'same-origin' }],
    ['a browser that came from nowhere', { 'sec-fetch-site': 'none', cookie: 'session=x' }],
  ])('is closed to %s', (_who, headers) => {
    expect(from(headers, kind)).toBe(true)
  })
})

it.each(['GET', 'HEAD', 'OPTIONS'])(
  'CONTRACT 2 %s changes nothing and is not readable elsewhere',
  (method) => {
    expect(from({ origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }, { method })).toBe(false)
  },
)
