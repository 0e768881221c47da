/**
 * What a message's text means: a small grammar for chat, not CommonMark. One pass over the text, never a
 * throw, never HTML, and nothing lost: {@link unparse} of what {@link parse} gives is the text again.
 *
 * Its rules for emphasis look at what is next to a mark and not at whether that is punctuation, so that
 * `**강조(영어)**는` is bold, as whoever wrote it meant. https://github.com/commonmark/commonmark-spec/issues/650
 */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string; mark: string }
  | { kind: 'bold' | 'italic' | 'strike' | 'spoiler'; mark: string; children: Inline[] }
  /** `href` is what to open, `text` what was written; http, https or mailto. */
  | { kind: 'link'; href: string; text: string }
  | { kind: 'mention'; name: string }
  /** `:tada:` as it was written. Which names there are is the reader's to know. */
  | { kind: 'emoji'; text: string }

export type Block =
  | { kind: 'paragraph'; children: Inline[] }
  /** `marks`: how each line began. */
  | { kind: 'quote'; marks: string[]; children: Inline[] }
  | { kind: 'list'; isOrdered: boolean; items: { mark: string; children: Inline[] }[] }
  | { kind: 'fence'; language: string; text: string; isClosed: boolean }

type Styled = Extract<Inline, { children: Inline[] }>

/** Marks inside marks: deeper ones are text. Also the bound on what one closing mark can undo. */
const DEPTH_MAX = 6

const STYLES: Record<string, Styled['kind']> = {
  '**': 'bold',
  '*': 'italic',
  _: 'italic',
  '~~': 'strike',
  '||': 'spoiler',
}

/**
 * Everything that may be more than text: code, marks, addresses, emoji and names, each found by its first character.
 * Between letters or digits a colon is none of an emoji's: `10:30:00` is a time.
 */
const TOKEN =
  /(?<code>`+)|(?<mark>\*\*|\*|(?<!_)_(?!_)|~~|\|\|)|(?<link>https?:\/\/(?:[\p{L}\p{N}-]+\.)*(?:localhost|[a-z]{2,24})(?![a-z])(?::\d{1,5})?(?:[/?#][^\s<>"`|]*)?|mailto:[\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?<emoji>(?<![a-z0-9:]):(?:[+-]1|[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])):(?![a-z0-9:]))|@(?<name>[a-z0-9_]{3,20})(?![a-z0-9_])/giu

const FENCE = /^```([\w+#.-]{0,30})[ \t]*$/
const FENCE_END = /^```[ \t]*$/
const QUOTE = /^>[ \t]?/
/** Three digits at most: `2026. 11. 22.` is a date. */
const ITEM = /^(?:[-*•][ \t]+|(\d{1,3})[.)][ \t]+)(?=\S)/

export function parse(text: string): Block[] {
  const lines = text.split('\n')
  const blocks: Block[] = []
  let at = 0
  while (at < lines.length) {
    const { block, next } = readBlock(lines, at)
    blocks.push(block)
    at = next
  }
  return blocks
}

/** The text that was parsed, byte for byte. */
export function unparse(blocks: readonly Block[]): string {
  return blocks.map(unparseBlock).join('\n')
}

/** What a person reads of it, without marks. */
export function plainText(blocks: readonly Block[]): string {
  const read = (nodes: readonly Inline[]): string =>
    nodes
      .map((node) =>
        'children' in node ? read(node.children) : 'name' in node ? `@${node.name}` : node.text,
      )
      .join('')
  return blocks
    .map((block) => {
      if (block.kind === 'fence') return block.text
      return block.kind === 'list'
        ? block.items.map((item) => read(item.children)).join('\n')
        : read(block.children)
    })
    .join('\n')
}

