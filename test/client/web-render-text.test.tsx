// @vitest-environment happy-dom
import fc from 'fast-check'
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse, plainText } from '../../src/protocol/grammar.ts'
import { loadLanguage } from '../../web/state/i18n.ts'
import { findNamedIn } from '../../web/ui/named.ts'
import { withoutMarks } from '../../web/ui/plain-text.ts'
import { isEmojiOnly, renderText } from '../../web/ui/render-text.tsx'
import { ada, button, grace, only } from './web-stage.tsx'

function draw(text: string): HTMLElement {
  const root = document.createElement('div')
  act(() => render(renderText(text, findNamedIn(MEMBERS, ['all'], ada.id)), root))
  return root
}

const MEMBERS = new Map([ada, grace].map((user) => [user.id, { user, role: 'member' as const }]))

beforeAll(() => loadLanguage())

describe('ML-13 links', () => {
  test.each([
    ['see https://example.com.', 'https://example.com'],
    ['(https://example.com/ada)', 'https://example.com/ada'],
    ['https://en.wikipedia.org/wiki/Ada_(name)', 'https://en.wikipedia.org/wiki/Ada_(name)'],
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

  test.each(['javascript:alert(1)', 'data:text/html,hi', 'ftp://example.com', 'https://'])(
    'ML-13 %s stays text',
    (text) => {
      expect(draw(text).querySelector('a')).toBeNull()
    },
  )
})

describe('ML-13 whose site it is', () => {
  test.each([
    ['https://аpple.com/id', 'https://xn--pple-43d.com/id'],
    ['https://google.comノevil.com', 'https://google.xn--comevil-v04f.com'],
    ['https://münchen.de', 'https://münchen.de'],
    ['https://한국.com/경로', 'https://한국.com/경로'],
  ])('ML-13 %s is shown as %s', (text, shown) => {
    expect(only(draw(text), 'a').textContent).toBe(shown)
  })
})

describe('2.3 marks', () => {
  test.each([
    ['**강조(영어)**는', 'strong', '강조(영어)'],
    ['so _very_ true', 'em', 'very'],
    ['~~old~~ new', 's', 'old'],
    ['run `npm test` now', 'code', 'npm test'],
    ['> quoted\nanswer', 'blockquote', 'quoted'],
    ['```ts\nconst a = 1\n```', 'pre[dir="ltr"] > code', 'const a = 1'],
  ])('2.3 %j', (text, selector, content) => {
    expect(only(draw(text), selector).textContent).toBe(content)
  })

  test('2.3 a list keeps the numbers that it was given', () => {
    const items = draw('3. three\n7. seven').querySelectorAll('li')
    expect([...items].map((item) => [item.value, item.textContent])).toEqual([
      [3, 'three'],
      [7, 'seven'],
    ])
  })

  test('2.3 a member who is named is a chip with the name, stronger for oneself; a stranger is text', () => {
    const root = draw('@grace and @ada met @charles, @all but @here')
    const chips = [...root.querySelectorAll<HTMLElement>('bdi')]
    expect(chips.map((chip) => [chip.textContent, chip.dataset.me])).toEqual([
      ['@Grace Hopper', 'false'],
      ['@Ada Lovelace', 'true'],
      ['@all', 'true'],
    ])
    expect(root.textContent).toBe('@Grace Hopper and @Ada Lovelace met @charles, @all but @here')
  })

  test('2.3 a spoiler shows what it hides when it is asked, and keeps the focus there', () => {
    const root = draw('the murderer is ||**the gardener**||')
    document.body.replaceChildren(root)
    expect(root.querySelector('strong')).toBeNull()
    act(() => button(root, 'Spoiler: show').click())
    expect(only(root, 'strong').textContent).toBe('the gardener')
    expect(document.activeElement?.textContent).toBe('the gardener')
  })

  test('2.3 a preview has no marks, and does not tell what is hidden', () => {
    expect(withoutMarks('**so** it was ||the _gardener_||')).toBe('so it was ▒▒▒')
  })
})

test('S5 text is only ever text: nothing in it becomes an element of its own, and nothing of it is lost', () => {
  const piece = fc.constantFrom(
    '<img src=x onerror=alert(1)>',
    'https://example.com/',
    '<b>',
    '**',
    '||',
    '`',
    '\n```\n',
    '\n> ',
    '\n1. ',
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
      expect(bare(root.textContent)).toBe(bare(plainText(parse(text))))
      expect([...root.querySelectorAll('*')].filter(({ localName }) => !DRAWN.has(localName))).toEqual([])
    }),
  )
})

const DRAWN = new Set([
  'a',
  'strong',
  'em',
  's',
  'code',
  'pre',
  'blockquote',
  'ul',
  'ol',
  'li',
  'button',
  'span',
])

/** Without line breaks: between blocks the document has elements where the text has none. */
const bare = (text: string | null) => text?.replaceAll('\n', '')

test('ML-11 one to three emoji alone are shown large', () => {
  for (const text of ['🎉', '👩‍👩‍👧 👍🏽', '🇰🇷🇰🇷🇰🇷']) expect(isEmojiOnly(text), text).toBe(true)
  for (const text of ['', '1', '🎉🎉🎉🎉', 'hi 🎉']) expect(isEmojiOnly(text), text).toBe(false)
})
