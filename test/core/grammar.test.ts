import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Block, type Inline, parse, plainText, unparse } from '../../src/protocol/grammar.ts'
import { seededRandom } from '../support/fake-random.ts'

/** A short way to write what is expected: `bold[x]`, `code(x)`, `link(href)`, `@name`, text as it is. */
function told(blocks: Block[]): string {
  const inline = (nodes: Inline[]): string =>
    nodes
      .map((node) => {
        if (node.kind === 'text') return node.text
        if (node.kind === 'mention') return `@[${node.name}]`
        if (node.kind === 'link') return `link(${node.href})`
        if (node.kind === 'code') return `code(${node.text})`
        if (node.kind === 'emoji') return `emoji(${node.text})`
        return `${node.kind}[${inline(node.children)}]`
      })
      .join('')
  return blocks
    .map((block) => {
      if (block.kind === 'paragraph') return inline(block.children)
      if (block.kind === 'quote') return `quote{${inline(block.children)}}`
      if (block.kind === 'fence') return `fence:${block.language}{${block.text}}`
      return `${block.isOrdered ? 'ol' : 'ul'}{${block.items.map((item) => inline(item.children)).join('|')}}`
    })
    .join(' / ')
}

describe('the grammar', () => {
  it.each([
    ['plain text', 'plain text'],
    ['**bold** and *italic* and _too_', 'bold[bold] and italic[italic] and italic[too]'],
    ['~~gone~~ ||secret||', 'strike[gone] spoiler[secret]'],
    ['`a * b` and ``c ` d``', 'code(a * b) and code(c ` d)'],
    ['**a *b* c**', 'bold[a italic[b] c]'],
    ['snake_case_name and 2*3*4', 'snake_case_name and 2*3*4'],
    ['** not bold ** and **', '** not bold ** and **'],
    ['**never closed', '**never closed'],
    ['**a *b** c*', 'bold[a *b] c*'],
    ['**** and ____', '**** and ____'],
    ['> one\n> two\nthree', 'quote{one\ntwo} / three'],
    ['- a\n- **b**\n1. c\n2) d', 'ul{a|bold[b]} / ol{c|d}'],
    ['```ts\nconst a = 1\n```\nafter', 'fence:ts{const a = 1} / after'],
    ['```\nhalf a program', 'fence:{half a program}'],
    ['a ``` b', 'a ``` b'],
    ['hi @ada, mail ada@example.org', 'hi @[ada], mail ada@example.org'],
    ['@ada입니다', '@[ada]입니다'],
    ['see https://example.com/a(b)?c=d#e.', 'see link(https://example.com/a(b)?c=d#e).'],
    ['(https://example.com)', '(link(https://example.com/))'],
    ['(https://example.org/Ada_(name))', '(link(https://example.org/Ada_(name)))'],
    ['https://example.org/a)).', 'link(https://example.org/a))).'],
    ['javascript:alert(1) data:text/html,x', 'javascript:alert(1) data:text/html,x'],
    ['mailto:ada@example.org', 'link(mailto:ada@example.org)'],
    ['http://localhost:8787/c/1', 'link(http://localhost:8787/c/1)'],
    ['<b>not html</b> &amp;', '<b>not html</b> &amp;'],
  ])('reads %j', (text, expected) => {
    expect(told(parse(text))).toBe(expected)
  })

  it.each([
    ['done :tada: and :+1:', 'done emoji(:tada:) and emoji(:+1:)'],
    ['축하:tada:해요', '축하emoji(:tada:)해요'],
    ['**:tada:**', 'bold[emoji(:tada:)]'],
    ['`:tada:` at 10:30:00, a:tada:b, ::tada:: :x', 'code(:tada:) at 10:30:00, a:tada:b, ::tada:: :x'],
    ['_so :_ and :_so:', 'italic[so :] and :_so:'],
  ])('2.3 emoji by name: %j', (text, expected) => {
    expect(told(parse(text))).toBe(expected)
    expect(unparse(parse(text))).toBe(text)
    expect(plainText(parse(':tada:'))).toBe(':tada:')
  })

  it.each([
    ['**강조(영어)**는', 'bold[강조(영어)]는'],
    ['**"굵게"**는', 'bold["굵게"]는'],
    ['_이탤릭_은', 'italic[이탤릭]은'],
    ['2026. 11. 22. 일요일', '2026. 11. 22. 일요일'],
    ['https://example.com입니다', 'link(https://example.com/)입니다'],
  ])('IN-3 reads Korean as it was meant: %j', (text, expected) => {
    expect(told(parse(text))).toBe(expected)
  })

  const pieces = [
    '**',
    '*',
    '_',
    '~~',
    '||',
    '`',
    '```',
    '> ',
    '- ',
    '1. ',
    '\n',
    ' ',
    'a',
    '가',
    '😀',
    '@ada',
    ':tada:',
    ':a',
    'https://a.kr/b',
    ')',
    '\\',
  ]

  // Two seconds, and more where others want the processor too.
  it('never throws and loses nothing: 20,000 texts of marks and of anything', { timeout: 60_000 }, () => {
    const ofMarks = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(ofMarks, fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
        const blocks = parse(text)
        expect(unparse(blocks)).toBe(text)
        expect(plainText(blocks).length).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 20_000 },
    )
  })

  it.each(pieces)('is linear in what is meant to hurt: %j repeated to a million characters', (piece) => {
    const time = (length: number) => {
      const text = piece.repeat(Math.ceil(length / piece.length))
      const startedAt = performance.now()
      expect(unparse(parse(text)) === text).toBe(true)
      return performance.now() - startedAt
    }
    time(10_000)
    // Ten times as long, quadratically, would be a hundred times as slow, and minutes.
    expect(time(1_000_000)).toBeLessThan(Math.max(3_000, 60 * time(100_000)))
  })

  it('takes a million characters of marks and of anything at once: nothing thrown, nothing lost, in linear time', () => {
    const random = seededRandom(20_260_601)
    const whole = (max: number) => Math.floor(random() * max)
    const some = () => {
      const dice = random()
      if (dice < 0.6) return pieces[whole(pieces.length)] ?? ''
      // Any code unit at all, halves of characters too.
      if (dice < 0.8) return String.fromCharCode(whole(0x1_00_00))
      return String.fromCodePoint(0x20 + whole(0x5f))
    }
    const anything = (length: number) => {
      const parts: string[] = []
      for (let left = length; left > 0; left -= parts.at(-1)?.length ?? 1) parts.push(some())
      return parts.join('')
    }
    const time = (text: string) => {
      const startedAt = performance.now()
      const blocks = parse(text)
      const ms = performance.now() - startedAt
      expect(unparse(blocks) === text).toBe(true)
      expect(plainText(blocks).length).toBeLessThanOrEqual(text.length)
      return ms
    }
    time(anything(10_000))
    // Quadratic, ten times as long would be a hundred times as slow, and minutes.
    const tenth = time(anything(100_000))
    expect(time(anything(1_000_000))).toBeLessThan(Math.max(10_000, 60 * tenth))
    // Without line ends all of it is one block: the worst that one can be.
    expect(time(anything(1_000_000).replaceAll('\n', ' '))).toBeLessThan(Math.max(10_000, 60 * tenth))
  }, 60_000)
})
