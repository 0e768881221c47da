// @vitest-environment happy-dom
import english from 'emoji-picker-element-data/en/github/data.json'
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { loadEmoji } from '../../web/state/emoji.ts'
import { loadLanguage } from '../../web/state/i18n.ts'
import { colouredCode } from '../../web/ui/code-colours.ts'
import { codeLanguage } from '../../web/ui/code-languages.ts'
import { renderText } from '../../web/ui/render-text.tsx'
import { only } from './web-stage.tsx'

const CODE = 'const two = 1 + 1 // <b>sum</b>\n\nfunction sum(a: number) {\n\treturn a }'

function draw(text: string): HTMLElement {
  const root = document.createElement('div')
  act(() => render(renderText(text), root))
  return root
}

beforeAll(() => loadLanguage())

describe('2.3 code in colour', () => {
  test('2.3 it is drawn at once, and coloured later without a change of a single character', async () => {
    const root = draw(`\`\`\`ts\n${CODE}\n\`\`\``)
    const code = only(root, 'pre > code')
    expect(code.textContent).toBe(CODE)
    expect(code.children).toHaveLength(0)
    // Its languages are loaded first.
    await vi.waitFor(() => expect(code.children.length).toBeGreaterThan(4), { timeout: 10_000 })
    expect(code.textContent).toBe(CODE)
    expect(only(root, 'pre > code')).toBe(code)
    expect(root.querySelector('b')).toBeNull()
  })

  test('2.3 who comes back to it finds it coloured', () => {
    expect(only(draw(`\`\`\`ts\n${CODE}\n\`\`\``), 'code').children.length).toBeGreaterThan(4)
  })

  test.each([
    ['an unknown language', `\`\`\`brainfuck\n${CODE}\n\`\`\``],
    ['no language', `\`\`\`\n${CODE}\n\`\`\``],
    ['more than 20,000 characters', `\`\`\`ts\n${'const a = 1\n'.repeat(2_000)}\n\`\`\``],
  ])('2.3 %s stays in one colour', async (_, text) => {
    const root = draw(text)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(only(root, 'code').children).toHaveLength(0)
  })

  test.each([
    ['typescript', 'const a = "b" // c', ['keyword', 'string', 'comment']],
    ['javascript', 'function f() { return 1 }', ['keyword', 'called', 'number']],
    ['python', 'def f(): # c\n  return "x"', ['keyword', 'called', 'comment', 'string']],
    ['json', '{"a": 1, "b": true}', ['attribute', 'number', 'keyword']],
    ['bash', 'echo "$HOME" # c', ['keyword', 'string', 'number', 'comment']],
    ['xml', '<a href="x">y</a>', ['keyword', 'attribute', 'string']],
    ['css', '.a { color: #fff; }', ['called', 'attribute', 'number']],
    ['sql', "SELECT 1 FROM t WHERE a = 'x'", ['keyword', 'number', 'string']],
  ] as const)('2.3 %s: %s', (language, text, colours) => {
    const pieces = colouredCode(language, text)
    expect(pieces.map((piece) => piece.text).join('')).toBe(text)
    for (const colour of colours) expect(pieces.map((piece) => piece.colour)).toContain(colour)
  })

  test('2.3 languages have the names that people write', () => {
    expect(['TS', 'jsx', 'py', 'sh', 'html', 'constructor'].map(codeLanguage)).toEqual([
      'typescript',
      'javascript',
      'python',
      'bash',
      'xml',
      undefined,
    ])
  })
})

test('2.3 a known short name is shown as its emoji, an unknown one stays as it was written', async () => {
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => new Response(JSON.stringify(english))),
  )
  const root = draw('done :tada: :TADA: :constructor: `:tada:`')
  expect(root.textContent).toBe('done :tada: :TADA: :constructor: `:tada:`'.replaceAll('`', ''))
  await act(() => loadEmoji())
  await vi.waitFor(() => expect(root.textContent).toContain('🎉'))
  expect(root.textContent).toBe('done 🎉 🎉 :constructor: :tada:')
  vi.unstubAllGlobals()
})
