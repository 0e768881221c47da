/** What a message should look like, said apart from the page: the same words, and only such links. */
import type { Page } from 'playwright-core'
import { type Inline, parse, plainText } from '../../../src/protocol/grammar.ts'
import { linkText } from '../../../web/ui/link-text.ts'

/** One message as it stands in the page. */
export type Drawn = { seq: number; text: string; links: string[]; strange: string[] }

/** All messages of the open conversation, each without its author, quote and time. */
export function drawnIn(page: Page): Promise<Drawn[]> {
  return page.evaluate(() => {
    const isStrange = (element: Element) =>
      /^(script|style|iframe|object|embed|img|image|video|audio|form|input|base|meta|link|math|template|animate|foreignobject)$/i.test(
        element.tagName,
      ) || element.getAttributeNames().some((name) => name.startsWith('on') || name === 'srcdoc')
    return [...document.querySelectorAll('[role="log"] li[data-seq]')].map((row) => {
      const body = row.querySelector('article time')?.parentElement?.parentElement
      const words = body?.cloneNode(true) as HTMLElement | undefined
      words?.querySelector('time')?.parentElement?.remove()
      // What unfolds a long one is ours.
      words?.querySelector('button[aria-expanded]')?.remove()
      return {
        seq: Number(row.getAttribute('data-seq')),
        text: words?.textContent ?? '',
        links: [...(body?.querySelectorAll('a') ?? [])].map(
          (link) => `${link.href} ${link.rel} ${link.target}`,
        ),
        strange: [...row.querySelectorAll('*')].filter(isStrange).map(({ outerHTML }) => outerHTML),
      }
    })
  })
}

/** White space is the layout's: what counts is that no character is missing, changed or too many. */
export function squeezed(text: string): string {
  return text.replace(/\s/gu, '')
}

/** @param names username → what a mention of them is drawn as */
export function expectedText(text: string, names: ReadonlyMap<string, string>): string {
  const read = (nodes: readonly Inline[]): string => nodes.map(readOne).join('')
  const readOne = (node: Inline): string => {
    if (node.kind === 'mention') return `@${names.get(node.name.toLowerCase()) ?? node.name}`
    if (node.kind === 'link') return linkText(node)
    // Hidden until it is pressed: there is as much room as its words take.
    if (node.kind === 'spoiler') return plainText([{ kind: 'paragraph', children: node.children }])
    return 'children' in node ? read(node.children) : node.text
  }
  return parse(text)
    .map((block) => {
      if (block.kind === 'fence') return block.text
      return block.kind === 'list'
        ? block.items.map(({ children }) => read(children)).join('')
        : read(block.children)
    })
    .join('')
}
