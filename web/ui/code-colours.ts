/** Finds what is what in a piece of code. Loaded with its languages when the first one is to be shown. */
import bash from 'highlight.js/lib/languages/bash'
import cssLanguage from 'highlight.js/lib/languages/css'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import python from 'highlight.js/lib/languages/python'
import sql from 'highlight.js/lib/languages/sql'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import { createLowlight } from 'lowlight'
import type { CodeLanguage } from './code-languages.ts'

export type CodeColour = 'keyword' | 'string' | 'number' | 'called' | 'attribute' | 'comment'
export type CodePiece = { text: string; colour: CodeColour | null }

const languages: Record<CodeLanguage, Parameters<typeof lowlight.register>[1]> = {
  bash,
  css: cssLanguage,
  javascript,
  json,
  python,
  sql,
  typescript,
  xml,
}

/** https://highlightjs.readthedocs.io/en/latest/css-classes-reference.html; a scope that is not here is text. */
const COLOURS: Record<string, CodeColour> = {
  keyword: 'keyword',
  literal: 'keyword',
  built_in: 'keyword',
  'selector-tag': 'keyword',
  name: 'keyword',
  meta: 'comment',
  comment: 'comment',
  quote: 'comment',
  string: 'string',
  regexp: 'string',
  char: 'string',
  addition: 'string',
  number: 'number',
  symbol: 'number',
  variable: 'number',
  title: 'called',
  section: 'called',
  type: 'called',
  'selector-class': 'called',
  'selector-id': 'called',
  attr: 'attribute',
  attribute: 'attribute',
  property: 'attribute',
  'selector-attr': 'attribute',
  'selector-pseudo': 'attribute',
}

const lowlight = createLowlight()
for (const [name, language] of Object.entries(languages)) lowlight.register(name, language)

type Tree = ReturnType<typeof lowlight.highlight>
type Node = Tree['children'][number]

/** The same text in pieces, each with its colour: together they are `text`, to the last character. */
export function colouredCode(language: CodeLanguage, text: string): CodePiece[] {
  const pieces: CodePiece[] = []
  const walk = (nodes: readonly Node[], colour: CodeColour | null) => {
    for (const node of nodes) {
      if (node.type === 'text') pieces.push({ text: node.value, colour })
      else if (node.type === 'element') walk(node.children as Node[], colourOf(node) ?? colour)
    }
  }
  walk(lowlight.highlight(language, text).children, null)
  return pieces
}

function colourOf(node: Extract<Node, { type: 'element' }>): CodeColour | undefined {
  const [scope] = Array.isArray(node.properties.className) ? node.properties.className : []
  return COLOURS[String(scope).replace('hljs-', '')]
}
