/**
 * Message text → nodes: the one place that decides what text may become. What it means is the grammar's
 * business; here it is drawn. Nothing is ever made of HTML, so a message can hold anything.
 */
import type { ComponentChild } from 'preact'
import { type Block, type Inline, parse, plainText } from '../../src/protocol/grammar.ts'
import { CodeBlock } from './CodeBlock.tsx'
import { linkText } from './link-text.ts'
import css from './MessageText.module.css'
import { NamedEmoji } from './NamedEmoji.tsx'
import { Spoiler } from './Spoiler.tsx'

/** Who is meant by a username here; null where nobody is, and the text stays text. */
export type FindNamed = (username: string) => { name: string; isMe: boolean } | null

const EMOJI_ONLY = /^(?:\p{RGI_Emoji}\s?){1,3}$/v

export function renderText(text: string, findNamed: FindNamed = () => null): ComponentChild[] {
  try {
    return drawBlocks(parse(text), findNamed)
  } catch (error) {
    // One message that the grammar cannot take must not take the list with it.
    console.error(error)
    return [text]
  }
}

/** One to three emoji and nothing else: shown large (ML-11). */
export function isEmojiOnly(text: string): boolean {
  return text.length <= 48 && EMOJI_ONLY.test(text.trim())
}

/** Paragraphs stay without an element of their own, so that the time can float into the last line. */
function drawBlocks(blocks: readonly Block[], findNamed: FindNamed): ComponentChild[] {
  return blocks.flatMap((block, n) => {
    if (block.kind !== 'paragraph') return [drawBlock(block, findNamed)]
    const nodes = drawInline(block.children, findNamed)
    return blocks[n - 1]?.kind === 'paragraph' ? ['\n', ...nodes] : nodes
  })
}

function drawBlock(block: Exclude<Block, { kind: 'paragraph' }>, findNamed: FindNamed): ComponentChild {
  if (block.kind === 'quote') {
    return (
      <blockquote class={css.quote} dir="auto">
        {drawInline(block.children, findNamed)}
      </blockquote>
    )
  }
  if (block.kind === 'fence') return <CodeBlock language={block.language} text={block.text} />
  if (!block.isOrdered) {
    return (
      <ul class={css.bullets}>
        {block.items.map(({ children }) => (
          <li>{drawInline(children, findNamed)}</li>
        ))}
      </ul>
    )
  }
  return (
    <ol class={css.numbers}>
      {block.items.map(({ mark, children }) => (
        // As it was numbered: whoever answers "3." and "7." means those.
        <li value={Number.parseInt(mark, 10)}>{drawInline(children, findNamed)}</li>
      ))}
    </ol>
  )
}

function drawInline(nodes: readonly Inline[], findNamed: FindNamed): ComponentChild[] {
  return nodes.map((node) => drawNode(node, findNamed))
}

function drawNode(node: Inline, findNamed: FindNamed): ComponentChild {
  switch (node.kind) {
    case 'text':
      return node.text
    case 'code':
      return <code class={css.code}>{node.text}</code>
    case 'link':
      return (
        <a href={node.href} target="_blank" rel="noopener noreferrer nofollow">
          {linkText(node)}
        </a>
      )
    case 'emoji':
      return <NamedEmoji text={node.text} />
    case 'mention':
      return drawMention(node.name, findNamed)
    case 'spoiler':
      return (
        <Spoiler room={plainText([{ kind: 'paragraph', children: node.children }])}>
          {drawInline(node.children, findNamed)}
        </Spoiler>
      )
    case 'bold':
      return <strong>{drawInline(node.children, findNamed)}</strong>
    case 'italic':
      return <em>{drawInline(node.children, findNamed)}</em>
    case 'strike':
      return <s>{drawInline(node.children, findNamed)}</s>
  }
}

function drawMention(username: string, findNamed: FindNamed): ComponentChild {
  const named = findNamed(username)
  if (!named) return `@${username}`
  return (
    <bdi class={css.mention} data-me={named.isMe} title={`@${username}`}>
      @{named.name}
    </bdi>
  )
}