function readBlock(lines: readonly string[], at: number): { block: Block; next: number } {
  const line = lines[at] ?? ''
  const fence = FENCE.exec(line)
  if (fence) return readFence(lines, at, fence[1] ?? '')
  if (QUOTE.test(line)) {
    const { taken, rests } = takeLines(lines, at, (each) => QUOTE.exec(each)?.[0])
    const block = { kind: 'quote' as const, marks: taken, children: readInline(rests.join('\n')) }
    return { block, next: at + taken.length }
  }
  const item = ITEM.exec(line)
  if (item) {
    const isOrdered = item[1] !== undefined
    const markOf = (each: string) => {
      const match = ITEM.exec(each)
      return match && (match[1] !== undefined) === isOrdered ? match[0] : undefined
    }
    const { taken, rests } = takeLines(lines, at, markOf)
    const items = taken.map((mark, n) => ({ mark, children: readInline(rests[n] ?? '') }))
    return { block: { kind: 'list', isOrdered, items }, next: at + taken.length }
  }
  let next = at + 1
  while (next < lines.length && !beginsBlock(lines[next] ?? '')) next += 1
  return { block: { kind: 'paragraph', children: readInline(lines.slice(at, next).join('\n')) }, next }
}

function beginsBlock(line: string): boolean {
  return FENCE.test(line) || QUOTE.test(line) || ITEM.test(line)
}

/** Lines that begin alike: their marks, and what follows each. */
function takeLines(
  lines: readonly string[],
  at: number,
  markOf: (line: string) => string | undefined,
): { taken: string[]; rests: string[] } {
  const taken: string[] = []
  const rests: string[] = []
  for (let n = at; n < lines.length; n += 1) {
    const line = lines[n] ?? ''
    const mark = markOf(line)
    if (mark === undefined) break
    taken.push(mark)
    rests.push(line.slice(mark.length))
  }
  return { taken, rests }
}

/** To the closing fence, or to the end: half a program is still a program. */
function readFence(lines: readonly string[], at: number, language: string): { block: Block; next: number } {
  let end = at + 1
  while (end < lines.length && !FENCE_END.test(lines[end] ?? '')) end += 1
  const isClosed = end < lines.length
  const isPlain = lines[at] === `\`\`\`${language}` && (!isClosed || lines[end] === '```')
  // A fence with spaces behind it could not be told again as it was: it is text.
  if (!isPlain) return { block: { kind: 'paragraph', children: readInline(lines[at] ?? '') }, next: at + 1 }
  const text = lines.slice(at + 1, end).join('\n')
  // An unclosed fence with no line after it, and one with an empty line, are not the same text.
  if (end === at + 1)
    return { block: { kind: 'paragraph', children: [{ kind: 'text', text: lines[at] ?? '' }] }, next: at + 1 }
  return { block: { kind: 'fence', language, text, isClosed }, next: isClosed ? end + 1 : end }
}

/** An open mark, and what has come since. */
type Frame = { mark: string; children: Inline[] }

function readInline(text: string): Inline[] {
  const frames: Frame[] = [{ mark: '', children: [] }]
  const closers = codeClosers(text)
  let at = 0
  for (let match = next(text, at); match; match = next(text, at)) {
    say(frames, text.slice(at, match.index))
    at = match.index
    const { code, mark, link, emoji, name } = match.groups ?? {}
    if (code !== undefined) at = readCode(frames, text, at, code, closers)
    else if (mark !== undefined) at = readMark(frames, text, at, mark)
    else if (link !== undefined) at = readLink(frames, text, at, link)
    else if (emoji !== undefined) at = readEmoji(frames, at, emoji)
    else if (name !== undefined) at = readName(frames, text, at, name)
  }
  say(frames, text.slice(at))
  // What was never closed was never a mark.
  while (frames.length > 1) undo(frames)
  return frames[0]?.children ?? []
}

function next(text: string, at: number): RegExpExecArray | null {
  TOKEN.lastIndex = at
  return TOKEN.exec(text)
}

