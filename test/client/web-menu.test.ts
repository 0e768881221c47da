import { describe, expect, test } from 'vitest'
import { deviceName } from '../../web/ui/device-name.ts'
import { menuTarget } from '../../web/ui/menu-keys.ts'

const labels = ['Pin', 'Mark as read', 'Mute', 'Mentions only']

describe('AX-5 the keys of a menu', () => {
  const press = (key: string, at: number, typed = { text: '', at: 0 }, now = 10_000) =>
    menuTarget({ key, at, labels, typed }, now)

  test.each([
    ['ArrowDown', 0, 1],
    ['ArrowDown', 3, 0],
    ['ArrowUp', 0, 3],
    ['Home', 2, 0],
    ['End', 0, 3],
    ['m', 0, 1],
    ['m', 1, 2],
    ['m', 3, 1],
    ['x', 2, 2],
    ['Enter', 0, null],
    [' ', 0, null],
  ])('AX-5 %s from %i leads to %o', (key, at, target) => {
    expect(press(key, at)).toBe(target)
  })

  test('AX-5 letters that come together spell one name, and after a pause begin anew', () => {
    const typed = { text: '', at: 0 }
    expect(press('m', 0, typed, 1_000)).toBe(1)
    expect(press('e', 1, typed, 1_200)).toBe(3)
    expect(press('p', 3, typed, 9_000)).toBe(0)
  })
})

describe('what a device is called', () => {
  test.each([
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
      'Chrome Linux',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36 Edg/156.0',
      'Edge Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari iPhone',
    ],
    ['Mozilla/5.0 (Android 15; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0', 'Firefox Android'],
  ])('%s', (userAgent, name) => {
    expect(Object.values(deviceName(userAgent) ?? {}).join(' ')).toBe(name)
  })

  test('a program has no name but its own', () => {
    expect(deviceName('node')).toBeNull()
  })
})
