/** A message where there is room for a line and none for marks: lists, quotes, what is read aloud. */
import { type Block, type Inline, parse, plainText } from '../../src/protocol/grammar.ts'

/** What stands for a spoiler where it cannot be opened. */
const HIDDEN = '▒▒▒'

/** Without marks, and without what its author has hidden. */
export function withoutMarks(text: string): string {
  return plainText(parse(text).map(blockWithoutSpoilers))
}

function blockWithoutSpoilers(block: Block): Block {
  if (block.kind === 'fence') return block
  if (block.kind !== 'list') return { ...block, children: block.children.map(withoutSpoilers) }
  const items = block.items.map((item) => ({ ...item, children: item.children.map(withoutSpoilers) }))
  return { ...block, items }
}

function withoutSpoilers(node: Inline): Inline {
  if (node.kind === 'spoiler') return { kind: 'text', text: HIDDEN }
  return 'children' in node ? { ...node, children: node.children.map(withoutSpoilers) } : node
}