/** Code ends at as many backticks as it began with. Where each run is, once: looking ahead must not be quadratic. */
function codeClosers(text: string): Map<string, number[]> {
  const runs = new Map<string, number[]>()
  for (const { 0: run, index } of text.matchAll(/`+/g)) runs.set(run, [...(runs.get(run) ?? []), index])
  for (const places of runs.values()) places.reverse()
  return runs
}

function readCode(
  frames: Frame[],
  text: string,
  at: number,
  run: string,
  closers: Map<string, number[]>,
): number {
  const places = closers.get(run) ?? []
  while (places.length > 0 && (places.at(-1) ?? 0) <= at) places.pop()
  const end = places.at(-1)
  const start = at + run.length
  if (end === undefined || end === start) {
    say(frames, run)
    return start
  }
  top(frames).children.push({ kind: 'code', text: text.slice(start, end), mark: run })
  return end + run.length
}

/** A mark closes what it opened, if it stands right for that; opens, if it stands right for that; else is text. */
function readMark(frames: Frame[], text: string, at: number, mark: string): number {
  const end = at + mark.length
  const before = text[at - 1] ?? ' '
  const after = text[end] ?? ' '
  // In snake_case and 2*3 a mark between ASCII letters or digits is none; before 은 or 는 it may be.
  const isThin = mark === '*' || mark === '_'
  const canClose = !/\s/.test(before) && !(isThin && /[a-z0-9]/i.test(after))
  const canOpen = !/\s/.test(after) && !(isThin && /[a-z0-9]/i.test(before))
  const place = frames.findLastIndex((frame, n) => n > 0 && frame.mark === mark)
  const isEmpty = place > 0 && place === frames.length - 1 && top(frames).children.length === 0
  if (place > 0 && canClose && !isEmpty) {
    while (frames.length - 1 > place) undo(frames)
    const frame = frames.pop()
    top(frames).children.push({ kind: STYLES[mark] ?? 'bold', mark, children: frame?.children ?? [] })
  } else if (canOpen && place < 1 && frames.length <= DEPTH_MAX) frames.push({ mark, children: [] })
  else say(frames, mark)
  return end
}

/** Without the punctuation that ends the sentence rather than the address. */
function readLink(frames: Frame[], text: string, at: number, link: string): number {
  const isAfterWord = /[\p{L}\p{N}]/u.test(text[at - 1] ?? ' ')
  let end = link.length
  const openings = countOf(link, '(')
  let closings = countOf(link, ')')
  for (; end > 0; end -= 1) {
    const last = link[end - 1] ?? ''
    const isUnbalanced = last === ')' && closings > openings
    if (isUnbalanced) closings -= 1
    if (!/[.,;:!?'*_~\]}…。、]/.test(last) && !isUnbalanced) break
  }
  const written = link.slice(0, end)
  if (isAfterWord || !URL.canParse(written)) say(frames, written)
  else top(frames).children.push({ kind: 'link', href: new URL(written).href, text: written })
  return at + Math.max(end, 1)
}

function countOf(text: string, character: string): number {
  return text.split(character).length - 1
}

function readEmoji(frames: Frame[], at: number, text: string): number {
  top(frames).children.push({ kind: 'emoji', text })
  return at + text.length
}

function readName(frames: Frame[], text: string, at: number, name: string): number {
  // In an e-mail address it is none.
  if (/[a-z0-9_.@]/i.test(text[at - 1] ?? ' ')) say(frames, `@${name}`)
  else top(frames).children.push({ kind: 'mention', name })
  return at + name.length + 1
}

/** Gives an open mark back to the text. At most DEPTH_MAX of them are ever open, so this stays linear. */
function undo(frames: Frame[]): void {
  const frame = frames.pop()
  if (!frame) return
  say(frames, frame.mark)
  for (const child of frame.children) {
    if (child.kind === 'text') say(frames, child.text)
    else top(frames).children.push(child)
  }
}

/** Text joins the text before it. */
function say(frames: Frame[], text: string): void {
  if (text === '') return
  const { children } = top(frames)
  const last = children.at(-1)
  if (last?.kind === 'text') last.text += text
  else children.push({ kind: 'text', text })
}

function top(frames: Frame[]): Frame {
  return frames.at(-1) ?? { mark: '', children: [] }
}

function unparseBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return unparseInline(block.children)
    case 'quote':
      return unparseInline(block.children)
        .split('\n')
        .map((line, n) => `${block.marks[n] ?? ''}${line}`)
        .join('\n')
    case 'list':
      return block.items.map(({ mark, children }) => mark + unparseInline(children)).join('\n')
    case 'fence':
      return `\`\`\`${block.language}\n${block.text}${block.isClosed ? '\n```' : ''}`
  }
}

function unparseInline(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (node.kind === 'mention') return `@${node.name}`
      if (node.kind === 'text' || node.kind === 'link' || node.kind === 'emoji') return node.text
      if (node.kind === 'code') return node.mark + node.text + node.mark
      return node.mark + unparseInline(node.children) + node.mark
    })
    .join('')
}
