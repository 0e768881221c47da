import { describe, expect, it } from 'vitest'
import { addressOf, decoyFor, deviceOf } from '../../src/auth/caller.ts'

function request(headers: Record<string, string>): Request {
  return new Request('https://edgewise.test/', { headers })
}

describe('the network of a caller', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['nonsense', 'unknown'],
  ])('%s is in %s', (address, network) => {
    expect(addressOf(request({ 'cf-connecting-ip': address }))).toBe(network)
  })

  it('is unknown where nobody says it', () => {
    expect(addressOf(request({}))).toBe('unknown')
  })
})

it('a device is described in one short line', () => {
  expect(deviceOf(request({ 'user-agent': `Mozilla/5.0 ${'x'.repeat(500)}` })).length).toBeLessThanOrEqual(
    200,
  )
  expect(deviceOf(request({}))).toBe('')
})

it('decoys are few, and which one it is cannot be told without the pepper', () => {
  const names = Array.from({ length: 2_000 }, (_, n) => decoyFor('7a'.repeat(32), `nobody_${n}`).name)
  expect(new Set(names).size).toBe(64)
  expect(decoyFor('7a'.repeat(32), 'nobody').nameKey).not.toBe(decoyFor('7b'.repeat(32), 'nobody').nameKey)
})
