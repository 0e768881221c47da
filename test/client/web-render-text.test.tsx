// @vitest-environment happy-dom
import fc from 'fast-check'
import { render } from 'preact'
import { describe, expect, test } from 'vitest'
import { isEmojiOnly, renderText } from '../../web/ui/render-text.tsx'

function draw(text: string): HTMLElement {
  const root = document.createElement('div')
  render(renderText(text), root)
  return root
}

describe('ML-13 links', () => {
  test.each([
    ['see https://example.com.', 'https://example.com'],
    ['(https://en.wikipedia.org/wiki/Ada_(name))', 'https://en.wikipedia.org/wiki/Ada_(name)'],
    ['https://example.com입니다', 'https://example.com'],
    ['https://example.com/경로?q=김민지#끝 그리고', 'https://example.com/경로?q=김민지#끝'],
    ['HTTP://EXAMPLE.COM:8080/x, and more', 'HTTP://EXAMPLE.COM:8080/x'],
  ])('ML-13 %s', (text, link) => {
    const root = draw(text)
    const [anchor, ...others] = root.querySelectorAll('a')
    expect(others).toEqual([])
    expect(anchor?.textContent).toBe(link)
    expect(anchor?.getAttribute('rel')).toBe('noopener noreferrer nofollow')
    expect(root.textContent).toBe(text)
  })

  test.each([
    'javascript:alert(1)',
    'data:text/html,hi',
    'ftp://example.com',
    'https://',
    'https://аpple.com',
  ])('ML-13 %s stays text', (text) => {
    expect(draw(text).querySelector('a')).toBeNull()
  })
})

test('S5 text is only ever text: nothing in it becomes an element, and nothing of it is lost', () => {
  const piece = fc.constantFrom(
    '<img src=x onerror=alert(1)>',
    'https://a.b/',
    '<b>',
    '&amp;',
    '\n',
    '"',
    '안녕',
    ')',
    '.',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 }), (pieces) => {
      const text = pieces.join('')
      const root = draw(text)
      expect(root.textContent).toBe(text)
      expect([...root.querySelectorAll('*')].every((element) => element.localName === 'a')).toBe(true)
    }),
  )
})

test('ML-11 one to three emoji alone are shown large', () => {
  for (const text of ['🎉', '👩‍👩‍👧 👍🏽', '🇰🇷🇰🇷🇰🇷']) expect(isEmojiOnly(text), text).toBe(true)
  for (const text of ['', '1', '🎉🎉🎉🎉', 'hi 🎉']) expect(isEmojiOnly(text), text).toBe(false)
})
